export * from './finding.ts';
export * from './journal.ts';
export * from './plan.ts';
export * from './point.ts';
export * from './units.ts';
export * from './reports/common.ts';
export * from './reports/runs.ts';
export * from './reports/state.ts';
