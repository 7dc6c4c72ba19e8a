import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import type { SecretRef } from '@reprise/contracts';

import type { Host } from './hosts/host.ts';
import { limited } from './hosts/limited.ts';
import { localHost } from './hosts/local.ts';
import { resolveSecret } from './hosts/secrets.ts';
import { openJournal } from './journal/store.ts';
import { systemClock, type Clock } from './lib/clock.ts';
import { isError, RepriseError } from './lib/errors/index.ts';
import type { Language, Log } from './lib/language.ts';
import type { Secret } from './lib/secret.ts';
import { version } from './lib/version.ts';
import type { Loaded } from './plan/load.ts';
import { buildOf, recallPlan, rememberPlan } from './plan/remember.ts';
import type { ResolvedPlan } from './plan/resolved.ts';
import { kindsAndProducts as kinds } from './products/registry.ts';
import { openRepository } from './repository/open.ts';
import { keyIdFile } from './repository/password.ts';
import { Catalogue } from './runs/catalogue.ts';
import type { Deps } from './runs/deps.ts';
import type { Moment } from './runs/engine.ts';
import { isAlive, leftDown, leftDownText } from './runs/left-down.ts';
import { defaultScratch, scratchOf } from './runs/own-places.ts';
import type { Machine, SetUp } from './runs/setup.ts';
import { makeService } from './services/make.ts';

export interface AppOptions {
  /** As typed; default `reprise.yaml`. */
  readonly planFile: string;
  /** `$REPRISE_HOME`; default: `.reprise/` beside the plan. */
  readonly home?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly language: Language;
  /** Progress, on stderr; never a secret. */
  readonly log: Log;
}
export type App = Deps & AsyncDisposable;

const homeOf = ({ home, env, planFile }: Pick<AppOptions, 'home' | 'env' | 'planFile'>): string =>
  resolve(home ?? env['REPRISE_HOME'] ?? join(dirname(resolve(planFile)), '.reprise'));

const planBytes = async (planFile: string): Promise<Buffer> =>
  await readFile(planFile).catch((e: NodeJS.ErrnoException) => {
    throw new RepriseError('plan.unreadable', { file: planFile, why: e.code ?? e.message }, { cause: e });
  });

/** YAML and its checks are only loaded where a plan is read. */
async function load({ planFile, env }: PlanOptions, text: string | Uint8Array): Promise<Loaded> {
  const { loadPlan } = await import('./plan/load.ts');
  return loadPlan({ file: planFile, text, env, kinds });
}

type PlanOptions = Pick<AppOptions, 'planFile' | 'env'>;

/** Reads the plan. Throws `plan.unreadable` where there is none. */
const readPlan = async (options: PlanOptions): Promise<Loaded> =>
  await load(options, await planBytes(options.planFile));

/** The plan, or `plan.invalid` (exit 2) that says how many errors `plan check` lists. */
export async function requirePlan(options: PlanOptions): Promise<ResolvedPlan> {
  const { plan, problems } = await readPlan(options);
  if (plan === undefined)
    throw new RepriseError('plan.invalid', { file: options.planFile, count: problems.length });
  return plan;
}

/** As it was last read, where nothing has changed since. */
async function shownPlan(options: PlanOptions, home: string): Promise<ResolvedPlan> {
  const bytes = await planBytes(options.planFile);
  return recallPlan({ home, build }, { file: options.planFile, bytes }) ?? (await requirePlan(options));
}
const build = buildOf(import.meta.url);

/**
 * Everything a recipe needs, for a plan whose installation exists. `read`: neither locks nor writes. `glance`: nor
 * reads the plan where it is remembered: for what is seen and gone, not for what somebody acts by. Throws `plan.*` and
 * `journal.*`.
 */
export async function openApp(options: AppOptions, mode: 'glance' | 'read' | 'write'): Promise<App> {
  const home = homeOf(options);
  const plan = mode === 'glance' ? await shownPlan(options, home) : await requirePlan(options);
  const clock = systemClock;
  await using opened = new AsyncDisposableStack();
  const journal = opened.use(
    await openJournal({
      home,
      clock,
      mode: mode === 'write' ? 'write' : 'read',
      system: plan.plan.system,
    }),
  );
  const left = leftDown({ journal, plan }, isAlive);
  if (left !== undefined) options.log(leftDownText(left));
  if (mode === 'write') rememberPlan({ home, build }, plan);
  const machine = opened.use(machineOf({ ...options, plan, home, clock }));
  const catalogue = new Catalogue(journal, clock);
  const at = killAt(options.env);
  const owned = opened.move();
  return {
    clock,
    language: options.language,
    home,
    plan,
    journal,
    kinds,
    ...machine,
    points: (filter) => catalogue.points(filter),
    lost: () => catalogue.now().lost,
    log: options.log,
    at,
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

/** What each command of the command line does; loaded when it is asked for. */
export const commands = {
  backup: () => import('./runs/backup-command.ts'),
  bootstrap: () => import('./runs/bootstrap.ts'),
  catalogue: () => import('./runs/catalogue-rebuild.ts'),
  doctor: () => import('./runs/doctor.ts'),
  due: () => import('./runs/due.ts'),
  init: () => import('./runs/init.ts'),
  join: () => import('./runs/join.ts'),
  journal: () => import('./runs/journal.ts'),
  kit: () => import('./runs/kit.ts'),
  kitCheck: () => import('./runs/kit-check.ts'),
  maintain: () => import('./runs/maintain-command.ts'),
  plan: () => import('./runs/plan-command.ts'),
  points: () => import('./runs/points.ts'),
  preview: () => import('./runs/preview.ts'),
  recovery: () => import('./runs/recovery-command.ts'),
  recoveryText: () => import('./recovery/text.ts'),
  report: () => import('./runs/report.ts'),
  resume: () => import('./runs/resume.ts'),
  status: () => import('./runs/status.ts'),
  verify: () => import('./runs/verify.ts'),
} as const;

/** What there is before there is an installation. */
export function setUp(options: AppOptions): SetUp {
  const home = homeOf(options);
  return {
    clock: systemClock,
    language: options.language,
    env: options.env,
    planFile: options.planFile,
    home,
    version,
    kinds,
    log: options.log,
    readPlan: async () => {
      try {
        return await readPlan(options);
      } catch (e) {
        if (isError(e, 'plan.unreadable') && e.params.why === 'ENOENT') return undefined;
        throw e;
      }
    },
    loadPlan: async (text) => await load(options, text),
    machine: (plan) => machineOf({ ...options, plan, home, clock: systemClock }),
    localHost: () => localHost({ run: null, scratchRoot: defaultScratch(), clock: systemClock }),
    machineKeyFile: (repository) => machineKeyFile(home, repository),
    open: async (mode) => await openApp(options, mode),
  };
}

export interface MachineOptions extends AppOptions {
  readonly plan: ResolvedPlan;
  readonly home: string;
  readonly clock: Clock;
}

/**
 * Hosts, services, repositories and secrets of a plan: all that works without a journal (`init`, `bootstrap`,
 * `doctor`).
 */
export function machineOf({ plan, home, clock, env, log }: MachineOptions): Machine {
  const hosts = new Map<string, Host>();
  const host = (name: string, run: string | null): Host => {
    const key = `${name}\0${run ?? ''}`;
    const known = hosts.get(key);
    if (known !== undefined) return known;
    const kind = plan.plan.hosts[name]?.kind ?? 'local';
    if (kind !== 'local') throw new RepriseError('host.unsupported', { host: name, kind });
    const free = localHost({ name, run, scratchRoot: scratchOf(plan), clock });
    const max = plan.plan.recovery.scratch_max;
    const made = max === undefined ? free : limited(free, max, scratchOf(plan));
    hosts.set(key, made);
    return made;
  };
  const secret = async (ref: SecretRef, signal: AbortSignal): Promise<Secret> =>
    await resolveSecret(ref, { host: host('local', null), env }, signal);
  return {
    host,
    secret,
    service: (name, place, run) => {
      const service = name === null ? null : (plan.plan.services[name] ?? null);
      return makeService({
        name: name ?? 'none',
        plan: service,
        place,
        host: host(service?.host ?? 'local', run),
        clock,
        secret,
      });
    },
    repository: (name, identity, run) => {
      const repository = plan.plan.repositories[name];
      if (repository === undefined) throw new TypeError(`no repository ${name} in the plan`);
      const { url, env: credentials } = repository[identity];
      // What differs between the two identities is how the backend is reached; one password opens the same repository.
      const password = repository[identity].password ?? repository.writer.password;
      return openRepository({
        name,
        url: url ?? repository.url,
        identity,
        system: plan.plan.system,
        host: host('local', run),
        home,
        clock,
        password:
          password === undefined
            ? { file: machineKeyFile(home, name) }
            : { secret: async (signal) => await secret(password, signal) },
        keyHint: password === undefined ? keyHintOf(home, name) : undefined,
        lockWait: lockWaitOf(plan),
        credentials: async (signal) =>
          Object.fromEntries(
            await Promise.all(
              Object.entries(credentials).map(async ([k, ref]) => [k, await secret(ref, signal)] as const),
            ),
          ),
        log,
      });
    },
    async [Symbol.asyncDispose]() {
      await using all = new AsyncDisposableStack();
      for (const each of hosts.values()) all.use(each);
    },
  };
}

/** Which of a repository's keys the machine key is; a wrong hint costs time, nothing else. */
function keyHintOf(home: string, repository: string): string | undefined {
  try {
    return readFileSync(keyIdFile(machineKeyFile(home, repository)), 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** A backup that waits for a lock longer than a quarter of the shortest RPO would rather fail loudly. */
export function lockWaitOf({ components }: Pick<ResolvedPlan, 'components'>): number {
  const objectives = [...components.values()].flatMap((c) => c.objectives.rpo ?? []);
  return Math.min(300_000, ...objectives.map((ms) => Math.floor(ms / 4)));
}

/** The password of a repository that `init` or `bootstrap` made for this machine; 0600. */
const machineKeyFile = (home: string, repository: string): string =>
  join(home, 'keys', `repository-${repository}`);

/** `REPRISE_TEST_KILL=<moment>@<step>`: dies there, and can do nothing else (docs/adr/0006). */
function killAt(env: AppOptions['env']): Deps['at'] {
  const at = env['REPRISE_TEST_KILL'];
  if (at === undefined) return undefined;
  return (moment: Moment, step: string) => {
    if (`${moment}@${step}` === at) process.kill(process.pid, 'SIGKILL');
  };
}
