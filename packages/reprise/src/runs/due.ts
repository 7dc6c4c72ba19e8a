import { exitCodes, worstExit, type BackupReport, type DueReport } from '@reprise/contracts';

import { due, type CaptureHistory } from '../schedule/due.ts';
import { runBackup } from './backup-command.ts';
import type { Deps } from './deps.ts';

/**
 * `reprise due`: what the schedule says is due or was missed. With `run` it is captured, one after the other; without,
 * exit 1 if something is overdue. A unit that another run works on already is left to that run.
 */
export async function runDue(
  deps: Deps,
  { run }: { readonly run: boolean },
  signal: AbortSignal,
): Promise<DueReport> {
  const listed = (): ReturnType<typeof due> => due(deps.plan, historyOf(deps), deps.clock.now());
  const before = listed();
  const runs: BackupReport[] = [];
  if (run)
    for (const { unit, protection } of before.filter((u) => u.since !== null)) {
      signal.throwIfAborted();
      runs.push(await runBackup(deps, { names: [unit], protection }, signal));
    }
  const now = run ? listed() : before;
  const overdue = now.some((u) => u.overdue) ? [exitCodes.failed] : [];
  return {
    v: 1,
    command: 'due',
    exit: worstExit(run ? runs.map((r) => r.exit as 0) : overdue),
    due: now.map((u) => ({
      unit: u.unit,
      protection: u.protection,
      last: u.last?.toISOString() ?? null,
      since: u.since?.toISOString() ?? null,
      next: u.next?.toISOString() ?? null,
      missed: u.missed,
      overdue: u.overdue,
    })),
    runs,
  };
}

/** When a capture began by this machine's clock: its entry's time less what it took. */
const historyOf = (deps: Deps): CaptureHistory => ({
  last: (component, protection) => {
    const point = deps.points({ component }).find((p) => p.protection === protection && !p.fork);
    if (point === undefined) return null;
    return { asOf: new Date(point.as_of.from), began: new Date(Date.parse(point.at) - point.capture_ms) };
  },
});
