import { z } from 'zod';

/** What was judged: "could not judge" is not "pass". */
export const Verdict = z.enum(['pass', 'fail', 'unable']);
export type Verdict = z.output<typeof Verdict>;

/** Values of a message: integers and text only, so that a finding can stand in the journal. */
export const Params = z.record(z.string(), z.union([z.string(), z.int(), z.boolean(), z.null()]));
export type Params = z.output<typeof Params>;

/**
 * A judgement. Carries a code and values, no prose: the reader's language decides the words
 * (`lib/findings`), which also say what the finding does not prove.
 */
export const Finding = z.strictObject({
  verdict: Verdict,
  code: z.string(),
  subject: z.string().describe('What was judged: a component, repository, plan path…'),
  params: Params.default({}),
  at: z.strictObject({ file: z.string(), line: z.int(), column: z.int() }).optional(),
});
export type Finding = z.output<typeof Finding>;

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
