export const journalFindings = {} as const;
