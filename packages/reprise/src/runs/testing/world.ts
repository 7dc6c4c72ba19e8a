import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import type { Finding, PlanCheck, Point, ScenarioStep } from '@reprise/contracts';
import { z } from 'zod';

import type { Host } from '../../hosts/host.ts';
import { createInstallation } from '../../journal/installation.ts';
import { stateFile } from '../../journal/segments.ts';
import { openJournal } from '../../journal/store.ts';
import type { AnyKind, Context, Place } from '../../kinds/kind.ts';
import { systemClock } from '../../lib/clock.ts';
import { RepriseError, type ErrorCode } from '../../lib/errors/index.ts';
import { judge } from '../../lib/findings/index.ts';
import type { Log } from '../../lib/language.ts';
import { newRecoveryKey, rootOf } from '../../lib/recovery-key.ts';
import type { Repository } from '../../repository/repository.ts';
import type { Service, ServiceState } from '../../services/service.ts';
import type { Deps } from '../deps.ts';
import { execute, type RunOutcome } from '../engine.ts';
import type { Recipe } from '../step.ts';

interface Setup {
  readonly components: Readonly<
    Record<string, { service?: string; dependsOn?: string[]; checks?: string[]; rebuild?: boolean }>
  >;
  readonly points: readonly Point[];
}

/**
 * A system in memory, with the real engine and the real journal: data is a text on a shelf (by path), a service is a
 * word, and everything that happens is written into `events`. `db` is restored into a running server, others are not.
 */
export interface World extends AsyncDisposable {
  readonly deps: Deps;
  readonly shelves: Map<string, string>;
  readonly events: string[];
  readonly states: Map<string, ServiceState>;
  readonly points: Point[];
  /** What a run said while it went on, in English. */
  readonly said: string[];
  readonly ports: { port: number }[];
  /** Repositories that do not open, and those that fail while they are read: by error code. */
  readonly broken: Map<string, string>;
  readonly halfway: Map<string, string>;
  /** Components that are found to differ from what was recorded. */
  readonly lies: Set<string>;
  /** What a query gives; default 'yes'. */
  readonly answers: Map<string, string | null>;
  /** `late`: a place has no identity before it exists. */
  identities: 'early' | 'late';
  killAt(event: string): void;
  revive(): void;
  execute(recipe: Recipe): Promise<RunOutcome>;
  resume(run: string, recipe: Recipe): Promise<RunOutcome>;
  setChecks(component: string, checks: string[]): void;
  setGroup(name: string, components: readonly string[]): void;
  /** Done once, when this event happens. */
  arriveAt(event: string, act: () => void): void;
  setScenario(name: string, steps: z.input<typeof ScenarioStep>[]): void;
  forgetPlace(service: string): void;
}

const never = new AbortController().signal;
const sqlCheck = (name: string): PlanCheck => ({ kind: 'sql', name, query: name, max_duration: 250 });
const Shelf = z.strictObject({ path: z.string(), port: z.int().optional() });
type Shelf = z.output<typeof Shelf>;

export async function openWorld(home: string, setup: Setup): Promise<World> {
  const root = rootOf(newRecoveryKey());
  await createInstallation({ home, clock: systemClock, system: 'shop', role: 'writer', version: '0', root });
  const journal = await openJournal({ home, clock: systemClock, mode: 'write' });
  const plan = planOf(setup);
  let abort = new AbortController();
  let fatal: string | undefined;
  const world = {
    shelves: new Map<string, string>(),
    events: [] as string[],
    states: new Map<string, ServiceState>(),
    points: [...setup.points],
    said: [] as string[],
    ports: [] as { port: number }[],
    broken: new Map<string, string>(),
    halfway: new Map<string, string>(),
    lies: new Set<string>(),
    answers: new Map<string, string | null>(),
    identities: 'early' as 'early' | 'late',
  };
  const arriving = new Map<string, () => void>();
  const happen = (event: string): void => {
    world.events.push(event);
    arriving.get(event)?.();
    arriving.delete(event);
    if (event === fatal) abort.abort();
  };
  const kinds = new Map(['shelf', 'rack'].map((name) => [name, kindOf(name, world, happen)]));
  const host = hostOf(happen);
  const deps: Deps = {
    clock: systemClock,
    language: 'en',
    home,
    plan: plan as never,
    journal,
    kinds,
    host: () => host,
    service: (name) => serviceOf(name, world, host, happen),
    repository: (name) => repositoryOf(name, world, happen),
    points: ({ component } = {}) =>
      world.points
        .filter((p) => component === undefined || p.component === component)
        .map((p) => (p.kind === 'shelf' && p.component === 'db' ? { ...p, kind: 'rack' } : p)),
    lost: () => [],
    secret: () => Promise.reject(new TypeError('no secrets here')),
    log: () => {},
  };
  const log: Log = (line) => void world.said.push(typeof line === 'string' ? line : line.en);
  const engine = { journal, clock: systemClock, home, plan: plan.hash, slots: 2, log };
  return {
    ...world,
    get identities() {
      return world.identities;
    },
    set identities(how) {
      world.identities = how;
    },
    deps,
    killAt: (event) => void (fatal = event),
    revive: () => {
      fatal = undefined;
      abort = new AbortController();
    },
    execute: async (recipe) => await execute(recipe, engine, abort.signal),
    resume: async (run, recipe) => await execute(recipe, engine, abort.signal, { run, resume: true }),
    setChecks: (component, checks) => {
      const found = plan.components.get(component);
      if (found !== undefined) found.common.checks = checks.map(sqlCheck);
    },
    setGroup: (name, of) => {
      for (const c of of) Object.assign(plan.components.get(c) ?? {}, { group: name });
    },
    arriveAt: (event, act) => void arriving.set(event, act),
    setScenario: (name, steps) => {
      const parsed = steps.map((s) =>
        'command' in s ? { ...s, command: { env: {}, secrets: {}, timeout: 9000, ...s.command } } : s,
      );
      plan.plan.scenarios[name] = { title: name, steps: parsed, objectives: {} };
    },
    forgetPlace: (service) => {
      const found = plan.plan.services[service];
      if (found !== undefined) found.place = {};
    },
    [Symbol.asyncDispose]: async () => await journal[Symbol.asyncDispose](),
  };
}

type Things = Pick<
  World,
  'shelves' | 'states' | 'ports' | 'broken' | 'halfway' | 'lies' | 'answers' | 'identities'
>;

function planOf(setup: Setup) {
  const objectives = { rpo: 1e12, rto: 60_000 };
  const places: Record<string, object> = {
    pg: { PGPORT: { port: 5432 } },
    app: { DATA: { path: '/srv/web' } },
  };
  const services: Record<string, { kind: string; place: object }> = {};
  const components = new Map(
    Object.entries(setup.components).map(([name, c]) => {
      if (c.service !== undefined) services[c.service] = { kind: 'command', place: places[c.service] ?? {} };
      const command = { argv: ['rebuild', name], env: {}, secrets: {}, timeout: 10_000 };
      const common = {
        depends_on: c.dependsOn ?? [],
        captures: ['daily'],
        checks: (c.checks ?? []).map(sqlCheck),
        ...(c.rebuild === true ? { rebuild: { from: 'command', command } } : {}),
      };
      const spec: Shelf = { path: `/srv/${name}`, ...(name === 'db' ? { port: 5432 } : {}) };
      const kind = name === 'db' ? 'rack' : 'shelf';
      return [
        name,
        {
          name,
          kind,
          spec,
          common,
          host: 'local',
          service: c.service ?? null,
          objectives,
          protections: ['daily'],
          group: null,
        },
      ];
    }),
  );
  const identities = { writer: {}, maintainer: {} };
  const repositories = { main: { role: 'primary', ...identities }, off: { role: 'copy', ...identities } };
  const protections = { daily: { repositories: Object.keys(repositories) } };
  const recovery = { order: [], parallel: 2 };
  const scenarios: Record<string, object> = {};
  const plan = {
    system: 'shop',
    language: 'fr',
    objectives,
    services,
    repositories,
    protections,
    recovery,
    scenarios,
  };
  return { file: '/srv/reprise.yaml', text: 'system: shop', hash: 'a'.repeat(64), plan, components };
}

function kindOf(name: string, world: Things, happen: (event: string) => void): AnyKind {
  const identity = ({ path }: Shelf): string | null =>
    world.identities === 'early' ? `place ${path}` : world.shelves.has(path) ? `inode ${path}` : null;
  const kind = {
    name,
    spec: Shelf,
    defaultMethod: 'whole',
    defaultLevel: 'parsed',
    relocate: (spec: Shelf, place: Place): Shelf => ({
      path: place.path(spec.path),
      ...(spec.port === undefined ? {} : { port: place.port(spec.port) }),
    }),
    isVacant: async (spec: Shelf, at: Context) => {
      if (name === 'rack' && world.states.get('pg') !== 'running' && at.service.kind === 'strict')
        throw new TypeError('the server is down');
      if (spec.port !== undefined) world.ports.push({ port: spec.port });
      const found = world.shelves.get(spec.path) ?? null;
      return { vacant: found === null, found, identity: identity(spec) };
    },
    clear: async (spec: Shelf, at: Context, how: string, suffix: string) => {
      happen(`${how} ${at.component}`);
      const aside = `${spec.path}.${suffix}`;
      if (how === 'aside') world.shelves.set(aside, world.shelves.get(spec.path) ?? '');
      world.shelves.delete(spec.path);
      return how === 'aside' ? aside : null;
    },
    verify: async (spec: Shelf, at: Context): Promise<readonly Finding[]> => {
      at.signal.throwIfAborted();
      const whole = world.shelves.get(spec.path) !== 'half' && !world.lies.has(at.component);
      return [{ verdict: whole ? 'pass' : 'fail', code: 'test.same', subject: at.component, params: {} }];
    },
    query: async (_: Shelf, __: Context, ___: unknown, sql: string) => {
      const answer = world.answers.get(sql);
      return answer === undefined ? 'yes' : answer;
    },
    methods: {
      whole: {
        name: 'whole',
        traits: { restoresInto: name === 'rack' ? 'running' : 'stopped' },
        forecast: async () => ({ scratch: 0, findings: [] }),
        restore: async (
          from: Parameters<AnyKind['methods'][string]['restore']>[0],
          into: { spec: Shelf },
          at: Context,
        ) => {
          world.shelves.set(into.spec.path, 'half');
          happen(`restore ${at.component}`);
          for await (const _ of await from.open('db.x', at.signal)) at.signal.throwIfAborted();
          at.signal.throwIfAborted();
          world.shelves.set(into.spec.path, from.point.id);
          happen(`restored ${at.component}`);
        },
      },
    },
  };
  return kind as unknown as AnyKind;
}

function serviceOf(
  name: string | null,
  { states }: Things,
  host: Host,
  happen: (event: string) => void,
): Service {
  const of = name ?? 'none';
  const become = (verb: string, state: ServiceState) => async (): Promise<void> => {
    if ((states.get(of) ?? 'stopped') === state) return;
    happen(`${verb} ${of}`);
    await systemClock.sleep(20, never); // two at once would be seen
    states.set(of, state);
  };
  return {
    name: of,
    kind: name === null ? 'none' : 'command',
    state: async () => states.get(of) ?? 'stopped',
    ready: async () =>
      judge(states.get(of) === 'running' ? 'pass' : 'fail', 'service.ready', of, { how: '' }),
    stop: become('stop', 'stopped'),
    start: become('start', 'running'),
    pause: become('pause', 'paused'),
    resume: become('resume', 'running'),
    undo: async () => undefined,
    enter: async () => host,
  };
}

const failure = (code: string, repository: string): RepriseError =>
  new RepriseError(code as ErrorCode, { repository, what: 'pack', url: repository, why: '' } as never);

function repositoryOf(
  name: string,
  { broken, halfway }: Things,
  happen: (event: string) => void,
): Repository {
  let state: Buffer | undefined;
  const repository: Partial<Repository> = {
    name,
    id: async () => {
      const code = broken.get(name);
      if (code !== undefined) throw failure(code, name);
      return name;
    },
    backupTree: async ({ root }) => {
      happen(`state ${name}`);
      state = readFileSync(join(root, stateFile));
      return { snapshot: 'b'.repeat(64), bytes: state.length, files: 1 } as never;
    },
    dump: async (_, path) => {
      if (path === `/${stateFile}`) return { body: Readable.from([state]), complete: Promise.resolve() };
      const code = halfway.get(name);
      if (code !== undefined) throw failure(code, name);
      return { body: Readable.from([Buffer.alloc(1000)]), complete: Promise.resolve() };
    },
  };
  return repository as Repository;
}

function hostOf(happen: (event: string) => void): Host {
  const host: Partial<Host> = {
    name: 'local',
    run: async ({ argv }) => {
      happen(argv.join(' '));
      const exit = Promise.resolve({ code: 0, signal: null, stderr: '' });
      return { pid: 1, stdin: null as never, stdout: Readable.from([]), stderr: Readable.from([]), exit };
    },
    stat: async (path) => (existsSync(path) ? ({ type: 'directory', id: '1:1' } as never) : undefined),
    free: async () => 1_000_000,
    mkdir: async (path) => void mkdirSync(path, { recursive: true }),
    write: async (path, body) => writeFileSync(path, body as string),
  };
  return host as Host;
}
