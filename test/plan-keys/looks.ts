import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { SecretRef } from '@reprise/contracts';

import { machineOf } from '../../packages/reprise/src/app.ts';
import { point } from '../../packages/reprise/src/catalogue/fixtures.ts';
import { select } from '../../packages/reprise/src/catalogue/retention.ts';
import type { FilesSpec } from '../../packages/reprise/src/kinds/files/spec.ts';
import { survey, treeAt } from '../../packages/reprise/src/kinds/files/tree.ts';
import { openAccess } from '../../packages/reprise/src/kinds/postgres/access.ts';
import type { PostgresSpec } from '../../packages/reprise/src/kinds/postgres/spec.ts';
import { kinds } from '../../packages/reprise/src/kinds/registry.ts';
import { find } from '../../packages/reprise/src/kinds/sqlite/file.ts';
import type { SqliteSpec } from '../../packages/reprise/src/kinds/sqlite/spec.ts';
import { systemClock } from '../../packages/reprise/src/lib/clock.ts';
import { wordsOf } from '../../packages/reprise/src/lib/findings/index.ts';
import { explain } from '../../packages/reprise/src/plan/explain.ts';
import { feasibility } from '../../packages/reprise/src/plan/feasibility.ts';
import { noHistory } from '../../packages/reprise/src/plan/history.ts';
import { loadPlan } from '../../packages/reprise/src/plan/load.ts';
import type { ResolvedPlan } from '../../packages/reprise/src/plan/resolved.ts';
import { runChecks } from '../../packages/reprise/src/recovery/checks/index.ts';
import { stopwatch } from '../../packages/reprise/src/recovery/measure.ts';
import { directoryPlace, inSitu } from '../../packages/reprise/src/recovery/place.ts';
import { recoveryKit } from '../../packages/reprise/src/runs/kit.ts';
import { due } from '../../packages/reprise/src/schedule/due.ts';

/** What somebody sees of a plan; `folder` is that of `basePlan`. */
export type Look = (plan: ResolvedPlan, folder: string) => unknown;

const signal = new AbortController().signal;
const now = new Date('2026-06-15T12:00:00.000Z');
const env = { FROM_ENV: 'one', OTHER_ENV: 'two', PASSWORD: 'pass', OTHER_PASSWORD: 'word' };

export const load = (plan: unknown) =>
  loadPlan({ file: 'reprise.yaml', text: JSON.stringify(plan), env, kinds });

/** What `plan check`, `plan explain`, `due` and `kit` say. */
export const words: Look = (plan) => ({
  check: feasibility(plan, noHistory, now, kinds).map((f) => [f.verdict, f.code, wordsOf(f, 'en')]),
  explain: explain(plan, noHistory, now, kinds),
  due: due(plan, { last: () => null }, now).map(({ unit, protection, components, next, overdue }) => [
    unit,
    protection,
    components,
    next,
    overdue,
  ]),
  kit: recoveryKit({
    plan,
    home: '/home',
    clock: { ...systemClock, now: () => now },
    journal: { installation: 'i' },
    points: () => [],
    kinds,
  } as never).text,
});

/** Which of many points stay. */
const keptFor =
  (protection: string | null): Look =>
  (plan) => {
    const ages = [1, 2, 3, 25, 26, 49, 170, 340, 800, 1600, 9000, 18_000];
    const points = ages.map((h) => point({ asOf: new Date(now.getTime() - h * 3_600_000).toISOString() }));
    const { decisions } = select({
      repository: 'primary',
      points,
      retention: () => plan.retention(protection, 'primary'),
      now,
      shortestInterval: null,
    });
    return decisions.map((d) => [d.keep, d.reasons]);
  };
export const kept = keptFor('daily');
export const keptSpecially = keptFor('special');

const machine = (plan: ResolvedPlan, folder: string) =>
  machineOf({
    plan,
    planFile: 'reprise.yaml',
    home: folder,
    clock: systemClock,
    env,
    language: 'en',
    log: () => {},
  });
const log = (folder: string): string => {
  const file = join(folder, 'log');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  rmSync(file, { force: true });
  return text;
};

/** What the service's command did, on this machine or where a recovery puts it. */
const serviceAt =
  (act: 'start' | 'stop' | 'ready' | 'state' | 'pause' | 'resume', elsewhere: boolean): Look =>
  async (plan, folder) => {
    await using at = machine(plan, folder);
    const place = elsewhere
      ? directoryPlace(
          '/other',
          new Map([
            [15_432, 25_432],
            [15_433, 25_433],
          ]),
        )
      : inSitu;
    log(folder);
    const earlier = { start: 'stopped', resume: 'paused' } as const;
    writeFileSync(join(folder, 'state'), earlier[act as 'start'] ?? 'running', { mode: 0o666 });
    const app = at.service('app', place, null);
    const said = await app[act](signal).catch((e: unknown) => String(e));
    return [typeof said === 'string' ? said : (said ?? null), log(folder)];
  };
export const service = {
  start: serviceAt('start', false),
  stop: serviceAt('stop', false),
  ready: serviceAt('ready', false),
  state: serviceAt('state', false),
  pause: serviceAt('pause', false),
  resume: serviceAt('resume', false),
} as const;
export const elsewhere = serviceAt('ready', true);

/** What restic is given: address, password, credentials. */
export const restic =
  (repository: string, identity: 'writer' | 'maintainer'): Look =>
  async (plan, folder) => {
    await using at = machine(plan, folder);
    log(folder);
    await at
      .repository(repository, identity, null)
      .id(signal)
      .catch(() => {});
    return log(folder);
  };

/** What working room is and where. */
export const scratch: Look = async (plan, folder) => {
  await using at = machine(plan, folder);
  try {
    await using room = await at.host('local', null).scratch(64 * 1024 * 1024, signal);
    return room.path.startsWith(join(folder, 'scratch'));
  } catch (e) {
    return String(e);
  }
};

/** What the checks of a component find. */
export const checks: Look = async (plan, folder) => {
  await using at = machine(plan, folder);
  const component = plan.components.get('db');
  if (component === undefined) return 'none';
  log(folder);
  const asked: string[] = [];
  const kind = {
    query: async (_: unknown, __: unknown, database: unknown, sql: string) => {
      asked.push(`${String(database)} ${sql}`);
      return sql.includes('count') ? '2' : '1';
    },
  };
  const context = {
    host: at.host('local', null),
    signal,
    clock: systemClock,
    secret: async (ref: never) => at.secret(ref, signal),
  };
  const target = { component, kind, place: inSitu, spec: component.spec, context } as never;
  const { findings } = await runChecks(
    { plan, clock: systemClock } as never,
    target,
    { inventory: null },
    stopwatch(systemClock, systemClock.now(), true),
  );
  return [
    asked,
    findings.map(({ verdict, params: { ms: _ms, tries: _tries, ...rest } }) => [verdict, rest]),
    log(folder),
  ];
};

/** What of a folder would be captured. */
export const uploads: Look = async (plan, folder) => {
  await using at = machine(plan, folder);
  const spec = plan.components.get('uploads')?.spec as unknown as FilesSpec;
  const tree = treeAt(spec.path, spec);
  const { files, includes, missing } = await survey(tree, {
    host: at.host('local', null),
    signal,
  } as never);
  return [spec.path, files, includes?.map(String), missing, tree.oneFileSystem];
};

const context = (at: ReturnType<typeof machine>, component: string) =>
  ({
    component,
    host: at.host('local', null),
    signal,
    secret: async (ref: SecretRef) => await at.secret(ref, signal),
  }) as never;

/** The file that sqlite3 is given, as whom, and how patient it is. */
export const sqliteFile: Look = async (plan, folder) => {
  await using at = machine(plan, folder);
  const spec = plan.components.get('db')?.spec as unknown as SqliteSpec;
  return await find(spec, context(at, 'db')).then((f) => f?.database ?? null);
};

/** How psql is called for the maintenance database, with what password. */
export const psql: Look = async (plan, folder) => {
  await using at = machine(plan, folder);
  const spec = plan.components.get('pg')?.spec as unknown as PostgresSpec;
  await using access = await openAccess(spec, context(at, 'pg'));
  const { argv, env: given, user } = access.command('psql', spec.connection.database, []);
  const { PGPASSFILE: file, ...rest } = given ?? {};
  return [argv, rest, user, file === undefined ? null : readFileSync(file, 'utf8')];
};
