import type { Suggest } from './nearest.ts';
import { type Fault, fault } from './problem.ts';
import { entries, get, items, namesIn, type Path, text, texts } from './tolerant.ts';

const sections = {
  tier: 'tiers',
  host: 'hosts',
  service: 'services',
  protection: 'protections',
  repository: 'repositories',
  component: 'components',
  role: 'roles',
  person: 'people',
} as const;
type What = keyof typeof sections | 'role-or-person';

/** Every name that refers to something: does it exist, and only once in its list? */
export function* references(plan: unknown, suggest: Suggest): Generator<Fault> {
  const defined = new Map<What, ReadonlySet<string>>(
    Object.entries(sections).map(([what, section]) => [what as What, new Set(namesIn(get(plan, section)))]),
  );
  if (get(plan, 'hosts') === undefined) defined.set('host', new Set(['local']));
  defined.set('role-or-person', new Set([...(defined.get('role') ?? []), ...(defined.get('person') ?? [])]));
  const lists = new Map([...defined].map(([what, set]) => [what, [...set]]));

  const refer = function* (what: What, name: unknown, path: Path): Generator<Fault> {
    if (typeof name !== 'string' || defined.get(what)?.has(name) === true) return;
    yield fault(
      'plan.unknown-name',
      { what, name: name.slice(0, 80), ...suggest(name, lists.get(what) ?? []) },
      path,
    );
  };
  const one = (what: What, ...path: Path): Generator<Fault> => refer(what, get(plan, ...path), path);
  const each = function* (what: What, ...path: Path): Generator<Fault> {
    const seen = new Set<string>();
    for (const item of texts(plan, ...path)) {
      yield* refer(what, item.value, item.path);
      if (seen.has(item.value)) yield fault('plan.duplicate', { name: item.value }, item.path);
      seen.add(item.value);
    }
  };

  for (const { path } of entries(plan, 'services')) yield* one('host', ...path, 'host');
  for (const { path } of entries(plan, 'protections')) yield* each('repository', ...path, 'repositories');
  for (const { path } of entries(plan, 'components')) {
    for (const what of ['tier', 'host', 'service'] as const) yield* one(what, ...path, what);
    yield* each('component', ...path, 'depends_on');
    yield* each('protection', ...path, 'captures');
    for (const check of items(plan, ...path, 'checks')) yield* one('role', ...check.path, 'owner');
  }
  for (const { path } of entries(plan, 'groups')) {
    yield* each('component', ...path, 'components');
    yield* each('component', ...path, 'order');
    yield* each('protection', ...path, 'captures');
    yield* each('service', ...path, 'hold', 'services');
  }
  yield* each('component', 'recovery', 'order');
  for (const { path } of entries(plan, 'scenarios'))
    for (const step of items(plan, ...path, 'steps')) {
      yield* one('role-or-person', ...step.path, 'owner');
      yield* each('component', ...step.path, 'recover');
    }
  for (const { path } of entries(plan, 'roles')) {
    yield* one('person', ...path, 'primary');
    yield* one('person', ...path, 'secondary');
  }
  for (const step of items(plan, 'escalation')) yield* each('role-or-person', ...step.path, 'notify');
  yield* one('role-or-person', 'document', 'owner');
  yield* each('role-or-person', 'document', 'approvers');
  yield* hostless(plan);
}

/** Without a host called local, who names none is on the only one; with several nobody knows. */
function* hostless(plan: unknown): Generator<Fault> {
  const hosts = namesIn(get(plan, 'hosts'));
  if (hosts.length < 2 || hosts.includes('local')) return;
  for (const { name, path, value } of entries(plan, 'components')) {
    const service = text(get(value, 'service'));
    const inherited = service === undefined ? undefined : get(plan, 'services', service, 'host');
    if (get(value, 'host') === undefined && inherited === undefined)
      yield fault('plan.host-needed', { subject: name }, path, 'key');
  }
}
