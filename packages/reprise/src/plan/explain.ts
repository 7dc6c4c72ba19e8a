import type { Explanation, Objectives, PlanCheck, Scenario } from '@reprise/contracts';

import type { AnyKind } from '../kinds/kind.ts';
import { type Rhythm, rhythm } from '../lib/cron.ts';
import { hasData } from './contradictions.ts';
import type { PlanHistory } from './history.ts';
import { levels } from './order.ts';
import type { ResolvedComponent, ResolvedPlan } from './resolved.ts';

type Kinds = ReadonlyMap<string, AnyKind>;

/** The plan as Reprise understands it: what happens to each component, when, and in which order all come back. */
export function explain(resolved: ResolvedPlan, history: PlanHistory, now: Date, kinds: Kinds): Explanation {
  const { plan } = resolved;
  return {
    system: plan.system,
    objectives: milliseconds(plan.objectives),
    components: [...resolved.components.values()].map((c) => component(resolved, c, history, now, kinds)),
    groups: [...resolved.groups.values()].map((g) => ({
      group: g.name,
      title: g.title ?? null,
      members: [...g.members],
      hold: g.hold === undefined ? null : { services: g.hold.services, how: g.hold.how, max_ms: g.hold.max },
    })),
    hosts: Object.entries(plan.hosts).map(([host, { kind, title = null }]) => ({ host, kind, title })),
    parallel: plan.recovery.parallel,
    recovery: recoveryLevels(resolved).map((level) => [...level]),
    scenarios: Object.entries(plan.scenarios).map(([name, s]) => ({
      scenario: name,
      title: s.title,
      severity: s.severity ?? null,
      symptoms: s.symptoms,
      objectives: milliseconds(s.objectives),
      steps: s.steps.map(step),
    })),
    ...whoAndWhat(resolved),
  };
}

/** Components in levels by depends_on, ties broken by `recovery.order`. */
const recoveryLevels = ({ plan, components }: ResolvedPlan): readonly (readonly string[])[] =>
  levels(new Map([...components.values()].map((c) => [c.name, c.common.depends_on])), plan.recovery.order);

function component(
  resolved: ResolvedPlan,
  c: ResolvedComponent,
  history: PlanHistory,
  now: Date,
  kinds: Kinds,
): Explanation['components'][number] {
  const kind = kinds.get(c.kind);
  const restore = history.restoreMs(c.name);
  return {
    component: c.name,
    title: c.common.title ?? null,
    kind: c.kind,
    tier: c.common.tier ?? null,
    host: c.host,
    service: c.service,
    group: c.group,
    data: kind === undefined || hasData(kind),
    objectives: milliseconds(c.objectives),
    captures: c.protections.map((name) => capture(resolved, name, kind, c.kind, now)),
    capture_ms: history.captureMs(c.name),
    restore:
      restore === null ? null : { ms: restore.ms, basis: restore.measured ? 'measured' : 'extrapolated' },
    bytes: history.bytes(c.name),
    checks: c.common.checks.map((check: PlanCheck) => ({
      name: check.name,
      kind: check.kind,
      owner: check.owner ?? null,
    })),
    depends_on: c.common.depends_on,
  };
}

function capture(
  resolved: ResolvedPlan,
  name: string,
  kind: AnyKind | undefined,
  kindName: string,
  now: Date,
): Explanation['components'][number]['captures'][number] {
  const { protections, repositories } = resolved.plan;
  const protection = protections[name] as (typeof protections)[string];
  return {
    protection: name,
    title: protection.title ?? null,
    schedule: protection.schedule,
    timezone: protection.timezone,
    method: protection.methods[kindName] ?? kind?.defaultMethod ?? null,
    next: nextRuns(rhythm(protection.schedule, protection.timezone), now, 3).map((d) => d.toISOString()),
    repositories: protection.repositories.map((repository) => {
      const { title = null, role, off_site } = repositories[repository] as (typeof repositories)[string];
      return { repository, title, role, off_site, retention: resolved.retention(name, repository) ?? null };
    }),
  };
}

/** The next runs after a moment. */
function nextRuns(of: Rhythm, now: Date, count: number): readonly Date[] {
  const runs: Date[] = [];
  for (let at = of.next(now); at !== null && runs.length < count; at = of.next(at)) runs.push(at);
  return runs;
}

function step(s: Scenario['steps'][number]): Explanation['scenarios'][number]['steps'][number] {
  const owner = s.owner ?? null;
  if ('manual' in s) return { act: 'manual', text: s.manual, owner, duration_ms: s.duration ?? null };
  if ('command' in s) return { act: 'command', text: s.title ?? s.command.argv[0], owner, duration_ms: null };
  return {
    act: 'recover',
    text: s.title ?? (s.recover === 'all' ? 'all' : s.recover.join(', ')),
    owner,
    duration_ms: null,
  };
}

const milliseconds = (o: Objectives): Explanation['objectives'] => ({
  rpo_ms: o.rpo ?? null,
  rto_ms: o.rto ?? null,
  mtd_ms: o.mtd ?? null,
  tolerance_ms: o.tolerance ?? null,
  availability: o.availability ?? null,
});

function whoAndWhat({ plan }: ResolvedPlan) {
  const { document: d } = plan;
  return {
    roles: Object.entries(plan.roles).map(([role, r]) => ({
      role,
      title: r.title ?? null,
      primary: r.primary ?? null,
      secondary: r.secondary ?? null,
    })),
    people: Object.entries(plan.people).map(([person, p]) => ({
      person,
      name: p.name,
      phone: p.phone ?? null,
      email: p.email ?? null,
      organisation: p.organisation ?? null,
    })),
    suppliers: Object.entries(plan.suppliers).map(([supplier, s]) => ({
      supplier,
      name: s.name,
      contact: s.contact ?? null,
      availability: s.availability ?? null,
      sla: s.sla ?? null,
      contract: s.contract ?? null,
    })),
    escalation: plan.escalation.map((e) => ({ after_ms: e.after, notify: e.notify, title: e.title ?? null })),
    document: {
      title: d.title ?? null,
      classification: d.classification ?? null,
      version: d.version ?? null,
      owner: d.owner ?? null,
      approvers: d.approvers,
      reviewed: d.reviewed ?? null,
      standards: d.standards,
      review_ms: d.review_every ?? null,
      drill_ms: d.drill_every ?? null,
    },
    scope: { covers: plan.scope.covers, excludes: plan.scope.excludes },
  };
}
