export const serviceErrors = {} as const;
