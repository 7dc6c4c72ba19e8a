export const planErrors = {} as const;
