export const catalogueErrors = {} as const;
