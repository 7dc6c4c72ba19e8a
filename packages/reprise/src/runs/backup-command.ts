import { exitCodes, worstExit, type BackupReport } from '@reprise/contracts';

import { takenOverBy } from '../journal/verify.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { backup, type BackupArgs } from './backup.ts';
import { wholePoints } from './catalogue.ts';
import type { Deps } from './deps.ts';
import { perform, runReport } from './perform.ts';
import { counted } from './repositories.ts';
import { unitsOf } from './units.ts';

/**
 * `reprise backup`: an interrupted backup of the same units is finished first. One that began more than an hour ago is
 * finished, and then another is made: its data would be old. Throws `plan.unknown-component`, `run.locked`.
 */
export async function runBackup(deps: Deps, args: BackupArgs, signal: AbortSignal): Promise<BackupReport> {
  refuseUnknown(deps, args);
  const first = await once(deps, args, signal);
  if (!first.resumed || first.exit !== 0 || !isOld(deps, first.run.run)) return first;
  return await once(deps, args, signal);
}

const hour = 3_600_000;
const isOld = (deps: Deps, run: string): boolean => {
  const record = deps.journal.runs({ recipe: 'backup', mine: true }).find((r) => r.run === run);
  return record !== undefined && deps.clock.now().getTime() - Date.parse(record.startedAt) > hour;
};

async function once(deps: Deps, args: BackupArgs, signal: AbortSignal): Promise<BackupReport> {
  const repositories = counted(deps);
  const units = unitsOf(deps.plan, args.names, args.protection);
  const locks = units.flatMap((u) => u.components.map((c) => `component-${c}`));
  const { outcome, resumed } = await perform(
    deps,
    {
      name: 'backup',
      args: { names: [...args.names].toSorted(), protection: args.protection },
      make: (same) => backup(deps, same, repositories.open),
    },
    { signal, locks },
  );
  const made = deps.points({ pending: true }).filter((p) => p.run === outcome.run);
  const committed = made.filter((p) => p.copies.some((c) => c.committed === true));
  const uncommitted = made.filter((p) => !committed.includes(p)).map((p) => p.id);
  return {
    v: 1,
    command: 'backup',
    exit: worstExit([outcome.exit, uncommitted.length > 0 ? exitCodes.failed : exitCodes.done]),
    run: runReport(deps, outcome, repositories.all()),
    resumed,
    points: wholePoints(committed),
    uncommitted,
  };
}

/** Names that are neither component nor group, and components that nothing protects. */
export function refuseUnknown(deps: Deps, { names, protection }: BackupArgs): void {
  const { protections } = deps.plan.plan;
  if (protection !== null && !Object.hasOwn(protections, protection))
    throw new RepriseError('run.unknown-protection', {
      name: protection,
      known: Object.keys(protections).join(', ') || '–',
    });
  for (const name of names) {
    if (!deps.plan.components.has(name) && !deps.plan.groups.has(name))
      throw new RepriseError('run.unknown-name', {
        name,
        known: [...deps.plan.components.keys(), ...deps.plan.groups.keys()].join(', '),
      });
  }
  const without = unitsOf(deps.plan, names, protection).find((u) => u.repositories.length === 0);
  if (without !== undefined) throw new RepriseError('run.unprotected', { name: without.name });
}

/** `backup --fork`: whoever types it knows that another installation took over; what is captured here stays a fork. */
export function acceptFork(deps: Deps): void {
  const taken = takenOverBy(deps.journal);
  if (taken === undefined) return;
  const { installation, epoch, after } = taken;
  deps.journal.append('fork.accepted', { installation, epoch, seq: after }, { run: null, step: null });
}
