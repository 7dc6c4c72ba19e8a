import type { EntryV1 } from '@reprise/contracts';

import type { Journal, RunRecord } from '../journal/journal.ts';
import { recoveryCommand } from '../lib/command-line.ts';

/** A run that ended in order, but not to its end: a person has to do something first. */
export interface Waiting {
  readonly run: string;
  readonly recipe: string;
  readonly step: string;
  /** What is to be done, in the plan's words. */
  readonly text: string;
  /** What goes on with it once that is done, as typed. */
  readonly command: string;
}

/** Undefined where it waits for nobody, or was killed in the middle of a step: then that goes on first. */
export function waitingOf(
  journal: Pick<Journal, 'entries'>,
  { run, recipe, state, args }: RunRecord,
): Waiting | undefined {
  if (state !== 'open' && state !== 'interrupted') return undefined;
  const last = new Map<string | null, EntryV1>();
  const types = ['step.started', 'step.finished', 'step.failed'] as const;
  for (const entry of journal.entries({ run, types })) last.set(entry.step, entry);
  const ends = [...last.values()];
  if (ends.some((e) => e.type === 'step.started')) return undefined;
  const asked = ends.find((e) => e.body['code'] === 'run.approval-missing');
  if (asked?.step == null) return undefined;
  const { text } = (asked.body['params'] ?? {}) as { readonly text?: string };
  const command = `${recoveryCommand(recipe, args)} --done ${asked.step}`;
  return { run, recipe, step: asked.step, text: text ?? '', command };
}
