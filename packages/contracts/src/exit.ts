import type { Finding } from './finding.ts';

/** Exit codes of the command line; part of the contract. */
export const exitCodes = { done: 0, failed: 1, wrong: 2, unable: 3, refused: 4, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const precedence: readonly ExitCode[] = [130, 2, 4, 1, 3, 0];

/** When several apply: 130, 2, 4, 1, 3, 0. */
export const worstExit = (codes: Iterable<ExitCode>): ExitCode => {
  const all = new Set(codes);
  return precedence.find((code) => all.has(code)) ?? 0;
};

/** 0 when every finding passes; 1 when one fails; 3 when one is `unable` and none fails. */
export const exitOf = (findings: Iterable<Pick<Finding, 'verdict'>>): ExitCode =>
  worstExit([...findings].map((f) => (f.verdict === 'pass' ? 0 : f.verdict === 'fail' ? 1 : 3)));
