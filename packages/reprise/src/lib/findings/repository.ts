export const repositoryFindings = {} as const;
