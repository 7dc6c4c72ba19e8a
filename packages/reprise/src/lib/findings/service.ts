export const serviceFindings = {} as const;
