import type { AnyKind } from '../kinds/kind.ts';
import type { Suggest } from './nearest.ts';
import { cycleIn } from './order.ts';
import { plannedKinds, plannedMethods } from './planned.ts';
import { type Fault, fault } from './problem.ts';
import { rhythm } from './rhythm.ts';
import { entries, get, items, namesIn, text, texts } from './tolerant.ts';

export interface Known {
  readonly kinds: ReadonlyMap<string, AnyKind>;
  readonly suggest: Suggest;
  readonly raw: (path: readonly (string | number)[]) => string;
}

/** Parts of the plan that cannot be true together, though each is well formed. */
export function* contradictions(plan: unknown, known: Known): Generator<Fault> {
  yield* components(plan, known);
  yield* cycles(plan);
  yield* groups(plan, known);
  yield* protections(plan, known);
  yield* repositories(plan, known);
  yield* placeVariables(plan);
}

function* components(plan: unknown, { kinds }: Known): Generator<Fault> {
  const map = get(plan, 'components');
  if (typeof map === 'object' && map !== null && namesIn(map).length === 0)
    yield fault('plan.no-component', {}, ['components'], 'key');
  const groupOf = membership(plan);
  for (const { name, path, value } of entries(plan, 'components')) {
    if (get(plan, 'groups', name) !== undefined)
      yield fault('plan.name-twice', { name }, ['groups', name], 'key');
    const kindName = text(get(value, 'kind')) ?? '';
    const kind = kinds.get(kindName);
    const captures = items(value, 'captures').length > 0;
    const group = groupOf.get(name);
    if (captures && group !== undefined)
      yield fault('plan.captures-twice', { component: name, group }, [...path, 'captures'], 'key');
    if (kind === undefined) continue;
    if (captures && !hasData(kind))
      yield fault('plan.captures-nothing', { component: name, kind: kindName }, [...path, 'captures'], 'key');
    if (kind.query !== undefined) continue;
    for (const check of items(plan, ...path, 'checks')) {
      const of = text(get(check.value, 'kind'));
      if (of === 'sql' || of === 'rows')
        yield fault('plan.check-kind', { check: of, kind: kindName }, [...check.path, 'kind']);
    }
  }
}

/** A kind without methods has nothing to capture. */
export const hasData = (kind: Pick<AnyKind, 'methods'>): boolean => Object.keys(kind.methods).length > 0;

function membership(plan: unknown): ReadonlyMap<string, string> {
  const groupOf = new Map<string, string>();
  for (const { name, path } of entries(plan, 'groups'))
    for (const member of texts(plan, ...path, 'components'))
      if (!groupOf.has(member.value)) groupOf.set(member.value, name);
  return groupOf;
}

function* cycles(plan: unknown): Generator<Fault> {
  const edges = new Map(
    entries(plan, 'components').map(({ name, path }) => [
      name,
      texts(plan, ...path, 'depends_on').map((d) => d.value),
    ]),
  );
  const cycle = cycleIn(edges);
  if (cycle === null) return;
  const [first] = cycle as [string];
  yield fault('plan.cycle', { cycle: shortCycle(cycle) }, ['components', first, 'depends_on'], 'key');
}
const shortCycle = (cycle: readonly string[]): string =>
  (cycle.length > 20 ? [...cycle.slice(0, 19), '…', cycle.at(-1) as string] : cycle).join(' → ');

function* groups(plan: unknown, { kinds }: Known): Generator<Fault> {
  const groupOf = membership(plan);
  for (const { name, path } of entries(plan, 'groups')) {
    const members = texts(plan, ...path, 'components');
    const inside = new Set(members.map((m) => m.value));
    for (const member of members) {
      const first = groupOf.get(member.value) as string;
      if (first !== name) yield fault('plan.group-twice', { component: member.value, first }, member.path);
      const kind = kinds.get(text(get(plan, 'components', member.value, 'kind')) ?? '');
      if (kind !== undefined && !hasData(kind))
        yield fault('plan.captures-nothing', { component: member.value, kind: kind.name }, member.path);
    }
    for (const item of texts(plan, ...path, 'order'))
      if (!inside.has(item.value))
        yield fault('plan.order-outside', { component: item.value, group: name }, item.path);
    yield* held(
      plan,
      name,
      members.map((m) => m.value),
      kinds,
    );
  }
}

/** A service that is stopped or paused cannot answer the method that captures from it. */
function* held(
  plan: unknown,
  group: string,
  members: readonly string[],
  kinds: ReadonlyMap<string, AnyKind>,
): Generator<Fault> {
  const how = text(get(plan, 'groups', group, 'hold', 'how')) ?? 'stop';
  if (how === 'none') return;
  const protectionNames = texts(plan, 'groups', group, 'captures').map((c) => c.value);
  for (const service of texts(plan, 'groups', group, 'hold', 'services'))
    for (const component of new Set(members)) {
      if (get(plan, 'components', component, 'service') !== service.value) continue;
      const kind = kinds.get(text(get(plan, 'components', component, 'kind')) ?? '');
      if (kind === undefined) continue;
      const method = methodsUsed(plan, kind, protectionNames).find(
        (m) => kind.methods[m]?.traits.needsService === true,
      );
      if (method !== undefined)
        yield fault(
          'plan.hold-needed',
          { group, service: service.value, component, method, how },
          service.path,
        );
    }
}

const methodsUsed = (plan: unknown, kind: AnyKind, protectionNames: readonly string[]): readonly string[] => {
  const chosen = protectionNames.map(
    (p) => text(get(plan, 'protections', p, 'methods', kind.name)) ?? kind.defaultMethod,
  );
  return chosen.length === 0 ? [kind.defaultMethod] : chosen;
};

function* protections(plan: unknown, { kinds, suggest, raw }: Known): Generator<Fault> {
  for (const { path, value } of entries(plan, 'protections')) {
    yield* rhythm(value, path, suggest, raw);
    for (const { name, path: at, value: method } of entries(value, 'methods')) {
      const kind = kinds.get(name);
      const where = [...path, ...at];
      if (kind === undefined && !plannedKinds.has(name))
        yield fault(
          'plan.unknown-name',
          { what: 'kind', name, ...suggest(name, [...kinds.keys()]) },
          where,
          'key',
        );
      else if (
        kind !== undefined &&
        typeof method === 'string' &&
        !Object.hasOwn(kind.methods, method) &&
        plannedMethods.get(name)?.includes(method) !== true
      )
        yield fault(
          'plan.method-unknown',
          { kind: name, method: raw(where), ...suggest(method, Object.keys(kind.methods)) },
          where,
        );
    }
    for (const [i, item] of texts(plan, ...path, 'repositories').entries()) {
      const role = text(get(plan, 'repositories', item.value, 'role')) ?? 'primary';
      if (get(plan, 'repositories', item.value) === undefined) continue;
      if (i === 0 && role === 'copy')
        yield fault('plan.first-not-primary', { repository: item.value }, item.path);
      if (i > 0 && role === 'primary')
        yield fault('plan.later-not-copy', { repository: item.value }, item.path);
    }
  }
}

const addressed = /^(\/|(rest|sftp|s3|rclone|azure|b2|gs|swift):)/;

function* repositories(plan: unknown, { raw }: Known): Generator<Fault> {
  const first = new Map<string, string>();
  for (const { name, path, value } of entries(plan, 'repositories')) {
    for (const at of [['url'], ['writer', 'url'], ['maintainer', 'url']]) {
      const url = text(get(value, ...at));
      const where = [...path, ...at];
      if (url === undefined || url === '') continue;
      if (/:\/\/[^/@\s]*:[^/@\s]*@/.test(url)) yield fault('plan.url-credentials', {}, where);
      else if (!addressed.test(url)) yield fault('plan.url-relative', { url: raw(where) }, where);
    }
    const url = text(get(value, 'url'))?.replace(/\/+$/, '');
    if (url === undefined || url === '') continue;
    const before = first.get(url);
    if (before !== undefined)
      yield fault('plan.url-twice', { repository: name, first: before }, [...path, 'url']);
    else first.set(url, name);
  }
}

/** Given to every process already, or able to change which program runs. */
const reserved = /^(PATH|HOME|USER|SHELL|PWD|LANG|LC_.*|LD_.*|NODE_.*|REPRISE_.*|RESTIC_.*)$/;
const commands = ['start', 'stop', 'ready', 'state', 'pause', 'resume'] as const;

function* placeVariables(plan: unknown): Generator<Fault> {
  for (const { path, value } of entries(plan, 'services'))
    for (const variable of entries(value, 'place')) {
      const { name } = variable;
      const where = [...path, ...variable.path];
      if (reserved.test(name)) yield fault('plan.place-name', { name, why: 'reserved' }, where, 'key');
      else if (commands.some((c) => ['env', 'secrets'].some((k) => get(value, c, k, name) !== undefined)))
        yield fault('plan.place-name', { name, why: 'twice' }, where, 'key');
    }
}
