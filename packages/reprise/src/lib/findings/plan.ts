export const planFindings = {} as const;
