import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, chown, lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { Setting } from './setting.ts';
import type { Stage } from './stage.ts';

const app = join(import.meta.dirname, 'portfolio.mjs');

/** The small system of the performance: a server with its data, an application with rows and files, settings. */
export class System {
  readonly #s: Setting;
  readonly #stage: Stage;
  constructor(s: Setting, stage: Stage) {
    this.#s = s;
    this.#stage = stage;
  }

  /** `argv` as the user PostgreSQL runs as. */
  #as(argv: readonly string[]): readonly string[] {
    const user = this.#s.pgUser;
    return user === undefined ? argv : ['runuser', '-u', user, '--', ...argv];
  }

  async make(): Promise<void> {
    await this.#makePostgres();
    await this.#makePortfolio();
    await this.#makeConfig();
  }

  async #makePostgres(): Promise<void> {
    const { pgData, pgSocket, pgPort, pgBin, pgUser, pgSuperuser } = this.#s;
    for (const folder of [pgData, pgSocket]) {
      await mkdir(folder, { recursive: true });
      if (pgUser !== undefined) await this.#stage.must(['chown', `${pgUser}:`, folder]);
    }
    await chmod(pgData, 0o700);
    const names = ['-U', pgSuperuser, '--auth-local=peer', '--auth-host=scram-sha-256'];
    const kind = ['-E', 'UTF8', '--locale=C.UTF-8'];
    await this.#stage.must(this.#as([join(pgBin, 'initdb'), '--no-sync', '-D', pgData, ...names, ...kind]));
    // A server that is killed leaves its shared memory behind; this one keeps what it can in its own folder.
    const options = `-p ${pgPort} -k ${pgSocket} -c dynamic_shared_memory_type=mmap`;
    const start = ['-D', pgData, '-l', join(pgData, 'log'), '-w', '-o', options, 'start'];
    await this.#stage.must(this.#as([join(pgBin, 'pg_ctl'), ...start]));
    await this.psql(`create role ceredis login password '${this.#password}'`, 'postgres');
    await this.psql('create database ceredis', 'postgres');
    await this.psql(readFileSync(join(import.meta.dirname, 'ceredis.sql'), 'utf8'));
  }
  readonly #password = randomBytes(12).toString('hex');

  async #makePortfolio(): Promise<void> {
    await mkdir(join(this.#s.portfolio, 'uploads'), { recursive: true });
    await this.portfolio('start');
    for (let n = 1; n <= 120; n += 1)
      await this.deposit(`AGENT_${String(n).padStart(4, '0')}`, `é${n}.txt`, 200 * n);
    const uploads = join(this.#s.portfolio, 'uploads');
    // As in life: odd owners and modes, which must come back too.
    if (process.getuid?.() === 0) await chown(join(uploads, 'AGENT_0001'), 65_534, 65_534);
    await chmod(join(uploads, 'AGENT_0002/é2.txt'), 0o600);
  }

  async #makeConfig(): Promise<void> {
    const { config, pgPort, portfolioPort } = this.#s;
    await mkdir(join(config, 'traefik'), { recursive: true, mode: 0o750 });
    const env = `DATABASE_URL=postgresql://ceredis@127.0.0.1:${pgPort}/ceredis\nDATABASE_PASSWORD=${this.#password}\nPORTFOLIO_PORT=${portfolioPort}\n`;
    await writeFile(join(config, '.env'), env, { mode: 0o600 });
    await writeFile(join(config, 'traefik/acme.json'), '{"letsencrypt": {}}\n', { mode: 0o600 });
    await writeFile(join(config, 'docker-compose.yml'), 'services: {}\n');
  }

  /** What it answers, unaligned; over the socket as superuser. */
  async psql(sql: string, database = 'ceredis'): Promise<string> {
    const { pgSocket, pgPort, pgSuperuser } = this.#s;
    const server = ['-h', pgSocket, '-p', String(pgPort), '-U', pgSuperuser, '-d', database];
    const argv = ['psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', ...server, '-f', '-'];
    return (await this.#stage.must(this.#as(argv), { input: sql })).trim();
  }

  /** Logs in as the application does: over TCP, with the password that stands in the `.env` of the config folder. */
  async loginWithEnv(): Promise<boolean> {
    const env = Object.fromEntries(
      readFileSync(join(this.#s.config, '.env'), 'utf8')
        .split('\n')
        .map((line) => line.split(/=(.*)/, 2)),
    ) as Record<string, string>;
    const { code, stdout } = await this.#stage.run(
      ['psql', '-XAtq', env['DATABASE_URL'] ?? '', '-c', 'select count(*) > 0 from agents'],
      { env: { PGPASSWORD: env['DATABASE_PASSWORD'] ?? '' } },
    );
    return code === 0 && stdout.trim() === 't';
  }

  async portfolio(what: string): Promise<void> {
    const env = { PORTFOLIO: this.#s.portfolio, PORTFOLIO_PORT: String(this.#s.portfolioPort) };
    await this.#stage.must([this.#s.node, '--no-warnings', app, what], { env });
  }
  async deposit(agent: string, file: string, bytes: number): Promise<void> {
    const url = `http://127.0.0.1:${this.#s.portfolioPort}/${agent}/${encodeURIComponent(file)}`;
    const body = createHash('sha256')
      .update(file)
      .digest('hex')
      .repeat(Math.ceil(bytes / 64));
    const { ok } = await fetch(url, { method: 'POST', body });
    if (!ok) throw new Error(`${url}: not deposited`);
  }
  async answers(): Promise<boolean> {
    const url = `http://127.0.0.1:${this.#s.portfolioPort}/`;
    return await fetch(url).then(
      (r) => r.ok,
      () => false,
    );
  }

  profile = async (): Promise<string> => await this.psql("select recalc_full_ceredis('AGENT_TEST')");

  /** Rows that are in the write-ahead log only: a copy of the file alone would miss them. */
  async rowsInLog(): Promise<number> {
    const file = join(this.#s.portfolio, 'portfolio.db');
    const alone = join(this.#s.dir, 'file-alone.db');
    await writeFile(alone, await readFile(file));
    const count = (path: string): number => {
      using db = new DatabaseSync(path);
      const tables = db.prepare("select count(*) as n from sqlite_master where name = 'deposits'").get();
      return tables?.['n'] === 0 ? 0 : Number(db.prepare('select count(*) as n from deposits').get()?.['n']);
    };
    const missed = count(file) - count(alone);
    for (const end of ['', '-wal', '-shm']) await rm(alone + end, { force: true });
    return missed;
  }

  /** Everything by which one recognises it: rows, digests, owners, modes, times. */
  async portrait(): Promise<Portrait> {
    const tables: Record<string, string> = {};
    for (const table of ['agents', 'skills', 'evidence'])
      tables[table] = await this.psql(
        `select count(*) || ' ' || md5(string_agg(md5(t::text), '' order by t::text)) from ${table} t`,
      );
    tables['role ceredis'] = await this.psql("select rolpassword from pg_authid where rolname = 'ceredis'");
    using db = new DatabaseSync(join(this.#s.portfolio, 'portfolio.db'));
    const deposits = db.prepare('select * from deposits order by id').all();
    return {
      tables,
      rows: deposits.length,
      deposits: sha256(JSON.stringify(deposits)),
      named: deposits.map((d) => String(d['file'])),
      uploads: await filesIn(join(this.#s.portfolio, 'uploads')),
      config: await filesIn(this.#s.config),
      profile: await this.profile(),
    };
  }

  /** Ids of the servers, wherever a recovery started them. */
  async pids(): Promise<readonly number[]> {
    const found: number[] = [];
    for (const path of await deepFiles(this.#s.dir))
      if (/\/(postmaster|portfolio)\.pid$/.test(path))
        found.push(Number(readFileSync(path, 'utf8').split('\n')[0]));
    return found.filter((pid) => pid > 1 && belongs(pid, this.#s.dir));
  }

  /** Writes that come after the backup: what the disaster takes for good. */
  async writeMore(): Promise<void> {
    await this.psql(
      "insert into evidence (agent, skill, score, seen_at) select 'AGENT_0007', 1 + n % 120, 50, now() from generate_series(1, 25) n",
    );
    for (const n of [1, 2, 3]) await this.deposit('AGENT_0007', `late-${n}.txt`, 100);
  }

  async destroy(): Promise<void> {
    const segment = this.#sharedMemory();
    await this.#stage.endAll(await this.pids());
    if (segment !== undefined) await this.#stage.run(['ipcrm', '-m', segment]);
    await rm(this.#s.machine, { recursive: true, force: true });
  }
  /** The segment by which PostgreSQL knows that it runs; its id is in the seventh line of the pid file. */
  #sharedMemory(): string | undefined {
    const file = join(this.#s.pgData, 'postmaster.pid');
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n')[6]?.trim().split(/\s+/)[1] : undefined;
  }
  /** In order, for those who want to look around. */
  async stopInOrder(): Promise<void> {
    if (existsSync(join(this.#s.portfolio, 'portfolio.pid'))) await this.portfolio('stop');
    if (existsSync(join(this.#s.pgData, 'postmaster.pid')))
      await this.#stage.must(
        this.#as([join(this.#s.pgBin, 'pg_ctl'), '-D', this.#s.pgData, '-m', 'fast', '-w', 'stop']),
      );
  }
}

export interface Portrait {
  readonly tables: Readonly<Record<string, string>>;
  readonly rows: number;
  readonly deposits: string;
  /** Files that rows refer to. */
  readonly named: readonly string[];
  /** Path → type, mode, owner, time, digest. */
  readonly uploads: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, string>>;
  readonly profile: string;
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

/** A pid in a file may be another program's by now. */
function belongs(pid: number, dir: string): boolean {
  try {
    const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return line.includes(dir) || line.includes(app);
  } catch {
    return false;
  }
}

async function deepFiles(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
}

async function filesIn(root: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const { mode, uid, gid, mtimeNs } = await lstat(path, { bigint: true });
    const content = entry.isFile() ? sha256(await readFile(path)) : '';
    found[relative(root, path)] =
      `${mode.toString(8)} ${uid}:${gid} ${entry.isFile() ? mtimeNs : ''} ${content}`;
  }
  return found;
}
