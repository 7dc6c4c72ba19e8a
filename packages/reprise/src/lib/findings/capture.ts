export const captureFindings = {} as const;
