export const cliFindings = {} as const;
