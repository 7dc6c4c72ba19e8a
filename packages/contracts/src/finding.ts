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
