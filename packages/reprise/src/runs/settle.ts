import type { Body } from '@reprise/contracts';

import { awaitGuardian } from '../hosts/guardian.ts';
import { endOrphans } from '../hosts/orphans.ts';
import { sweepWorkFolders } from '../hosts/work-folder.ts';
import { inSitu } from '../recovery/place.ts';
import type { Deps } from './deps.ts';
import { isFree } from './locks.ts';
import { waitingOf } from './waiting.ts';

export interface Settled {
  readonly run: string;
  readonly recipe: string;
  /** Processes that a dead run had left. */
  readonly orphans: number;
  readonly services: readonly { readonly service: string; readonly by: string; readonly ok: boolean }[];
}

/**
 * The first half of `resume`, before every command that changes something: of each run whose process died, what it left
 * running is ended, what it had stopped is started again, and it is marked interrupted. Runs that are alive are left
 * alone: their lock is held.
 */
export async function settle(deps: Deps, signal: AbortSignal): Promise<readonly Settled[]> {
  const settled: Settled[] = [];
  let alive = 0;
  for (const open of deps.journal.openRuns()) {
    const { run, recipe } = open;
    if (!(await isFree(deps.home, `run-${run}`))) {
      alive += 1;
      continue;
    }
    const services = await undo(deps, run, signal); // the guardian's work first: it ends what is still stopping
    const orphans = await endOrphans(run, signal);
    const asking = waitingOf(deps.journal, open) !== undefined;
    deps.journal.append('run.interrupted', { reason: asking ? 'waits' : 'died' }, { run, step: null });
    if (asking && services.length === 0 && orphans === 0) continue; // it ended in order, and nothing was left
    settled.push({ run, recipe, orphans, services });
  }
  sweepWorkFolders(deps.home, { all: settled.length > 0 && alive === 0 });
  return settled;
}

/** Holds that nobody has journaled the end of: the guardian did it, or it is done here. */
async function undo(deps: Deps, run: string, signal: AbortSignal): Promise<Settled['services']> {
  const entries = [...deps.journal.entries({ run, own: true })];
  const registered = entries.filter((e) => e.type === 'undo.registered');
  const performed = entries.filter((e) => e.type === 'undo.performed').length;
  const services: { service: string; by: string; ok: boolean }[] = [];
  for (const entry of registered.slice(performed)) {
    const hold = entry.body as Body<'undo.registered'>;
    const result = await awaitGuardian(hold.result, deps.clock, signal);
    const by = result?.ok === true ? 'guardian' : 'resume';
    if (by === 'resume') await bringBack(deps, run, hold, signal);
    const names = hold.services.map((s) => s.service);
    deps.journal.append(
      'undo.performed',
      { services: names, by, ok: true, held_ms: null },
      { run, step: entry.step },
    );
    services.push(...names.map((service) => ({ service, by, ok: true })));
  }
  return services;
}

/** What was stopped stays stopped: only services that were running when the hold began are started. */
async function bringBack(
  deps: Deps,
  run: string,
  hold: Body<'undo.registered'>,
  signal: AbortSignal,
): Promise<void> {
  for (const { service: name, before, how } of hold.services.toReversed()) {
    if (before !== 'running') continue;
    const service = deps.service(name, inSitu, run);
    await (how === 'pause' ? service.resume(signal) : service.start(signal));
  }
}
