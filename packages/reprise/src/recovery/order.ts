import { RepriseError } from '../lib/errors/index.ts';

/** What the order of a recovery depends on. */
export interface Node {
  readonly name: string;
  readonly dependsOn: readonly string[];
  readonly service: string | null;
  /** Must its service run while its data is restored, or be stopped? */
  readonly into: 'running' | 'stopped';
  readonly rebuilds: boolean;
}
export type Act = 'rebuild' | 'restore' | 'check';
export type StepName = `${Act}:${string}`;
export interface OrderedStep {
  readonly name: StepName;
  readonly act: Act;
  readonly component: string;
  readonly after: readonly StepName[];
}

/**
 * The steps of a recovery, each with those it waits for. Three acts of a component: `rebuild` (an empty server or
 * place), `restore` (its data), `check` (its service started, its checks passed).
 *
 * The rule is that nothing that can write starts before the data it depends on is back:
 * - a component waits for the checks of what it depends on;
 * - a service is started (in `check`, or in `restore` where the kind restores into a running one) only when every
 *   component that lives in it has its data, or is itself restored into the running service;
 * - where a service depends on itself that way (uploads → database, both of the same application), the wait for the
 *   checks becomes a wait for the data alone: the service cannot run before all of it is back.
 *
 * Dependencies outside the given nodes are taken as being there. `preference` breaks ties. Throws `recovery.cycle`.
 */
export function recoveryOrder(
  nodes: readonly Node[],
  preference: readonly string[] = [],
): readonly OrderedStep[] {
  const known = new Map(nodes.map((n) => [n.name, n]));
  const together = companions(nodes);
  const mutual = mutuallyDependent(nodes);
  const steps = preferred(nodes, preference).flatMap((node): OrderedStep[] => {
    const depends = node.dependsOn.filter((d) => known.has(d));
    const checked = depends.filter((d) => !mutual(node.name, d)).map((d): StepName => `check:${d}`);
    const data = depends.filter((d) => mutual(node.name, d)).map((d): StepName => `restore:${d}`);
    const others = together(node);
    const rebuilt = [node, ...others].filter((o) => o.rebuilds).map((o): StepName => `rebuild:${o.name}`);
    const first = node.into === 'running' ? restored(others.filter((o) => o.into === 'stopped')) : [];
    const step = (act: Act, after: readonly StepName[]): OrderedStep => ({
      name: `${act}:${node.name}`,
      act,
      component: node.name,
      after: [...new Set(after)],
    });
    return [
      ...(node.rebuilds ? [step('rebuild', checked)] : []),
      step('restore', [...rebuilt, ...checked, ...data, ...first]),
      step('check', [`restore:${node.name}`, ...restored(others)]),
    ];
  });
  return sequence(steps);
}

const restored = (of: readonly Node[]): readonly StepName[] => of.map((o): StepName => `restore:${o.name}`);

/** Components that live in the same service. */
function companions(nodes: readonly Node[]) {
  return (of: Node): readonly Node[] =>
    of.service === null ? [] : nodes.filter((n) => n.service === of.service && n.name !== of.name);
}

/** Do two components wait for each other's service, directly or through others? */
function mutuallyDependent(nodes: readonly Node[]): (a: string, b: string) => boolean {
  const unit = (n: Node): string => (n.service === null ? `component ${n.name}` : `service ${n.service}`);
  const unitOf = new Map(nodes.map((n) => [n.name, unit(n)]));
  const edges = new Map<string, Set<string>>();
  for (const n of nodes) {
    const to = edges.get(unit(n)) ?? new Set();
    for (const d of n.dependsOn) if (unitOf.has(d)) to.add(unitOf.get(d) as string);
    edges.set(unit(n), to);
  }
  const reached = new Map<string, ReadonlySet<string>>();
  const reach = (from: string): ReadonlySet<string> => {
    const cached = reached.get(from);
    if (cached !== undefined) return cached;
    const seen = new Set([from]);
    for (const at of seen) for (const next of edges.get(at) as Set<string>) seen.add(next);
    reached.set(from, seen);
    return seen;
  };
  return (a, b) => {
    const [of, on] = [unitOf.get(a) as string, unitOf.get(b) as string];
    return reach(of).has(on) && reach(on).has(of);
  };
}

const preferred = (nodes: readonly Node[], preference: readonly string[]): readonly Node[] => {
  const rank = (n: Node): number => {
    const at = preference.indexOf(n.name);
    return at === -1 ? preference.length : at;
  };
  return nodes.toSorted((a, b) => rank(a) - rank(b));
};

/** The same steps, none before one that it waits for. */
function sequence(steps: readonly OrderedStep[]): readonly OrderedStep[] {
  const done = new Set<StepName>();
  const sorted: OrderedStep[] = [];
  let left = steps;
  while (left.length > 0) {
    const next = left.find((s) => s.after.every((a) => done.has(a)));
    if (next === undefined)
      throw new RepriseError('recovery.cycle', {
        components: [...new Set(left.map((s) => s.component))].join(', '),
      });
    done.add(next.name);
    sorted.push(next);
    left = left.filter((s) => s !== next);
  }
  return sorted;
}
