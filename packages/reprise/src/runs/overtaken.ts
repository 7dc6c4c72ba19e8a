import type { EntryV1 } from '@reprise/contracts';

import type { Journal, RunRecord } from '../journal/journal.ts';

type Past = Pick<Journal, 'runs' | 'entries' | 'records'>;

/**
 * Is this recovery over, though it did not end? What it restored may be gone, and what lies in its places is another's:
 * to go on would wipe that as its own. So after another run claimed or restored what it had claimed, after the whole came
 * back by another command, and after one of its components was captured: life went on. A backup that captured nothing of
 * it, or nothing at all, ends no recovery.
 */
export function isOver(journal: Past, run: RunRecord): boolean {
  if (run.recipe !== 'recover' && run.recipe !== 'restore') return false;
  const runs = journal.runs({ mine: true });
  const later = runs.slice(runs.findIndex((r) => r.run === run.run) + 1);
  return (
    later.some((r) => wentWell(r, run.args['place'])) || isTakenOver(journal, run) || wentOn(journal, run)
  );
}

function wentOn(journal: Past, { run }: RunRecord): boolean {
  const captured = capturedSince(journal, run);
  const of = componentsOf(journal, run);
  // It had not yet chosen what to bring back: it may have been anything.
  return of === undefined ? captured.size > 0 : of.some((c) => captured.has(c));
}

/** What a recovery was to bring back, as its step `choose` says; undefined: it did not come so far. */
export function componentsOf(journal: Pick<Journal, 'entries'>, run: string): readonly string[] | undefined {
  const chosen = [...journal.entries({ run, own: true, type: 'step.finished' })].find(
    (e) => e.step === 'choose',
  );
  const output = chosen?.body['output'] as { readonly components?: object } | undefined;
  return output?.components === undefined ? undefined : Object.keys(output.components);
}

/** Components of which a point was captured here since this run began. */
export function capturedSince(
  journal: Pick<Journal, 'entries' | 'records'>,
  run: string,
): ReadonlySet<string> {
  const [begun] = journal.entries({ run, own: true, type: 'run.started' });
  if (begun === undefined) return new Set();
  const later = journal.records({ own: true, brief: true, type: 'point.captured', after: begun.seq });
  return new Set([...later].map(({ entry }) => String(entry.body['component'])));
}

const wentWell = ({ recipe, state, args }: RunRecord, place: unknown): boolean =>
  recipe === 'recover' && state === 'finished' && args['place'] === place;

/** Did another run claim, or restore into, a place after this one had claimed it? */
function isTakenOver(journal: Pick<Journal, 'entries'>, { run }: RunRecord): boolean {
  const claimed = new Map<string, number>();
  for (const { seq, body } of journal.entries({ run, own: true, type: 'place.claimed' }))
    claimed.set(placeIn(body), seq);
  if (claimed.size === 0) return false;
  return intoPlaces(journal, run).some((e) => (claimed.get(placeIn(e.body)) ?? Infinity) < e.seq);
}

/** Where other runs of this installation claimed a place or restored into it since this one began. */
export function intoPlaces(journal: Pick<Journal, 'entries'>, run: string): readonly EntryV1[] {
  const [begun] = journal.entries({ run, own: true, type: 'run.started' });
  if (begun === undefined) return [];
  const all = journal.entries({ own: true, types: ['place.claimed', 'place.restored'], after: begun.seq });
  return [...all].filter((e) => e.run !== run);
}

const placeIn = (body: Readonly<Record<string, unknown>>): string =>
  JSON.stringify([body['component'], body['place']]);
