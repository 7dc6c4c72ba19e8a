export const repositoryErrors = {} as const;
