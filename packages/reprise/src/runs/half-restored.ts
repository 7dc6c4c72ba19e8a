import type { Body, EntryV1 } from '@reprise/contracts';

import type { RunRecord } from '../journal/journal.ts';
import { recoveryCommand } from '../lib/command-line.ts';
import { RepriseError } from '../lib/errors/index.ts';
import type { Deps } from './deps.ts';
import { isOver } from './overtaken.ts';

/** A component that a recovery began to write in its own place and did not restore whole. */
export interface HalfRestored {
  readonly component: string;
  readonly run: string;
  /** What goes on with it, as typed. */
  readonly command: string;
}

/**
 * A capture takes what is there for good, and its check proves only that it was stored well: half a restore would become
 * the newest point. So it waits until the component is back, or a person has given the recovery up (`resume --abandon`).
 * Whoever captures holds the component's lock: no recovery of it is alive. Throws `capture.half-restored` (exit 4).
 */
export function refuseHalfRestored(deps: Known, components: readonly string[]): void {
  const half = halfRestored(deps, components);
  if (half !== undefined) throw new RepriseError('capture.half-restored', half);
}

type Known = Pick<Deps, 'journal' | 'plan'>;

/** The first of these components that is. */
export function halfRestored(deps: Known, components: Iterable<string>): HalfRestored | undefined {
  const begun = begunIn(deps.journal);
  if (begun.size === 0) return undefined;
  const runs = deps.journal.runs({ mine: true });
  for (const component of components) {
    const last = begun.get(component);
    const run = runs.find((r) => r.run === last?.run);
    if (last === undefined || run === undefined || isGivenUp(run)) continue;
    if (!wasCaptured(deps, component, last.seq))
      return { component, run: run.run, command: commandOf(deps, run, component) };
  }
  return undefined;
}

/** By component: the last entry that says that what is there is being replaced, where nothing has come back whole since. */
function begunIn(journal: Deps['journal']): ReadonlyMap<string, EntryV1> {
  const begun = new Map<string, EntryV1>();
  for (const entry of journal.entries({
    own: true,
    types: ['consent.given', 'place.claimed', 'place.restored'],
  })) {
    const { type, body } = entry;
    const component = String(body['component']);
    if (body['place'] !== 'in-situ' || String(body['identity']).startsWith('rebuild:')) continue;
    const whole =
      type === 'place.restored' &&
      (body as Body<'place.restored'>).findings.every((f) => f.verdict !== 'fail');
    if (whole) begun.delete(component);
    else begun.set(component, entry);
  }
  return begun;
}

const isGivenUp = ({ state, error }: RunRecord): boolean => state === 'finished' || error === 'run.abandoned';

/** By a version that did not refuse: life went on with what was there. */
const wasCaptured = ({ journal }: Known, component: string, after: number): boolean =>
  [...journal.records({ own: true, brief: true, type: 'point.captured', after })].some(
    ({ entry }) => entry.body['component'] === component,
  );

/** The same command goes on with the run, where it may; else it is a new one, which needs consent for what is there. */
const commandOf = ({ journal, plan }: Known, run: RunRecord, component: string): string =>
  recoveryCommand(run.recipe, run.args, run.plan === plan.hash && !isOver(journal, run) ? [] : [component]);
