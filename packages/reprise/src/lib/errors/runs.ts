export const runsErrors = {} as const;
