export const kindErrors = {} as const;
