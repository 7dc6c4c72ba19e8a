import type { Finding, Protection, Verdict } from '@reprise/contracts';

import type { AnyKind } from '../../kinds/kind.ts';
import { rhythm, type Zoned } from '../../lib/cron.ts';
import { type FindingCode, type FindingParams, judge } from '../../lib/findings/index.ts';
import type { PlanHistory } from '../history.ts';
import type { Key } from '../problem.ts';
import type { ResolvedComponent, ResolvedPlan } from '../resolved.ts';

/** What every judgement looks at. */
export interface View {
  readonly plan: ResolvedPlan;
  readonly history: PlanHistory;
  readonly now: Date;
  readonly kinds: ReadonlyMap<string, AnyKind>;
  /** Does this kind have data to capture? */
  hasData(kind: string): boolean;
  /** Can this version capture a component of this kind in the way that a protection asks for? */
  captures(kind: string, protection: string): boolean;
  /** What is worked out from the plan alone, worked out once. */
  once<T>(key: string, make: () => T): T;
}

export function remember(): View['once'] {
  const known = new Map<string, unknown>();
  return <T>(key: string, make: () => T): T => {
    if (!known.has(key)) known.set(key, make());
    return known.get(key) as T;
  };
}

/** A finding of the catalogue, with where in the plan it stands. */
export const at = <C extends FindingCode>(
  view: View,
  path: readonly Key[],
  verdict: Verdict,
  code: C,
  subject: string,
  params: FindingParams<C>,
): Finding => ({ ...judge(verdict, code, subject, params), at: view.plan.where(path) });

export const withData = (view: View): readonly ResolvedComponent[] =>
  [...view.plan.components.values()].filter((c) => view.hasData(c.kind));

/** Protections that make points of it: a method of a later version makes none. */
export const protectionsOf = (view: View, component: ResolvedComponent): readonly string[] =>
  component.protections.filter((p) => view.captures(component.kind, p));

/** Repositories that a component's points reach. */
export const repositoriesOf = (view: View, component: ResolvedComponent): readonly string[] => [
  ...new Set(protectionsOf(view, component).flatMap((p) => protectionOf(view, p).repositories)),
];

/** Names were checked when the plan was read. */
export const protectionOf = (view: View, name: string): Protection =>
  view.plan.plan.protections[name] as Protection;

export const rhythmOf = (view: View, protection: string): Zoned => {
  const { schedule, timezone } = protectionOf(view, protection);
  return { rhythm: rhythm(schedule, timezone), timezone };
};
