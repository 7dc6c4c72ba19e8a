import { existsSync } from 'node:fs';
import { appendFile, chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { freePort } from './freePort.ts';
import {
  type Finished,
  type Server,
  children,
  ids,
  must,
  run,
  serve,
  unprivileged,
  until,
} from './process.ts';

export interface PostgresOptions {
  /** Folder with `initdb` and `postgres`; default: the newest of the system's. */
  readonly bin?: string;
  readonly port?: number;
  /** The system's user the server runs as; default: `postgres` for root, else ourselves. */
  readonly user?: string;
  /** The database's superuser; default `postgres`. With `password`, TCP and socket ask for it (SCRAM). */
  readonly superuser?: string;
  readonly password?: string;
  /** No fsync (default true): quick, and no use for a test of what survives a power loss. */
  readonly fast?: boolean;
  /** More lines for postgresql.conf. */
  readonly settings?: readonly string[];
  readonly initdb?: readonly string[];
}

/** A real cluster in a temporary folder. */
export interface Cluster extends AsyncDisposable {
  readonly bin: string;
  /** The temporary folder; `data` and `socket` are inside or equal to it. */
  readonly directory: string;
  readonly data: string;
  readonly socket: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly superuser: string;
  /** e.g. 15 */
  readonly major: number;
  /** The variables with which any client reaches the server over its socket. */
  readonly env: Readonly<Record<string, string>>;
  /** Rows of the last statement, unaligned, without header. Throws what the server said. */
  psql(sql: string, database?: string): Promise<string>;
  start(): Promise<void>;
  /** Orderly, at once ("fast"). */
  stop(): Promise<void>;
  /** The server and all its backends, as a crash would end them; returns when all are gone. */
  kill9(): Promise<void>;
  running(): boolean;
}

/** Folders with server programs, newest first. */
export async function serverBins(): Promise<{ major: number; bin: string }[]> {
  const lib = '/usr/lib/postgresql';
  const found = existsSync(lib) ? await readdir(lib) : [];
  return found
    .map((name) => ({ major: Number(name), bin: join(lib, name, 'bin') }))
    .filter(({ bin }) => existsSync(join(bin, 'initdb')))
    .toSorted((a, b) => b.major - a.major);
}

/**
 * Makes, starts and hands out a cluster. Disposing stops it and removes its folder; it also stops if the test process
 * dies (`--pdeathsig`).
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<Cluster> {
  const bin = options.bin ?? (await serverBins())[0]?.bin;
  if (bin === undefined) throw new Error('no PostgreSQL server under /usr/lib/postgresql: run "make setup"');
  const user = options.user ?? unprivileged();
  const directory = await mkdtemp(join(tmpdir(), 'rp-pg-')); // short: a socket's path ends at 107 bytes
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    if (user !== undefined) {
      const { uid, gid } = ids(user);
      await chown(directory, uid, gid);
    }
    const cluster = await make(options, bin, user, directory);
    await cluster.start();
    return cluster;
  } catch (error) {
    await remove();
    throw error;
  }
}

async function make(
  options: PostgresOptions,
  bin: string,
  user: string | undefined,
  directory: string,
): Promise<Cluster> {
  const data = join(directory, 'data');
  const superuser = options.superuser ?? 'postgres';
  const port = options.port ?? (await freePort());
  await initdb(options, { bin, user, data, superuser, directory });
  await appendFile(join(data, 'postgresql.conf'), settings(options, port, directory));
  const env: Record<string, string> = {
    PGHOST: directory,
    PGPORT: String(port),
    PGUSER: superuser,
    PGCONNECT_TIMEOUT: '10',
    ...(options.password === undefined ? {} : { PGPASSWORD: options.password }),
  };
  const client = async (sql: string, database: string): Promise<Finished> =>
    run(['psql', '-X', '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1', '-d', database, '-f', '-'], {
      env,
      input: sql,
    });
  let server: Server | undefined;

  const cluster: Cluster = {
    bin,
    directory,
    data,
    socket: directory,
    port,
    user,
    superuser,
    major: Number(/ (\d+)/.exec(await must([join(bin, 'postgres'), '--version']))?.[1]),
    env,
    running: () => server?.running() ?? false,
    async psql(sql, database = 'postgres') {
      const { code, stdout, stderr } = await client(sql, database);
      if (code !== 0) throw new Error(`psql ended with ${code}: ${stderr.trim()}`);
      return stdout.trimEnd();
    },
    async start() {
      if (cluster.running()) return;
      const started = await serve([join(bin, 'postgres'), '-D', data], { user, deathSignal: 'INT' });
      server = started;
      await until(
        async () => (await client('select 1', 'postgres')).code === 0,
        30,
        () => `PostgreSQL is not ready on port ${port}: ${started.said()}`,
        () => started.running(),
      );
    },
    async stop() {
      await server?.end('SIGINT');
    },
    async kill9() {
      if (server === undefined || !server.running()) return;
      const backends = children(server.pid);
      await server.end('SIGKILL');
      // They notice that the postmaster died, but in their own time; a crash does not wait.
      for (const pid of backends) endIfAlive(pid);
      while (backends.some((pid) => existsSync(`/proc/${pid}`))) await sleep(10);
    },
    async [Symbol.asyncDispose]() {
      await cluster.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return cluster;
}

const endIfAlive = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It had already ended.
  }
};

async function initdb(
  options: PostgresOptions,
  at: { bin: string; user: string | undefined; data: string; superuser: string; directory: string },
): Promise<void> {
  const auth = options.password === undefined ? 'trust' : 'scram-sha-256';
  const cluster = ['-D', at.data, '-U', at.superuser, '-A', auth, '-E', 'UTF8', '--locale=C.UTF-8'];
  const password = options.password === undefined ? [] : ['--pwfile=/dev/stdin'];
  const argv = [join(at.bin, 'initdb'), '--no-sync', ...cluster, ...password, ...(options.initdb ?? [])];
  // A pipe of the shell's: what Node hands out as stdin is a socket, which cannot be opened by its name.
  const piped = ['sh', '-c', 'cat | "$@"', 'initdb', ...argv];
  await must(piped, { user: at.user, input: `${options.password ?? ''}\n`, cwd: at.directory });
}

const settings = (options: PostgresOptions, port: number, socket: string): string =>
  [
    '',
    `port = ${port}`,
    `listen_addresses = '127.0.0.1'`,
    `unix_socket_directories = '${socket}'`,
    `logging_collector = off`,
    `max_connections = 40`,
    `shared_buffers = '64MB'`,
    ...((options.fast ?? true) ? ['fsync = off', 'synchronous_commit = off', 'full_page_writes = off'] : []),
    ...(options.settings ?? []),
    '',
  ].join('\n');
