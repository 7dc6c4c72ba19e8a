/** Plan v1. One source: types, JSON Schema (`plan schema`), the reference page. Only additions from here on. */

export * from './checks.ts';
export * from './command.ts';
export * from './components.ts';
export * from './objectives.ts';
export * from './people.ts';
export * from './plan.ts';
export * from './rebuild.ts';
export * from './repositories.ts';
export * from './scenarios.ts';
export * from './services.ts';
