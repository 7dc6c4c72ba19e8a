export * from './finding.ts';
export * from './journal.ts';
export * from './plan.ts';
export * from './point.ts';
export * from './units.ts';
