export const keysErrors = {} as const;
