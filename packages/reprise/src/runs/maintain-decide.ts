import type { PartRecord, Point } from '@reprise/contracts';

import { inDoubt } from '../catalogue/damage.ts';
import { statesToForget, sweep, type FoundSnapshot } from '../catalogue/debris.ts';
import { catalogueOf, statesToRead } from '../catalogue/merge.ts';
import { select, type Doubt, type Selection } from '../catalogue/retention.ts';
import { rhythm, shortestGap } from '../lib/cron.ts';
import type { Repository, Snapshot } from '../repository/repository.ts';
import { damageKnown } from './damage.ts';
import type { Deps } from './deps.ts';
import type { StepContext } from './step.ts';

/** What one repository is to lose; decided and journaled before anything is lost. */
export interface Decision {
  readonly repository: string;
  readonly kept: number;
  readonly forgotten: readonly {
    readonly point: string;
    readonly snapshots: readonly string[];
    /** To take it back where nothing may be deleted. */
    readonly parts: readonly PartRecord[];
  }[];
  /** Parts that no point names, and what a crash kept from being forgotten. */
  readonly debris: readonly string[];
  readonly states: readonly string[];
  /** Nothing is forgotten while it is in doubt what time it is. */
  readonly doubt: Doubt | null;
}

/** Idempotent: what this run journaled already is not journaled twice. */
export async function decide(
  deps: Deps,
  r: string,
  repository: Repository,
  at: StepContext,
): Promise<Decision> {
  const { selected: _, ...decision } = await consider(deps, r, repository, at.signal);
  record(r, decision, at);
  return decision;
}

/** What would be lost, by which rule; nothing is written. */
export async function consider(
  deps: Deps,
  r: string,
  repository: Pick<Repository, 'snapshots'>,
  signal: AbortSignal,
): Promise<Decision & { readonly selected: Selection['decisions'] }> {
  const { journal, clock } = deps;
  const now = clock.now();
  const catalogue = catalogueOf(journal, clock);
  const { doubt, decisions } = select({
    repository: r,
    points: inDoubt(catalogue.points, r, damageKnown(deps).get(r)),
    retention: (p) => deps.plan.retention(p.protection, r),
    now,
    shortestInterval: shortestInterval(deps, r, now),
  });
  const forgotten = decisions
    .filter((d) => !d.keep)
    .map(({ point }) => {
      const parts = partsIn(point, r);
      return { point: point.id, snapshots: parts.map((p) => p.snapshot), parts };
    });
  const snapshots = found(deps, r, await repository.snapshots(signal));
  const clockInDoubt = doubt !== null;
  const swept = sweep({
    repository: r,
    snapshots,
    points: [...catalogue.points, ...catalogue.pending],
    lost: catalogue.lost,
    known: knownHere(deps, r, snapshots),
    openRuns: new Set(journal.openRuns().map((run) => run.run)),
    forgotten: new Set(catalogue.forgotten.filter((f) => f.repository === r).flatMap((f) => f.snapshots)),
    now,
    clockInDoubt,
  });
  const debris = [...swept.debris, ...swept.unfinished];
  const states = statesToForget(snapshots, {
    installations: certified(deps),
    proven: provenStates(deps, r),
    now,
    clockInDoubt,
  });
  const kept = decisions.length - forgotten.length;
  return { repository: r, kept, forgotten, debris, states, doubt, selected: decisions };
}

const partsIn = (point: Point, repository: string): readonly PartRecord[] =>
  point.copies.filter((c) => c.repository === repository).flatMap((c) => c.parts);

function record(r: string, lost: Pick<Decision, 'forgotten' | 'debris' | 'states'>, at: StepContext): void {
  const written = at.entries().filter((e) => e.body['repository'] === r);
  // A point whose entry was written before a crash is no longer in the catalogue: its parts are unfinished debris now.
  for (const { point, snapshots } of lost.forgotten)
    at.append('point.forgotten', { point, repository: r, snapshots: [...snapshots], reason: 'retention' });
  for (const [reason, snapshots] of [
    ['debris', lost.debris],
    ['old state', lost.states],
  ] as const) {
    const known = written.some((e) => e.type === 'snapshots.forgotten' && e.body['reason'] === reason);
    if (snapshots.length > 0 && !known)
      at.append('snapshots.forgotten', { repository: r, snapshots: [...snapshots], reason });
  }
}

/** With when this machine first saw each: a snapshot's own time is what another machine's clock said. */
function found(deps: Deps, r: string, snapshots: readonly Snapshot[]): FoundSnapshot[] {
  const view = deps.journal.views().find((v) => v.repository === r);
  return snapshots.map(({ id, time, tags }) => {
    const seen = view?.snapshots?.get(id)?.firstSeen;
    return {
      id,
      time,
      form: tags.form,
      run: tags.run,
      installation: tags.installation,
      firstSeen: seen === undefined ? undefined : new Date(seen),
    };
  });
}

/** Installations whose journals are in the union: states of others are never touched. */
const certified = (deps: Deps): ReadonlySet<string> =>
  new Set([...deps.journal.entries({ type: 'installation.certified' })].map((e) => e.installation));

/** Those of them whose newest state in this repository is ours, or was read and accepted. */
function knownHere(deps: Deps, r: string, snapshots: readonly FoundSnapshot[]): ReadonlySet<string> {
  const states = snapshots.filter((s) => s.form === 'state');
  const listed = states.map(({ id, time, installation }) => ({ snapshot: id, time, installation }));
  const unread = new Set(
    statesToRead(deps.journal, r, listed).flatMap((s) => s.map((state) => state.installation)),
  );
  return new Set([...certified(deps)].filter((installation) => !unread.has(installation)));
}

/** States in a repository that a proven journal says were stored, and those that were read and accepted. */
const provenStates = ({ journal }: Deps, r: string): ReadonlySet<string> =>
  new Set([
    ...[...journal.entries({ type: 'state.stored' })]
      .filter((e) => e.body['repository'] === r)
      .map((e) => e.body['snapshot'] as string),
    ...journal
      .views()
      .filter((v) => v.repository === r)
      .flatMap((v) => v.heads.map((h) => h.snapshot)),
  ]);

/** Between two captures into this repository, over the next month; milliseconds. Null: nothing is planned. */
const shortestInterval = ({ plan }: Deps, repository: string, now: Date): number | null =>
  shortestGap(
    Object.values(plan.plan.protections)
      .filter((p) => p.repositories.includes(repository))
      .map((p) => rhythm(p.schedule, p.timezone)),
    now,
  );
