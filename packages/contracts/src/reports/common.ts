import { z } from 'zod';

import { Finding } from '../finding.ts';

/** An error of the catalogue, in the reader’s language. */
export const SaidError = z.strictObject({ code: z.string(), message: z.string(), hint: z.string() });

/** What `--json` prints when a command could not do its work; one document, on stdout like every other. */
export const ErrorReport = z.strictObject({
  v: z.literal(1),
  command: z.string(),
  exit: z.int(),
  error: SaidError,
});
export type ErrorReport = z.output<typeof ErrorReport>;

/** What every report begins with. */
export const reportHead = (command: string) => ({
  v: z.literal(1),
  command: z.literal(command),
  exit: z.int(),
});

/** How a run went, step by step. */
export const RunReport = z.strictObject({
  run: z.string(),
  steps: z.array(
    z.strictObject({
      step: z.string(),
      state: z.enum(['finished', 'failed', 'skipped', 'interrupted']),
      error: SaidError.nullable(),
    }),
  ),
  findings: z.array(Finding),
  restic_calls: z.record(z.string(), z.int()).describe('By repository'),
});
export type RunReport = z.output<typeof RunReport>;

/** A run that goes on once a person has done something. */
export const Waiting = z.strictObject({
  run: z.string(),
  recipe: z.string(),
  step: z.string(),
  text: z.string().describe('What is to be done, in the plan’s words'),
  command: z.string().describe('What goes on with it once that is done, as typed'),
});
