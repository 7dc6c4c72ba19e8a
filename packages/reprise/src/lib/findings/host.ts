export const hostFindings = {} as const;
