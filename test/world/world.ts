import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';

import type { ErrorReport, Point } from '@reprise/contracts';

import { freePort } from '../testbed/freePort.ts';
import { serverBins } from '../testbed/postgres.ts';
import { ids, must, unprivileged } from '../testbed/process.ts';
import { compiled } from '../testbed/reprise.ts';
import { type PlanOptions, planText } from './plan.ts';

const checkout = join(import.meta.dirname, '../..');
const node = process.execPath;
const bin = join(checkout, 'packages/reprise/src/bin.ts');

export interface RunOptions {
  /** Beside those of the world; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Folders in front of PATH: programs that lie. */
  readonly path?: readonly string[];
  readonly input?: string;
  readonly cwd?: string;
  /** Another `$REPRISE_HOME`, another plan file: another machine. */
  readonly home?: string;
  readonly plan?: string;
}
export interface Result {
  /** null: ended by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The document of `--json`; undefined where stdout is none. */
  // A test looks into documents of every command; the schemas are proven elsewhere.
  // oxlint's no-explicit-any is not on: the type says what it is.
  readonly json: any;
  /** The error's code, wherever it stands: the command's own, or of its first failed step. */
  readonly error: string | undefined;
}
export interface WorldOptions extends Partial<Pick<PlanOptions, 'copy' | 'without'>> {
  /** Changes the plan's text before it is used. */
  readonly plan?: (text: string) => string;
  /** Where the repositories lie, if not in the world's own folder: `{primary: '/mnt/small/r'}`. */
  readonly urls?: Readonly<Record<string, string>>;
  /** Makes keys and repositories (default true). */
  readonly init?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** A small system with real servers, and the real command line on it. Everything is below `dir`. */
export interface World extends AsyncDisposable {
  readonly dir: string;
  readonly home: string;
  readonly planFile: string;
  readonly pgBin: string;
  readonly recoveryKey: string;
  readonly env: Readonly<Record<string, string>>;
  readonly live: (path: string) => string;
  /** `reprise <args> --json`, to its end. */
  run(args: readonly string[], options?: RunOptions): Promise<Result>;
  /** The same, started only: to be killed. */
  start(
    args: readonly string[],
    options?: RunOptions,
  ): Promise<{ child: ChildProcess; result: Promise<Result> }>;
  /** Insists on an exit code; the message says what was printed. */
  ok(args: readonly string[], options?: RunOptions & { readonly exit?: number }): Promise<Result>;
  points(component?: string): Promise<readonly Point[]>;
  /** What the repositories alone prove: `catalogue rebuild`, then the points. */
  rebuiltPoints(component?: string): Promise<readonly Point[]>;
  psql(sql: string, database?: string): Promise<string>;
  sqlite(sql: string): Promise<string>;
  /** Does the application answer? */
  answers(): Promise<boolean>;
  /** kill -9 and rm: servers and data, not the repositories. */
  destroy(...what: readonly ('db' | 'app' | 'config')[]): Promise<void>;
  /** Restores every point of the list into a directory of its own, and insists that it succeeds. */
  restores(points: readonly Point[]): Promise<void>;
}

export async function makeWorld(options: WorldOptions = {}): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'rw-'));
  await chmod(dir, 0o755); // PostgreSQL's own user must get to its data
  const pgBin = (await serverBins())[0]?.bin;
  if (pgBin === undefined) throw new Error('no PostgreSQL under /usr/lib/postgresql: make setup');
  const user = unprivileged();
  const without = options.without ?? [];
  const ports = { pgPort: await freePort(), appPort: await freePort() };
  const app = join(import.meta.dirname, 'app.mjs');
  const planFile = join(dir, 'reprise.yaml');
  const home = join(dir, '.reprise');
  const copy = options.copy ?? true;
  let plan = planText({ dir, bin: pgBin, ...ports, node, app, user, copy, without });
  for (const [name, url] of Object.entries(options.urls ?? {}))
    plan = plan.replace(`url: ${join(dir, name)}`, `url: ${url}`);
  await writeFile(planFile, options.plan?.(plan) ?? plan);
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    LANG: 'C.UTF-8',
    HOME: dir,
    ...compiled,
    ...options.env,
  };
  const live = (path: string): string => join(dir, 'live', path);
  const pgEnv = { PGHOST: live('pg/s'), PGPORT: String(ports.pgPort), PGUSER: 'postgres' };
  let recoveryKey = '';

  const world: World = {
    dir,
    home,
    planFile,
    pgBin,
    env,
    live,
    get recoveryKey() {
      return recoveryKey;
    },
    async start(args, { path = [], input = '', cwd = dir, ...o } = {}) {
      const all = { ...env, ...o.env, PATH: [...path, o.env?.['PATH'] ?? env['PATH'] ?? ''].join(delimiter) };
      const argv = [bin, '--plan', o.plan ?? planFile, '--home', o.home ?? home, ...args, '--json'];
      const child = spawn(node, argv, { cwd, env: all, stdio: ['pipe', 'pipe', 'pipe'] });
      await once(child, 'spawn');
      child.stdin.on('error', () => {});
      child.stdin.end(input);
      const result = (async (): Promise<Result> => {
        const [[code], stdout, stderr] = await Promise.all([
          once(child, 'exit') as Promise<[number | null]>,
          text(child.stdout),
          text(child.stderr),
        ]);
        const json = parse(stdout);
        return { code, stdout, stderr, json, error: errorIn(json) };
      })();
      return { child, result };
    },
    run: async (args, o) => await (await world.start(args, o)).result,
    async ok(args, { exit = 0, ...o } = {}) {
      const result = await world.run(args, o);
      if (result.code !== exit)
        throw new Error(
          `reprise ${args.join(' ')}: exit ${result.code}, not ${exit}\n${result.stdout}\n${result.stderr}`,
        );
      return result;
    },
    points: async (component) =>
      (await world.ok(['points', ...(component === undefined ? [] : [component])])).json.points,
    async rebuiltPoints(component) {
      await world.ok(['catalogue', 'rebuild']);
      return await world.points(component);
    },
    psql: async (sql, database = 'shop') =>
      (
        await must(['psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', database, '-c', sql], { env: pgEnv })
      ).trimEnd(),
    sqlite: async (sql) => (await must(['sqlite3', live('app/notes.db'), sql])).trimEnd(),
    answers: async () =>
      await fetch(`http://127.0.0.1:${ports.appPort}`).then(
        (r) => r.ok,
        () => false,
      ),
    async destroy(...what) {
      for (const part of what.length === 0 ? (['db', 'app', 'config'] as const) : what) {
        if (part === 'db') await killPostgres(live('pg/data'));
        if (part === 'app') await must([node, app, 'stop', live('app.pid')]);
        await rm(live(part === 'db' ? 'pg' : part), { recursive: true, force: true });
        if (part === 'db') await mkdirAs(live('pg'), user);
      }
    },
    async restores(points) {
      for (const [i, point] of points.entries()) {
        const to = join(dir, 'restored', `${Date.now()}-${i}`);
        await mkdir(to, { recursive: true });
        await chmod(to, 0o777); // the server's user makes its folders there
        await world.ok(['restore', point.component, '--point', point.id, '--to', `directory:${to}`], {
          exit: 0,
        });
        await endBelow(to, node, app);
      }
    },
    async [Symbol.asyncDispose]() {
      await must([node, app, 'stop', live('app.pid')]).catch(() => {});
      await endBelow(dir, node, app);
      await killPostgres(live('pg/data'));
      await rm(dir, { recursive: true, force: true });
    },
  };

  await mkdir(join(dir, 'scratch'), { mode: 0o755 });
  await make(world, { pgBin, user, without, app, ...ports });
  if (options.init !== false) recoveryKey = (await world.ok(['init', '--yes'])).json.recovery_key;
  return world;
}

interface Making extends Pick<PlanOptions, 'user' | 'without' | 'pgPort' | 'appPort' | 'app'> {
  readonly pgBin: string;
}

/** The live system, with a little data. */
async function make(world: World, o: Making): Promise<void> {
  const { live } = world;
  if (!o.without.includes('db')) {
    await mkdirAs(live('pg'), o.user);
    await mkdirAs(live('pg/s'), o.user);
    await must(
      [
        join(o.pgBin, 'initdb'),
        '--no-sync',
        '-D',
        live('pg/data'),
        '-U',
        'postgres',
        '-A',
        'trust',
        '-E',
        'UTF8',
        '--locale=C.UTF-8',
      ],
      { user: o.user },
    );
    await must(
      [
        join(o.pgBin, 'pg_ctl'),
        '-D',
        live('pg/data'),
        '-l',
        live('pg/data.log'),
        '-w',
        '-o',
        `-p ${o.pgPort} -k ${live('pg/s')} -c fsync=off -c listen_addresses=127.0.0.1`,
        'start',
      ],
      { user: o.user },
    );
    await world.psql('create database shop', 'postgres');
    await world.psql(
      `create table customers (id int primary key, name text not null);
       create table orders (id int primary key, customer int not null references customers, total numeric(9,2));
       insert into customers select n, 'customer ' || n from generate_series(1, 50) n;
       insert into orders select n, 1 + n % 50, n * 1.5 from generate_series(1, 500) n`,
    );
  }
  if (!o.without.includes('app')) {
    await mkdir(live('app/uploads'), { recursive: true });
    for (const name of ['a.txt', 'b.txt', 'c.txt'])
      await writeFile(live(`app/uploads/${name}`), `upload ${name}\n`);
    await world.sqlite(
      `pragma journal_mode = wal; create table notes (id integer primary key, file text not null);
       insert into notes (file) values ('a.txt'), ('b.txt'), ('c.txt')`,
    );
    await must([node, o.app, 'start', String(o.appPort), live('app.pid')]);
  }
  if (!o.without.includes('config')) {
    await mkdir(live('config'), { recursive: true });
    await writeFile(live('config/.env'), 'DB_PASSWORD=canary-in-the-file\n', { mode: 0o600 });
  }
}

async function mkdirAs(folder: string, user: string | undefined): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (user === undefined) return;
  const { uid, gid } = ids(user);
  await chown(folder, uid, gid);
}

async function killPostgres(data: string): Promise<void> {
  if (!existsSync(join(data, 'postmaster.pid'))) return;
  await must([
    'sh',
    '-c',
    `pid=$(head -1 '${data}/postmaster.pid'); children=$(ps -o pid= --ppid "$pid"); kill -9 $pid $children 2>/dev/null; while kill -0 $pid 2>/dev/null; do sleep 0.02; done; true`,
  ]);
}

/** Servers that a restore into a directory has started. */
async function endBelow(folder: string, nodeBin: string, app: string): Promise<void> {
  const found = await must([
    'sh',
    '-c',
    `find '${folder}' \\( -name postmaster.pid -o -name app.pid \\) 2>/dev/null || true`,
  ]);
  for (const file of found.split('\n').filter(Boolean))
    if (file.endsWith('app.pid')) await must([nodeBin, app, 'stop', file]).catch(() => {});
    else await killPostgres(file.slice(0, -'/postmaster.pid'.length));
}

function parse(stdout: string): any {
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

const errorIn = (json: any): string | undefined =>
  (json as Partial<ErrorReport> | undefined)?.error?.code ??
  json?.run?.steps?.find((s: { error: { code: string } | null }) => s.error !== null)?.error.code;
