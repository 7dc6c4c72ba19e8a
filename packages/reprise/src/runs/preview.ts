import {
  exitCodes,
  exitOf,
  worstExit,
  type BackupPreviewReport,
  type ExitCode,
  type Finding,
  type Forecast,
  type MaintainPreviewReport,
} from '@reprise/contracts';

import { RepriseError } from '../lib/errors/index.ts';
import { inSitu } from '../recovery/place.ts';
import { median } from '../recovery/runbook.ts';
import { refuseUnknown } from './backup-command.ts';
import type { BackupArgs } from './backup.ts';
import { resolved, subjectOf } from './capture-unit.ts';
import { contextOf } from './context.ts';
import type { Deps } from './deps.ts';
import { namesOf, sliceOf, type MaintainOptions } from './maintain-command.ts';
import { consider } from './maintain-decide.ts';
import { recoveryKeysOf, stillOpen } from './recovery-keys.ts';
import { unitsOf, type Unit } from './units.ts';

/**
 * `reprise backup --dry-run`: what would be captured, into which repositories, how large it was and how long it took so
 * far; the kinds look at what they would capture. Nothing is captured, stopped or written.
 */
export async function previewBackup(
  deps: Deps,
  args: BackupArgs,
  signal: AbortSignal,
): Promise<BackupPreviewReport> {
  refuseUnknown(deps, args);
  const units: BackupPreviewReport['units'] = [];
  for (const unit of unitsOf(deps.plan, args.names, args.protection))
    units.push(await previewUnit(deps, unit, signal));
  const exit = worstExit([
    exitOf(units.flatMap((u) => u.findings)),
    ...units.map((u): ExitCode => (u.error === null ? exitCodes.done : exitCodes.failed)),
  ]);
  return { v: 1, command: 'backup', exit, units };
}

async function previewUnit(
  deps: Deps,
  unit: Unit,
  signal: AbortSignal,
): Promise<BackupPreviewReport['units'][number]> {
  const hold = unit.group === null ? undefined : deps.plan.groups.get(unit.group)?.hold;
  const findings: Finding[] = [];
  let error: RepriseError | null = null;
  for (const name of unit.components)
    try {
      const component = resolved(deps, name);
      const { method, spec } = subjectOf(deps, component);
      findings.push(
        ...(await method.preflight(spec, await contextOf(deps, component, inSitu, null, signal))),
      );
    } catch (e) {
      signal.throwIfAborted();
      if (!(e instanceof RepriseError)) throw e;
      error ??= e;
    }
  return {
    unit: unit.name,
    components: [...unit.components],
    protection: unit.protection,
    repositories: [...unit.repositories],
    hold: hold === undefined || hold.how === 'none' ? null : { how: hold.how, services: [...hold.services] },
    bytes: sumOf(unit.components.map((c) => deps.points({ component: c })[0]?.bytes ?? null)),
    predicted: predictCapture(deps, unit.components),
    findings,
    error: error === null ? null : { code: error.code, ...error.text(deps.language) },
  };
}

/** Members of a group are captured one after the other: what each took, median of its points, together. */
function predictCapture(deps: Pick<Deps, 'points'>, components: readonly string[]): Forecast | null {
  const each = components.map((component) =>
    median(
      deps
        .points({ component })
        .filter((p) => p.capture_ms > 0)
        .slice(0, 10)
        .map((p) => p.capture_ms),
    ),
  );
  const ms = sumOf(each);
  return ms === null ? null : { ms, basis: 'measured' };
}

/** Null as soon as one of them is not known. */
const sumOf = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>((sum, v) => (sum === null || v === null ? null : sum + v), 0);

/**
 * `reprise maintain --dry-run`: what would be forgotten in each repository and by which rule, what is kept and why, and
 * which packs would be read back; by what the repository lists now and what this machine knows of it.
 */
export async function previewMaintain(
  deps: Deps,
  options: MaintainOptions,
  signal: AbortSignal,
): Promise<MaintainPreviewReport> {
  const repositories: MaintainPreviewReport['repositories'] = [];
  for (const name of namesOf(deps, options)) {
    const repository = deps.repository(name, 'maintainer', null);
    const decision = await consider(deps, name, repository, signal);
    const points = new Map(deps.points().map((p) => [p.id, p]));
    repositories.push({
      repository: name,
      kept: decision.selected
        .filter((d) => d.keep)
        .map((d) => ({ point: d.point.id, reasons: [...d.reasons] })),
      forgotten: decision.forgotten.map(({ point }) => ({
        point,
        rule: deps.plan.retention(points.get(point)?.protection ?? null, name) ?? null,
      })),
      debris: [...decision.debris],
      states: decision.states.length,
      revoked: [...(await stillOpen(recoveryKeysOf(deps.journal, name), repository, signal))],
      pruned: options.prune,
      read: options.read ?? sliceOf(deps.clock.now()),
      refused: decision.doubt?.why ?? null,
    });
  }
  const refused = repositories.some((r) => r.refused !== null);
  return { v: 1, command: 'maintain', exit: refused ? exitCodes.refused : exitCodes.done, repositories };
}
