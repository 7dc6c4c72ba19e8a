export const captureErrors = {} as const;
