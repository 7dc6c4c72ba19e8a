import { exitCodes, worstExit, type Finding, type MaintainReport, type Point } from '@reprise/contracts';

import { debrisOf, statesToForget } from '../catalogue/debris.ts';
import { decideRetention, type RetentionDecision } from '../catalogue/retention.ts';
import { RepriseError } from '../lib/errors/index.ts';
import type { Snapshot } from '../repository/repository.ts';
import type { Deps } from './deps.ts';
import { perform, runReport } from './perform.ts';
import { counted, type OpenRepository } from './repositories.ts';
import { look, storeState } from './states.ts';
import type { Recipe, Step, StepContext } from './step.ts';

export interface MaintainArgs {
  readonly repositories: readonly string[];
  /** "n/t" of the packs read back this time. */
  readonly read: string;
  readonly prune: boolean;
}

/** What one repository is to lose, decided before anything is lost, and journaled. */
interface Decision {
  readonly repository: string;
  readonly kept: number;
  readonly forgotten: readonly {
    readonly point: string;
    readonly reason: string;
    readonly snapshots: readonly string[];
  }[];
  readonly debris: readonly string[];
  readonly states: readonly string[];
  readonly refused: string | null;
}

/**
 * For each repository, with the maintainer's identity:
 *
 *     look → decide → state → forget → prune → check → state-after
 *
 * The state that says what is forgotten is stored before restic forgets it: a crash in between is finished by the next
 * `maintain`, and a catalogue that is rebuilt meanwhile does not list what may be gone.
 */
export function maintain(deps: Deps, args: MaintainArgs, opened: OpenRepository): Recipe {
  const steps = args.repositories.flatMap((r): Step[] => {
    const step = (name: string, after: string | null, perform: Step['perform']): Step => ({
      name: `${name}:${r}`,
      after: after === null ? [] : [`${after}:${r}`],
      perform,
    });
    return [
      step('look', null, async (at) => {
        await opened(r, at).unlock(at.signal);
        return await look(deps, opened(r, at), at);
      }),
      step('decide', 'look', async (at) => await decide(deps, r, opened, at)),
      step('state', 'decide', async (at) => await storeState(deps, opened(r, at), at)),
      step('forget', 'state', async (at) => await forget(r, opened, at)),
      step('prune', 'forget', async (at) => {
        if (args.prune) await opened(r, at).prune(at.signal);
        return { pruned: args.prune };
      }),
      step('check', 'prune', async (at) => {
        const findings = await opened(r, at).check(at.signal, args.read);
        at.append('repository.maintained', {
          repository: r,
          read: args.read,
          pruned: args.prune,
          findings: [...findings],
        });
        return { findings };
      }),
      step('state-after', 'check', async (at) => await storeState(deps, opened(r, at), at)),
    ];
  });
  return { name: 'maintain', args: { ...args, repositories: [...args.repositories] }, steps };
}

/** Idempotent: what this run decided already (and may have begun to do) is not decided again. */
async function decide(deps: Deps, r: string, opened: OpenRepository, at: StepContext): Promise<Decision> {
  const snapshots = await opened(r, at).snapshots(at.signal);
  const points = deps
    .points()
    .filter((p) => p.copies.some((c) => c.repository === r && c.committed === true));
  const retention = decideRetention({
    points,
    repository: r,
    now: deps.clock.now(),
    retentionOf: (p) => deps.plan.retention(p.protection, r),
    shortestIntervalMs: shortestInterval(deps, r),
  });
  const forgotten = retention.forget.map(({ point, reason }) => ({
    point: point.id,
    reason,
    snapshots: partsIn(point, r).map((p) => p.snapshot),
  }));
  const decided = new Set(
    at
      .entries()
      .filter((e) => e.type === 'point.forgotten' && e.body['repository'] === r)
      .map((e) => e.body['point']),
  );
  for (const f of forgotten)
    if (!decided.has(f.point))
      at.append('point.forgotten', { ...f, snapshots: [...f.snapshots], repository: r });
  const sweep = sweepOf(deps, r, snapshots, retention);
  if (sweep.length > 0)
    at.append('snapshots.forgotten', { repository: r, snapshots: sweep, reason: 'debris' });
  return {
    repository: r,
    kept: retention.keep.length,
    forgotten,
    debris: sweep,
    states: retention.refused === null ? statesToForget(snapshots, deps.clock.now()) : [],
    refused: retention.refused,
  };
}

const partsIn = (point: Point, repository: string) =>
  point.copies.find((c) => c.repository === repository)?.parts ?? [];

const sweepOf = (
  deps: Deps,
  r: string,
  snapshots: readonly Snapshot[],
  { refused }: RetentionDecision,
): string[] =>
  refused === null
    ? [
        ...debrisOf({
          snapshots,
          points: deps.points({ pending: true }),
          repository: r,
          now: deps.clock.now(),
        }),
      ]
    : [];

async function forget(
  r: string,
  opened: OpenRepository,
  at: StepContext,
): Promise<{ forgotten: number; findings: Finding[] }> {
  const { forgotten, debris, states, refused } = at.output<Decision>(`decide:${r}`);
  const there = new Set((await opened(r, at).snapshots(at.signal)).map((s) => s.id));
  const ids = [...forgotten.flatMap((f) => f.snapshots), ...debris, ...states].filter((id) => there.has(id));
  if (ids.length > 0) await opened(r, at).forget(ids, at.signal);
  if (refused !== null) throw new RepriseError('retention.refused', { repository: r, why: refused });
  return { forgotten: ids.length, findings: [] };
}
