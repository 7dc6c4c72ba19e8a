import { exitCodes, type ExitCode, type Finding, type Point, type StatusReport } from '@reprise/contracts';

import { takenOverBy } from '../journal/verify.ts';
import { judge } from '../lib/findings/index.ts';
import type { ResolvedComponent } from '../plan/resolved.ts';
import { survivesMachine } from '../plan/survives.ts';
import { damageKnown } from './damage.ts';
import type { Deps } from './deps.ts';
import { isAlive, leftDown } from './left-down.ts';
import { withoutCopy } from './missing-copies.ts';
import { neverRecovered, recoveryTimes } from './recovery-times.ts';
import { waitingOf } from './waiting.ts';

type Colour = StatusReport['colour'];
type Component = StatusReport['components'][number];

/**
 * `reprise status`: if it burned down now, what would be lost, and how long would it take? The loss counts from the newest
 * point of which a copy outlives this machine. From local projections alone: no repository is asked, and the age of what
 * is known is part of the answer. Red: exit 1; unknown: exit 3.
 */
export function statusOf(deps: Deps): StatusReport {
  const now = deps.clock.now();
  const points = Map.groupBy(
    deps.points().filter((p) => !p.fork && !p.future && p.verdict === 'pass'),
    (p) => p.component,
  );
  const recovered = recoveryTimes(deps);
  const components = [...deps.plan.components.values()].map((c) =>
    componentStatus(deps, c, points.get(c.name) ?? [], (recovered.get(c.name) ?? neverRecovered).ms, now),
  );
  const repositories = repositoryStatus(deps);
  const findings = findingsOf(deps, components, points, repositories, recovered, now);
  const colour = worst([
    ...components.map((c) => c.colour),
    ...findings.map((f): Colour =>
      f.verdict === 'fail' ? 'red' : f.verdict === 'unable' ? 'unknown' : 'green',
    ),
  ]);
  const exit: ExitCode =
    colour === 'red' ? exitCodes.failed : colour === 'unknown' ? exitCodes.unable : exitCodes.done;
  return {
    v: 1,
    command: 'status',
    exit,
    system: deps.plan.plan.system,
    at: now.toISOString(),
    colour,
    components,
    repositories,
    open_runs: deps.journal.runs({ states: ['open', 'interrupted'], mine: true }).map((r) => ({
      run: r.run,
      recipe: r.recipe,
      started_at: r.startedAt,
      state: r.state,
    })),
    findings,
  };
}

const severity: readonly Colour[] = ['green', 'amber', 'unknown', 'red'];
export const worst = (colours: readonly Colour[]): Colour =>
  colours.reduce<Colour>((a, b) => (severity.indexOf(b) > severity.indexOf(a) ? b : a), 'green');

function componentStatus(
  deps: Deps,
  c: ResolvedComponent,
  points: readonly Point[],
  recovery: number | null,
  now: Date,
): Component {
  const newest = points[0];
  const left = points.find((p) => isAway(deps, p));
  const loss = left === undefined ? null : Math.max(0, now.getTime() - Date.parse(left.as_of.from));
  const { rpo = null, rto = null, tolerance = 0 } = c.objectives;
  const data = c.protections.length > 0 || c.common.rebuild === undefined;
  const drilled = points.flatMap((p) => p.drilled_at ?? []).toSorted();
  return {
    component: c.name,
    kind: c.kind,
    tier: c.common.tier ?? null,
    colour: data
      ? worst([lossColour(rpo, loss, tolerance), timeColour(rto, recovery, tolerance)])
      : timeColour(rto, recovery, tolerance),
    rpo: { objective_ms: rpo, actual_ms: loss },
    rto: { objective_ms: rto, actual_ms: recovery },
    newest: newest === undefined ? null : { point: newest.id, as_of: newest.as_of.from, level: newest.level },
    drilled_at: drilled.at(-1) ?? null,
    copies: copiesOf(deps, newest),
  };
}

/** Some good copy of it outlives this machine. */
const isAway = ({ plan }: Deps, point: Point): boolean =>
  point.copies.some((c) => {
    const repository = plan.plan.repositories[c.repository];
    return (
      c.committed === true && c.verdict === 'pass' && repository !== undefined && survivesMachine(repository)
    );
  });

/** Components with points of which the plan wants no copy that outlives this machine. */
function keptHereOnly({ plan }: Deps, components: readonly Component[]): Finding[] {
  const { protections, repositories } = plan.plan;
  const away = (component: string): boolean =>
    (plan.components.get(component)?.protections ?? [])
      .flatMap((p) => protections[p]?.repositories ?? [])
      .flatMap((r) => repositories[r] ?? [])
      .some(survivesMachine);
  const here = components.filter((c) => c.newest !== null && !away(c.component)).map((c) => c.component);
  return here.length === 0
    ? []
    : [judge('fail', 'status.nothing-away', plan.plan.system, { components: here.join(', ') })];
}

/** Newest good points that a repository of their protection does not have, when nobody is about to copy them. */
function uncopied(deps: Deps, points: ReadonlyMap<string, readonly Point[]>): Finding[] {
  const open = deps.journal.runs({ recipe: 'backup', states: ['open'], mine: true }).map((r) => r.run);
  const running = new Set(open.filter((run) => isAlive(run, deps.home)));
  return [...points.values()].flatMap(([newest, ...older]) => {
    if (newest === undefined || running.has(newest.run)) return [];
    return withoutCopy(deps.plan, newest).map((repository) => {
      const there = older.find((p) =>
        p.copies.some((c) => c.repository === repository && c.committed === true && c.verdict === 'pass'),
      );
      const { component, id } = newest;
      return judge('fail', 'status.not-copied', id, {
        component,
        repository,
        as_of: there?.as_of.from ?? null,
      });
    });
  });
}

/** Without a point everything would be lost, whatever was promised. */
export function lossColour(objective: number | null, actual: number | null, tolerance: number): Colour {
  if (actual === null) return 'red';
  if (objective === null || actual <= objective) return 'green';
  return actual <= objective + tolerance ? 'amber' : 'red';
}

/** A time that nobody has measured is not a time that is kept. */
export function timeColour(objective: number | null, actual: number | null, tolerance: number): Colour {
  if (objective === null) return 'green';
  if (actual === null) return 'unknown';
  if (actual <= objective) return 'green';
  return actual <= objective + tolerance ? 'amber' : 'red';
}

function copiesOf({ plan }: Deps, newest: Point | undefined): Component['copies'] {
  const copies = (newest?.copies ?? []).filter((c) => c.committed === true);
  const places = copies.flatMap((c) => plan.plan.repositories[c.repository] ?? []);
  return {
    total: 1 + copies.length,
    media: new Set(['disk', ...places.map((r) => r.media)]).size,
    off_site: places.filter((r) => r.off_site).length,
    verified: copies.filter((c) => c.verdict === 'pass' && c.level !== 'stored').length,
  };
}

function repositoryStatus(deps: Deps): StatusReport['repositories'] {
  const views = new Map(deps.journal.views().map((v) => [v.repository, v]));
  const checked = new Map<string, string>();
  for (const { body, at } of deps.journal.entries({ type: 'kit.checked' }))
    if (body['ok'] === true) checked.set(String(body['repository']), at);
  const states = new Map<string, number>();
  for (const { body } of deps.journal.entries({ type: 'state.stored' }))
    states.set(String(body['repository']), (states.get(String(body['repository'])) ?? 0) + 1);
  return Object.keys(deps.plan.plan.repositories).map((repository) => ({
    repository,
    seen_at: views.get(repository)?.at ?? null,
    kit_checked_at: checked.get(repository) ?? null,
    states: states.get(repository) ?? 0,
  }));
}

function findingsOf(
  deps: Deps,
  components: readonly Component[],
  points: ReadonlyMap<string, readonly Point[]>,
  repositories: StatusReport['repositories'],
  recovered: ReturnType<typeof recoveryTimes>,
  now: Date,
): Finding[] {
  const future = deps.points().filter((p) => p.future);
  return [
    ...components
      .filter(
        (c) => c.newest === null && (deps.plan.components.get(c.component)?.protections.length ?? 0) > 0,
      )
      .map((c) => judge('fail', 'status.no-point', c.component, {})),
    ...components
      .filter((c) => deps.plan.components.get(c.component)?.common.checks.length === 0)
      .map((c) => judge('unable', 'status.no-checks', c.component, {})),
    ...components
      .filter((c) => c.rto.objective_ms !== null && c.rto.actual_ms === null)
      .map((c) => {
        const place = recovered.get(c.component)?.dataOnly ?? null;
        return place === null
          ? judge('unable', 'status.never-recovered', c.component, {})
          : judge('unable', 'status.data-only', c.component, { place });
      }),
    ...repositories
      .filter((r) => r.kit_checked_at === null)
      .map((r) => judge('fail', 'status.kit-unchecked', r.repository, {})),
    ...repositories
      .filter((r) => r.states === 0)
      .map((r) => judge('fail', 'status.no-state', r.repository, {})),
    ...repositories
      .filter((r) => r.seen_at !== null && now.getTime() - Date.parse(r.seen_at) > oldView)
      .map((r) => judge('unable', 'status.old-view', r.repository, { seen_at: r.seen_at ?? '' })),
    ...deps
      .lost()
      .map(({ point, repository, parts }) =>
        judge('fail', 'catalogue.lost', point, { repository, part: parts.join(', ') }),
      ),
    ...keptHereOnly(deps, components),
    ...uncopied(deps, points),
    ...unreadable(deps),
    ...[...damageKnown(deps)]
      .filter(([repository]) => deps.plan.plan.repositories[repository] !== undefined)
      .map(([repository, { since, findings }]) =>
        judge('fail', 'status.damaged', repository, { since, errors: findings.length }),
      ),
    ...future.map((p) => judge('fail', 'status.future', p.id, { as_of: p.as_of.from })),
    ...superseded(deps),
    ...down(deps),
    ...unfinished(deps),
  ];
}

/** Interrupted runs, and those that wait for a person, whether anything has looked after them since or not. */
function unfinished({ journal, home }: Deps): Finding[] {
  return journal.runs({ states: ['open', 'interrupted'], mine: true }).flatMap((r) => {
    const waits = isAlive(r.run, home) ? undefined : waitingOf(journal, r);
    if (waits !== undefined) return [judge('fail', 'status.waits', r.run, waits)];
    return r.state === 'open' ? [] : [judge('fail', 'status.interrupted', r.run, { recipe: r.recipe })];
  });
}

/** The newest copy of each component in each repository, where it failed its newest check. */
function unreadable(deps: Deps): Finding[] {
  const copies = deps
    .points()
    .filter((p) => !p.fork && !p.future)
    .flatMap((p) => p.copies.filter((c) => c.committed === true).map((c) => ({ ...c, point: p })));
  const newest = Map.groupBy(copies, (c) => `${c.point.component} ${c.repository}`);
  return [...newest.values()]
    .flatMap(([c]) => (c?.verdict === 'fail' ? c : []))
    .map(({ point: { id, component }, repository }) =>
      judge('fail', 'status.unreadable', id, { repository, component }),
    );
}

/** A recovery that left something stopped or half restored, failed ones too. */
function down(deps: Deps): Finding[] {
  const left = leftDown(deps, isAlive);
  if (left === undefined) return [];
  const [components, services] = [left.components.join(', '), left.services.join(', ')];
  return [judge('fail', 'status.left-down', left.run, { components, services, command: left.command })];
}

function superseded({ journal }: Deps): Finding[] {
  const by = takenOverBy(journal);
  return by === undefined
    ? []
    : [judge('fail', 'status.superseded', by.installation, { epoch: by.epoch, after: by.after })];
}

/** A repository that nobody looked at for so long may have lost anything. */
const oldView = 7 * 86_400_000;
