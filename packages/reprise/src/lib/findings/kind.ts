export const kindFindings = {} as const;
