import {
  exitCodes,
  worstExit,
  type BackupReport,
  type DueReport,
  type ExitCode,
  type Point,
} from '@reprise/contracts';

import type { RunRecord } from '../journal/journal.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { inBoth } from '../lib/i18n/index.ts';
import { due, type CaptureHistory, type DueUnit } from '../schedule/due.ts';
import { runBackup } from './backup-command.ts';
import type { BackupArgs } from './backup.ts';
import type { Deps } from './deps.ts';
import { isFree } from './locks.ts';
import { withoutCopy } from './missing-copies.ts';
import { settle } from './settle.ts';
import { unitsOf } from './units.ts';

/**
 * `reprise due`: what the schedule says is due or was missed. With `run` it is captured, all units of a protection in one
 * backup; without, exit 1 if something is overdue. A unit that another run works on already is left to that run; a backup
 * of due units that was interrupted is finished first. A lock that one of them meets keeps the others from nothing.
 */
export async function runDue(
  deps: Deps,
  { run }: { readonly run: boolean },
  signal: AbortSignal,
): Promise<DueReport> {
  const listed = (): ReturnType<typeof due> => due(deps.plan, historyOf(deps), deps.clock.now());
  const before = listed();
  const runs: BackupReport[] = [];
  const refused: ExitCode[] = [];
  const capture = async (args: BackupArgs): Promise<void> => {
    signal.throwIfAborted();
    try {
      runs.push(await runBackup(deps, args, signal));
    } catch (e) {
      if (!(e instanceof RepriseError) || e.code !== 'run.locked') throw e;
      refused.push(e.exit);
      deps.log(inBoth((t, language) => t['said.of']({ what: args.names.join(', '), ...e.text(language) })));
    }
  };
  if (run) {
    await settle(deps, signal); // what was killed is interrupted from here on
    for (const args of interrupted(deps, before)) await capture(args);
    for (const args of await workOf(deps, runs.length === 0 ? before : listed())) await capture(args);
  }
  const now = run ? listed() : before;
  const overdue = now.some((u) => u.overdue) ? [exitCodes.failed] : [];
  return {
    v: 1,
    command: 'due',
    exit: worstExit(run ? [...runs.map((r) => r.exit as ExitCode), ...refused] : overdue),
    due: now.map((u) => ({
      unit: u.unit,
      protection: u.protection,
      last: u.last?.toISOString() ?? null,
      since: u.since?.toISOString() ?? null,
      next: u.next?.toISOString() ?? null,
      missed: u.missed,
      overdue: u.overdue,
      lacking: [...u.lacking],
    })),
    runs,
  };
}

const isDue = ({ since }: DueUnit): boolean => since !== null;

/** Arguments of interrupted backups, all of whose units are due: the same command goes on with each. */
function interrupted(deps: Deps, units: readonly DueUnit[]): readonly BackupArgs[] {
  const wanted = new Set(units.filter(isDue).map((u) => `${u.protection}/${u.unit}`));
  const found = deps.journal
    .runs({ recipe: 'backup', states: ['interrupted'], mine: true })
    .filter((r) => r.plan === deps.plan.hash)
    .map((r) => r.args as unknown as BackupArgs)
    .filter(
      ({ names, protection }) => names.length > 0 && names.every((n) => wanted.has(`${protection}/${n}`)),
    );
  return [...new Map(found.map((args) => [JSON.stringify(args), args])).values()];
}

/** What is due and nobody works on: one backup for each protection. */
export async function workOf(
  { home }: Pick<Deps, 'home'>,
  units: readonly DueUnit[],
): Promise<readonly BackupArgs[]> {
  const free: DueUnit[] = [];
  for (const unit of units.filter(isDue)) {
    const taken = await Promise.all(
      unit.components.map(async (c) => !(await isFree(home, `component-${c}`))),
    );
    if (!taken.includes(true)) free.push(unit);
  }
  return [...Map.groupBy(free, (u) => u.protection)].map(([protection, of]) => ({
    names: of.map((u) => u.unit),
    protection,
  }));
}

/**
 * When a capture began by this machine's clock: its entry's time less what it took. A point that was found unreadable, or
 * whose clock was ahead, protects nothing: it is captured as if that had not been.
 */
export function historyOf(deps: Pick<Deps, 'points' | 'plan' | 'journal'>): CaptureHistory {
  const newest = (component: string, protection: string): Point | undefined =>
    deps
      .points({ component })
      .find((p) => p.protection === protection && !p.fork && !p.future && p.verdict !== 'fail');
  const tries = deps.journal.runs({ recipe: 'backup', mine: true }).toReversed();
  return {
    last: (component, protection) => {
      const point = newest(component, protection);
      if (point === undefined) return null;
      return { asOf: new Date(point.as_of.from), began: new Date(Date.parse(point.at) - point.capture_ms) };
    },
    lacks: (component, protection) => {
      const point = newest(component, protection);
      const repositories = point === undefined ? [] : withoutCopy(deps.plan, point);
      if (point === undefined || repositories.length === 0) return null;
      const { endedAt, startedAt } = tries.find((r) => worksOn(deps, r, component, protection)) ?? {};
      const tried = [point.at, endedAt ?? startedAt ?? point.at].toSorted().at(-1);
      return { repositories, tried: new Date(tried ?? point.at) };
    },
  };
}

function worksOn(deps: Pick<Deps, 'plan'>, run: RunRecord, component: string, protection: string): boolean {
  const args = run.args as unknown as BackupArgs;
  return unitsOf(deps.plan, args.names, args.protection).some(
    (u) => u.protection === protection && u.components.includes(component),
  );
}
