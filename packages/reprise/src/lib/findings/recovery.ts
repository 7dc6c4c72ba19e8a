export const recoveryFindings = {} as const;
