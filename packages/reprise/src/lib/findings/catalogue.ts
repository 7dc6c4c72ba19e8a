export const catalogueFindings = {} as const;
