import type { ResolvedPlan } from '../plan/resolved.ts';

/** What is captured in one step: a component, or the components of a group together. */
export interface Unit {
  readonly name: string;
  readonly components: readonly string[];
  readonly group: string | null;
  /** The protection it is captured for; null: by hand, into the repositories of its first protection. */
  readonly protection: string | null;
  /** The first is captured into; the others get a copy. */
  readonly repositories: readonly string[];
}

/**
 * Components and groups by name, or everything that has a protection. A component of a group stands for its group: it
 * is never captured without the others. Unknown names are for the caller to refuse.
 */
export function unitsOf(
  plan: ResolvedPlan,
  names: readonly string[],
  protection: string | null,
): readonly Unit[] {
  const wanted =
    names.length > 0 ? names : [...plan.components.keys()].filter((c) => protectionsOf(plan, c).length > 0);
  const units = new Map<string, Unit>();
  for (const name of wanted) {
    const group = plan.groups.has(name) ? name : (plan.components.get(name)?.group ?? null);
    const unit = group ?? name;
    if (units.has(unit)) continue;
    const components = group === null ? [name] : (plan.groups.get(group)?.members ?? []);
    const first = protection ?? components.flatMap((c) => protectionsOf(plan, c))[0] ?? null;
    units.set(unit, {
      name: unit,
      components,
      group,
      protection: first,
      repositories: first === null ? [] : (plan.plan.protections[first]?.repositories ?? []),
    });
  }
  return [...units.values()];
}

const protectionsOf = (plan: ResolvedPlan, component: string): readonly string[] =>
  plan.components.get(component)?.protections ?? [];
