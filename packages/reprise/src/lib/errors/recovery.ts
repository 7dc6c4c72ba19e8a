export const recoveryErrors = {} as const;
