import type { Finding, PlanRepository } from '@reprise/contracts';

import type { ResolvedComponent } from '../resolved.ts';
import { survivesMachine } from '../survives.ts';
import { reach } from './reach.ts';
import { at, protectionOf, protectionsOf, repositoriesOf, rhythmOf, type View, withData } from './view.ts';

/** Where the copies are, and how long they last. */
export const copies = (view: View): readonly Finding[] => [...unused(view), ...ofComponents(view)];

const ofComponents = (view: View): readonly Finding[] =>
  withData(view)
    .filter((c) => protectionsOf(view, c).length > 0)
    .flatMap((c) => [offSite(view, c), threeTwoOne(view, c), apart(view, c), retention(view, c)]);

/** A repository that nothing goes into, a schedule that captures nothing: safety that exists on paper. */
function unused(view: View): readonly Finding[] {
  const { protections, repositories: all } = view.plan.plan;
  const active = new Set([...view.plan.components.values()].flatMap((c) => c.protections));
  const reached = new Set([...active].flatMap((p) => protectionOf(view, p).repositories));
  const idle = (
    section: 'repositories' | 'protections',
    names: readonly string[],
    used: ReadonlySet<string>,
  ) =>
    names
      .filter((name) => !used.has(name))
      .map((name) => at(view, [section, name], 'fail', 'plan.unused', `${section}.${name}`, {}));
  return [
    ...idle('repositories', Object.keys(all), reached),
    ...idle('protections', Object.keys(protections), active),
  ];
}

const repositories = (view: View, component: ResolvedComponent) =>
  repositoriesOf(view, component).map((name) => ({
    ...(view.plan.plan.repositories[name] as PlanRepository),
    name,
  }));

function offSite(view: View, component: ResolvedComponent): Finding {
  const away = repositories(view, component).filter((r) => r.off_site);
  return at(
    view,
    ['components', component.name],
    away.length > 0 ? 'pass' : 'fail',
    'plan.off-site',
    component.name,
    {
      repositories: away.map((r) => r.name).join(', '),
    },
  );
}

/** Three copies (the data itself is one), on two media, one of them off-site. */
function threeTwoOne(view: View, component: ResolvedComponent): Finding {
  const all = repositories(view, component);
  const params = {
    copies: all.length + 1,
    media: new Set(['disk', ...all.map((r) => r.media)]).size,
    off_site: all.filter((r) => r.off_site).length,
  };
  const good = params.copies >= 3 && params.media >= 2 && params.off_site >= 1;
  return at(
    view,
    ['components', component.name],
    good ? 'pass' : 'fail',
    'plan.three-two-one',
    component.name,
    params,
  );
}

const names = (of: readonly { readonly name: string }[]): string => of.map((r) => r.name).join(', ');

/** A repository on the disk that fails with the data is no copy; nor is one on the machine that burns with it. */
function apart(view: View, component: ResolvedComponent): Finding {
  const all = repositories(view, component);
  const away = all.filter(survivesMachine);
  const shared = all.filter((r) => view.history.sharesDisk(r.name, component.name) === true);
  const params = { away: names(away), shared: names(shared), all: names(all) };
  const verdict =
    away.length === 0 || shared.length === all.length ? 'fail' : shared.length > 0 ? 'unable' : 'pass';
  return at(view, ['components', component.name], verdict, 'plan.apart', component.name, params);
}

/** Points must outlive the interval of drills: else no good one is left when a drill finds that the others are bad. */
function retention(view: View, component: ResolvedComponent): Finding {
  const interval = view.plan.plan.document.drill_every ?? null;
  const kept = protectionsOf(view, component)
    .flatMap((p) =>
      protectionOf(view, p).repositories.map((r) => ({
        protection: p,
        repository: r,
        ms: keptIn(view, p, r),
      })),
    )
    .reduce((a, b) => ((b.ms ?? Number.POSITIVE_INFINITY) > (a.ms ?? Number.POSITIVE_INFINITY) ? b : a));
  const verdict =
    kept.ms === null ? 'pass' : interval === null ? 'unable' : kept.ms > interval ? 'pass' : 'fail';
  return at(view, ['components', component.name], verdict, 'plan.retention', component.name, {
    protection: kept.protection,
    repository: kept.repository,
    kept_ms: kept.ms,
    drill_ms: interval,
  });
}

/** null: for ever. */
const keptIn = (view: View, protection: string, repository: string): number | null =>
  view.once(`kept ${protection} ${repository}`, () => {
    const rule = view.plan.retention(protection, repository);
    return rule === undefined ? null : reach(rule, rhythmOf(view, protection).rhythm, view.now);
  });
