import { createHash } from 'node:crypto';

import {
  type ComponentCommon,
  componentCommon,
  type Objectives,
  type Plan,
  type PlanComponent,
} from '@reprise/contracts';

import type { ResolvedComponent, ResolvedGroup, ResolvedPlan } from './resolved.ts';

/** A plan without errors, with what it leaves unsaid filled in. */
export function resolve(
  plan: Plan,
  text: string,
  bytes: Uint8Array,
  file: string,
  where: ResolvedPlan['where'],
): ResolvedPlan {
  const groups = new Map(
    Object.entries(plan.groups).map(([name, group]) => [name, resolvedGroup(name, group)]),
  );
  const groupOf = new Map([...groups.values()].flatMap((g) => g.components.map((c) => [c, g] as const)));
  const components = new Map(
    Object.entries(plan.components).map(([name, c]) => [
      name,
      resolvedComponent(plan, name, c, groupOf.get(name)),
    ]),
  );
  return {
    file,
    text,
    hash: createHash('sha256').update(bytes).digest('hex'),
    plan,
    components,
    groups,
    retention: (protection, repository) =>
      (protection === null ? undefined : own(plan.protections, protection)?.keep) ??
      own(plan.repositories, repository)?.retention,
    where,
  };
}

const own = <T>(map: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(map, name) ? map[name] : undefined;

/** Those in `order` first, then the others as listed. */
function resolvedGroup(name: string, group: Plan['groups'][string]): ResolvedGroup {
  return { ...group, name, members: [...new Set([...group.order, ...group.components])] };
}

const isCommon = (key: string): boolean => Object.hasOwn(componentCommon, key);

function resolvedComponent(
  plan: Plan,
  name: string,
  component: PlanComponent,
  group: ResolvedGroup | undefined,
): ResolvedComponent {
  const { kind, ...rest } = component;
  const part = (common: boolean) =>
    Object.fromEntries(Object.entries(rest).filter(([key]) => isCommon(key) === common));
  const common = part(true) as unknown as ComponentCommon;
  const service = common.service === undefined ? undefined : own(plan.services, common.service);
  return {
    name,
    kind,
    spec: part(false),
    common,
    host: common.host ?? service?.host ?? defaultHost(plan),
    service: common.service ?? null,
    objectives: objectivesOf(plan, common.tier),
    protections: group === undefined ? common.captures : group.captures,
    group: group?.name ?? null,
  };
}

/** `local`, or the only host there is. */
export const defaultHost = (plan: Pick<Plan, 'hosts'>): string =>
  Object.hasOwn(plan.hosts, 'local') ? 'local' : (Object.keys(plan.hosts)[0] ?? 'local');

/** The tier's; a component without a tier answers for the system's own. */
const objectivesOf = (plan: Plan, tier: string | undefined): Objectives =>
  (tier === undefined ? undefined : own(plan.tiers, tier)) ?? plan.objectives;
