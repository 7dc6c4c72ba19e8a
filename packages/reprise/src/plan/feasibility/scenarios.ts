import type { Finding, Scenario } from '@reprise/contracts';

import type { Key } from '../problem.ts';
import type { ResolvedComponent } from '../resolved.ts';
import { type Arrival, arrivals, last } from './delay.ts';
import { gapOf } from './loss.ts';
import { at, type View, withData } from './view.ts';

/** Does each scenario keep what the system promises, and can its own runbook keep what it promises? */
export const scenarios = (view: View): readonly Finding[] =>
  Object.entries(view.plan.plan.scenarios).flatMap(([name, scenario]) => [
    ...looser(view, name, scenario),
    ...time(view, name, scenario),
    ...data(view, name, scenario),
  ]);

/** The system's objective holds in every scenario, or it is not the system's. */
function looser(view: View, name: string, { objectives }: Scenario): readonly Finding[] {
  return (['rpo', 'rto'] as const).flatMap((which) => {
    const [own, system] = [objectives[which], view.plan.plan.objectives[which]];
    if (own === undefined || system === undefined) return [];
    const path: readonly Key[] = ['scenarios', name, 'objectives', which];
    return [
      at(view, path, own > system ? 'fail' : 'pass', 'plan.scenario-objective', `scenarios.${name}`, {
        which,
        scenario_ms: own,
        system_ms: system,
      }),
    ];
  });
}

/** Components that each of a scenario's steps brings back, with all they depend on; each once. */
function blocks(view: View, { steps }: Scenario): readonly ReadonlySet<string>[] {
  const seen = new Set<string>();
  return steps.flatMap((s) => {
    if (!('recover' in s)) return [];
    const wanted = s.recover === 'all' ? [...view.plan.components.keys()] : s.recover;
    const block = new Set(wanted.filter((name) => !seen.has(name)));
    for (const name of block)
      for (const d of (view.plan.components.get(name) as ResolvedComponent).common.depends_on)
        if (!seen.has(d)) block.add(d);
    for (const name of block) seen.add(name);
    return [block];
  });
}

function time(view: View, name: string, scenario: Scenario): readonly Finding[] {
  const { rto } = scenario.objectives;
  if (rto === undefined) return [];
  const byHand = scenario.steps.filter((s) => 'manual' in s);
  const manual = byHand.reduce((sum, s) => sum + (s.duration ?? 0), 0);
  // A step begins when the one before it has ended.
  const lasts = blocks(view, scenario).map((block): Arrival => last(arrivals(view, block).values()));
  const restores = lasts.reduce((sum, { ms }) => sum + ms, 0);
  const unknown = [...new Set(lasts.flatMap((l) => l.unknown))];
  const untimed =
    byHand.filter((s) => s.duration === undefined).length +
    scenario.steps.filter((s) => 'command' in s).length;
  const params = {
    manual_ms: manual,
    restore_ms: restores,
    rto_ms: rto,
    untimed,
    unknown: unknown.join(', '),
  };
  const known = untimed === 0 && unknown.length === 0;
  const verdict = manual + restores > rto ? 'fail' : known ? 'pass' : 'unable';
  return [
    at(
      view,
      ['scenarios', name, 'objectives', 'rto'],
      verdict,
      'plan.scenario-time',
      `scenarios.${name}`,
      params,
    ),
  ];
}

/** A scenario that brings data back loses what the captures lose. */
function data(view: View, name: string, scenario: Scenario): readonly Finding[] {
  const { rpo } = scenario.objectives;
  if (rpo === undefined) return [];
  const names = new Set(blocks(view, scenario).flatMap((block) => [...block]));
  const gaps = withData(view).flatMap((c) =>
    names.has(c.name) ? [{ name: c.name, gap: gapOf(view, c) }] : [],
  );
  const broken = gaps.filter(({ gap }) => gap === null || gap >= rpo);
  const params = { rpo_ms: rpo, components: broken.map((b) => b.name).join(', '), recovers: gaps.length };
  const verdict = gaps.length === 0 ? 'unable' : broken.length > 0 ? 'fail' : 'pass';
  return [
    at(
      view,
      ['scenarios', name, 'objectives', 'rpo'],
      verdict,
      'plan.scenario-loss',
      `scenarios.${name}`,
      params,
    ),
  ];
}
