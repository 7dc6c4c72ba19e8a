import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline, Readable, Transform } from 'node:stream';

import type { Finding, PartRecord, Point } from '@reprise/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { capture as captureWhole } from '../../packages/reprise/src/capture/capture.ts';
import type { Host } from '../../packages/reprise/src/hosts/host.ts';
import { bench, type Bench } from '../../packages/reprise/src/kinds/conformance/bench.ts';
import { fileStore } from '../../packages/reprise/src/kinds/conformance/index.ts';
import type { Context, Part, Restorable, Vacant } from '../../packages/reprise/src/kinds/kind.ts';
import { postgres } from '../../packages/reprise/src/kinds/postgres/index.ts';
import { logical } from '../../packages/reprise/src/kinds/postgres/logical.ts';
import type { PostgresSpec } from '../../packages/reprise/src/kinds/postgres/spec.ts';
import { RepriseError } from '../../packages/reprise/src/lib/errors/index.ts';
import { type Cluster, startPostgres } from '../testbed/postgres.ts';
import { must, unprivileged } from '../testbed/process.ts';
import { oddName, portraitOf } from './postgres-fixture.ts';
import { password, postgresWorld, specOf } from './postgres-world.ts';

const setup = {
  name: 'postgres',
  world: postgresWorld,
  store: fileStore,
  producers: [],
  mint: <T>(spec: T) => ({ spec, because: 'empty' }) as unknown as Vacant<T>,
};
let b: Bench<PostgresSpec>;
let point: Point;
const opened = new AsyncDisposableStack();
beforeAll(async () => {
  b = opened.use(await bench(setup));
  point = await b.capture();
});
afterAll(() => opened.disposeAsync());

const empty = async (options = {}): Promise<Cluster> =>
  opened.use(await startPostgres({ password, ...options }));
const failing = (findings: readonly Finding[]): string[] =>
  findings.filter((f) => f.verdict !== 'pass').map((f) => f.code);
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'done',
    (e: unknown) => (e instanceof RepriseError ? e.code : e),
  );
const withHost = (change: Partial<Host>): Context => {
  const at = b.context();
  return { ...at, host: Object.assign(Object.create(at.host) as Host, change) };
};

/** The real tools, one of them replaced by a script. `$REAL` is where the real ones are. */
async function fakeTool(tool: string, script: string): Promise<string> {
  const real = b.world.spec.bin ?? '';
  const folder = await mkdtemp(join(tmpdir(), 'rp-fake-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  for (const name of await readdir(real))
    if (name !== tool) await symlink(join(real, name), join(folder, name));
  await writeFile(join(folder, tool), `#!/bin/sh\nREAL=${real}\n${script}\n`);
  await chmod(join(folder, tool), 0o755);
  await chmod(folder, 0o755);
  return folder;
}
async function captureWith(bin: string): Promise<Point> {
  const at = b.context();
  const spec = { ...b.world.spec, bin };
  await using capture = await logical.capture(spec, at);
  const parts: PartRecord[] = [];
  for await (const part of capture.parts) parts.push(await b.store.put(part, at.host, at.signal));
  const result = await capture.done;
  return {
    ...point,
    at: new Date().toISOString(),
    as_of: result.asOf,
    inventory: result.inventory,
    copies: point.copies.map((c) => ({ ...c, parts })),
  };
}
const inspect = (one: Point): Promise<readonly Finding[]> => logical.inspect(b.store.read(one), b.context());

describe('what is stored is not believed', () => {
  test('the control passes', async () => {
    expect(failing(await inspect(point))).toEqual([]);
  });

  test('a dump of another database', async () => {
    const bin = await fakeTool(
      'pg_dump',
      `case "$*" in *dbname=\\'shop*) exec $REAL/pg_dump -Fc -Z0 -d postgres;; esac; exec $REAL/pg_dump "$@"`,
    );
    expect(failing(await inspect(await captureWith(bin)))).toContain('postgres.archive-other');
  });

  test('a dump without one table', async () => {
    const bin = await fakeTool('pg_dump', `exec $REAL/pg_dump -T book "$@"`);
    expect(failing(await inspect(await captureWith(bin)))).toContain('postgres.archive-table');
  });

  test('a dump without the rows of one table', async () => {
    const bin = await fakeTool('pg_dump', `exec $REAL/pg_dump --exclude-table-data=book "$@"`);
    const codes = failing(await inspect(await captureWith(bin)));
    expect(codes.some((c) => c === 'postgres.archive-table' || c === 'postgres.archive-rows')).toBe(true);
  });

  test("yesterday's dump again: right database, right rows", async () => {
    const yesterday = new Date(Date.parse(point.as_of.from) + 86_400_000).toISOString();
    const later = { ...point, at: yesterday, as_of: { ...point.as_of, from: yesterday, to: yesterday } };
    expect(new Set(failing(await inspect(later)))).toEqual(new Set(['postgres.archive-time']));
  });

  test('a pg_restore that exits 0 having done nothing', async () => {
    const bin = await fakeTool('pg_restore', 'cat > /dev/null; exit 0');
    const server = point.inventory.items.find((i) => i.type === 'server');
    const items = point.inventory.items.map((i) =>
      i === server ? { ...i, values: { ...i.values, bin } } : i,
    );
    expect(failing(await inspect({ ...point, inventory: { v: 1, items } }))).toContain(
      'postgres.archive-table',
    );
    const place = await empty();
    expect(await codeOf(b.restore(point, specOf(place, { bin })))).not.toBe('done');
  });

  test('a table emptied between the snapshot and its dump is no point', async () => {
    await using world = await postgresWorld(b.run, b.scratchRoot);
    const at = { ...b.context(), host: world.host };
    const server = await must([`${world.spec.bin}/psql`, '-XAtq', '-d', 'shop', '-c', 'ANALYZE book'], {
      env: env(world.spec),
    });
    expect(server).toBe('');
    await using capture = await logical.capture(world.spec, at);
    const storing = (async () => {
      for await (const part of capture.parts) {
        if (part.name === 'globals')
          await must([`${world.spec.bin}/psql`, '-XAtq', '-d', 'shop', '-c', 'TRUNCATE book, author'], {
            env: env(world.spec),
          });
        await b.store.put(part, at.host, at.signal);
      }
    })();
    expect(await codeOf(storing)).toBe('postgres.rewritten');
    expect(await codeOf(capture.done)).toBe('postgres.rewritten');
  });
});

/** Command lines of the running processes of that name which speak to the server there. */
async function processesOf(name: string, port: number): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((p) => /^\d+$/.test(p))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (line.includes(name) && environment.includes(`PGPORT=${port}\0`)) found.push(line);
  }
  return found;
}

const env = (spec: PostgresSpec): Record<string, string> => ({
  PGHOST: spec.connection.host,
  PGPORT: String(spec.connection.port),
  PGUSER: spec.connection.user,
  PGPASSWORD: password,
});

describe('restore', () => {
  test('without room in scratch: one connection, said beforehand, same content', async () => {
    const place = await empty();
    const spec = specOf(place);
    const real = b.context().host;
    const at = withHost({
      scratch: (bytes, signal, owner) => {
        if (bytes > 100_000) throw new RepriseError('scratch.full', { path: '/', needed: bytes, free: 0 });
        return real.scratch(bytes, signal, owner);
      },
    });
    const forecast = await logical.forecast(b.store.read(point), spec, at);
    expect(forecast.scratch).toBe(0);
    expect(failing(forecast.findings)).toEqual(['postgres.serial']);
    await b.restore(point, spec, at);
    expect(await portraitOf(place)).toEqual(await b.world.portrait(b.world.spec));
    expect((await logical.forecast(b.store.read(point), spec, b.context())).scratch).toBeGreaterThan(100_000);
  });

  /** As if its rows were in one table. */
  const mostlyOneTable = (): Point => ({
    ...point,
    inventory: {
      v: 1,
      items: point.inventory.items.map((i) =>
        i.type === 'table' ? { ...i, values: { ...i.values, bytes: i.name === 'public.book' ? 1e9 : 1 } } : i,
      ),
    },
  });

  test('mostly one table: rows as they come, no working files, same content', async () => {
    const place = await empty();
    const spec = specOf(place);
    const one = mostlyOneTable();
    const commands: string[] = [];
    const real = b.context().host;
    const at = withHost({
      run: (command, signal) => {
        commands.push(command.argv.join(' '));
        return real.run(command, signal);
      },
    });
    const forecast = await logical.forecast(b.store.read(one), { ...spec, databases: ['shop'] }, at);
    expect(forecast.scratch).toBe(0);
    expect(forecast.findings.map((f) => f.code)).toContain('postgres.streamed');
    await b.restore(one, spec, at);
    const sections = commands.flatMap((c) => /--section=([a-z-]+)/.exec(c)?.[1] ?? []);
    expect(sections.slice(0, 3)).toEqual(['pre-data', 'data', 'post-data']);
    expect(await portraitOf(place)).toEqual(await b.world.portrait(b.world.spec));
  });

  test('roles that cannot be made, a stream that breaks off: its error, no stream and no pg_restore left', async () => {
    const place = await empty();
    const spec = specOf(place, { databases: ['shop'] });
    const given = new Map<string, Readable>();
    const brokenOf = (from: Restorable): Restorable => ({
      ...from,
      open: async (part: string, signal: AbortSignal) => {
        const body = await from.open(part, signal);
        given.set(part, body);
        if (part === 'globals') return body;
        return pipeline(
          body,
          new Transform({
            transform: (chunk: Buffer, _, done) => done(null, chunk),
            flush: (done) => done(new RepriseError('repository.damaged', { repository: 'r', what: part })),
          }),
          () => {},
        );
      },
    });
    const [whole, broken] = [point, mostlyOneTable()].map((p) => brokenOf(b.store.read(p))) as [
      Restorable,
      Restorable,
    ];
    const roleless = {
      ...broken,
      open: async (part: string, signal: AbortSignal) => {
        const body = await broken.open(part, signal);
        return part === 'globals' ? Readable.from([Buffer.from('SELECT nonsense')]) : body;
      },
    };
    expect(await codeOf(logical.restore(roleless, setup.mint(spec), b.context()))).not.toBe('done');
    expect([...given.keys()].toSorted()).toEqual(['db.shop', 'globals']); // the dump began to come meanwhile
    await expect.poll(() => given.get('db.shop')?.closed).toBe(true);

    // Into a working file first, of which nothing reaches the server; then as it comes.
    for (const from of [whole, broken])
      expect(await codeOf(logical.restore(from, setup.mint(spec), b.context()))).toBe('repository.damaged');
    expect(await processesOf('pg_restore', place.port)).toEqual([]);
  });

  test('until is refused, and a database that the point lacks', async () => {
    const place = await empty();
    const proof = setup.mint(specOf(place));
    const until = { time: new Date() };
    expect(await codeOf(logical.restore(b.store.read(point), proof, b.context(), until))).toBe(
      'postgres.until',
    );
    expect(await codeOf(b.restore(point, specOf(place, { databases: ['nowhere'] })))).toBe(
      'postgres.not-in-point',
    );
  });

  test('one database of several; what stands there is put aside or wiped', async () => {
    const place = await empty();
    const only = specOf(place, { databases: ['shop'] });
    await place.psql('CREATE DATABASE other');
    await place.psql('CREATE TABLE kept AS SELECT 1 AS one', 'other');
    expect(await postgres.isVacant(only, b.context())).toMatchObject({ vacant: true, found: null });
    await b.restore(point, only);
    expect(failing(await postgres.verify(only, b.context(), point.inventory))).toEqual([]);
    const { vacant, found, identity } = await postgres.isVacant(only, b.context());
    expect(vacant).toBe(false);
    expect((found as { en: string }).en).toMatch(/^\d+ tables in database shop$/);
    expect(identity).toMatch(/^\d+$/);

    expect(await postgres.clear(only, b.context(), 'aside', '20260101T000000Z-ab')).toBe(
      'shop_before_20260101T000000Z-ab',
    );
    expect((await postgres.isVacant(only, b.context())).vacant).toBe(true);
    await b.restore(point, only);
    expect(await postgres.clear(only, b.context(), 'wipe', 'x')).toBeNull();
    expect(await place.psql(`SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database`)).toBe(
      'other postgres shop_before_20260101T000000Z-ab template0 template1',
    );
    expect(await place.psql('SELECT one FROM kept', 'other')).toBe('1');
  });

  test('killed while it puts a database aside, it puts it aside when it goes on; nothing stays closed', async () => {
    const place = await empty();
    const only = specOf(place, { databases: ['shop'] });
    await place.psql('CREATE DATABASE shop');
    await place.psql('CREATE TABLE kept AS SELECT 1 AS one', 'shop');
    /** psql ends by force as soon as the server has done this. */
    const killedAfter = (statement: RegExp): Context =>
      withHost({
        run: async (command, signal) => {
          const running = await b.context().host.run(command, signal);
          const write = running.stdin.write.bind(running.stdin) as (text: string) => boolean;
          running.stdin.write = (text: string) =>
            write(text.replace(statement, (said) => `${said};\n\\! kill -9 $PPID\n`));
          return running;
        },
      });
    const suffix = '20260101T000000Z-ab';
    for (const act of [/ALTER DATABASE .* ALLOW_CONNECTIONS false/, /ALTER DATABASE .* RENAME TO "[^"]*"/])
      expect(await codeOf(postgres.clear(only, killedAfter(act), 'aside', suffix))).toBe('postgres.sql');

    await postgres.clear(only, b.context(), 'aside', suffix);
    expect((await postgres.isVacant(only, b.context())).vacant).toBe(true);
    expect(await place.psql('SELECT one FROM kept', `shop_before_${suffix}`)).toBe('1');
  });

  test('what lies in the database postgres; a tablespace whose directory is gone; a superuser of another name', async () => {
    const user = unprivileged();
    const source = await empty({ superuser: 'boss' });
    const folder = join(source.directory, 'ts');
    await mkdir(folder);
    if (user !== undefined) await must(['chown', user, folder]);
    await source.psql(`CREATE TABLESPACE "slow disk" LOCATION '${folder}'; CREATE TABLE in_postgres AS SELECT generate_series(1, 5) i;
      CREATE TABLE there (i int) TABLESPACE "slow disk"; COMMENT ON DATABASE postgres IS 'used';`);
    await source.psql(`CREATE DATABASE far TABLESPACE "slow disk"`);
    await source.psql(`CREATE TABLE t AS SELECT 7 AS i`, 'far');
    const spec = specOf(source);
    const at = b.context();
    await using capture = await logical.capture(spec, at);
    const parts: PartRecord[] = [];
    for await (const part of capture.parts) parts.push(await b.store.put(part, at.host, at.signal));
    const { inventory, asOf } = await capture.done;
    const taken = {
      ...point,
      at: new Date().toISOString(),
      as_of: asOf,
      inventory,
      copies: point.copies.map((c) => ({ ...c, parts })),
    };
    expect(failing(await inspect(taken))).toEqual([]);
    await source.stop();
    await rm(source.directory, { recursive: true });

    const place = await empty({ superuser: 'other_boss' });
    await b.restore(taken, specOf(place));
    expect(failing(await postgres.verify(specOf(place), at, inventory))).toEqual([]);
    expect(
      await place.psql(
        `SELECT count(*), shobj_description((SELECT oid FROM pg_database WHERE datname = 'postgres'), 'pg_database') FROM in_postgres`,
      ),
    ).toBe('5|used');
    expect(await place.psql('SELECT i FROM t', 'far')).toBe('7');
    expect(b.log.some((line) => line.includes('slow disk'))).toBe(true);
  });

  test('the lines of the kit, typed into a shell', async () => {
    const place = await empty({ user: unprivileged() });
    const at = b.context();
    const folder = await mkdtemp(join(tmpdir(), 'rp-kit-'));
    opened.defer(() => rm(folder, { recursive: true, force: true }));
    for (const [n, part] of (point.copies[0]?.parts ?? []).entries())
      await writeFile(join(folder, `${n}`), await b.store.read(point).open(part.name, at.signal));
    const steps = logical.byHand(point, specOf(place));
    expect(steps).toHaveLength(3);
    for (const step of steps) {
      expect(step.fr).not.toBe(step.en);
      const line = step.shell.replace(
        /\{\{restic\}\} dump \{\{snapshot:([^}]+)\}\} \{\{path:\1\}\}/,
        (_, name: string) => {
          const n = point.copies[0]?.parts.findIndex((p) => p.name === name);
          return `cat ${folder}/${n}`;
        },
      );
      expect(line).not.toContain('{{');
      await must(['sh', '-c', line], { env: env(specOf(place)) });
    }
    expect(await portraitOf(place)).toEqual(await b.world.portrait(b.world.spec));
  });
});

describe('verify', () => {
  test('finds what differs, and nothing where nothing does', async () => {
    const place = await empty();
    const spec = specOf(place);
    await b.restore(point, spec);
    expect(failing(await postgres.verify(spec, b.context(), point.inventory))).toEqual([]);
    await place.psql(
      `DELETE FROM secret_note; DROP TABLE empty_one; SELECT setval('countdown', -1, false); SELECT setval('book_id_seq', 1); DROP EVENT TRIGGER on_ddl;
       ALTER DATABASE shop OWNER TO reader; DROP EXTENSION pgcrypto`,
      'shop',
    );
    await place.psql('ALTER ROLE reader LOGIN');
    const differing = (await postgres.verify(spec, b.context(), point.inventory)).filter(
      (f) => f.verdict === 'fail',
    );
    expect(differing.map((f) => f.params['what'] ?? f.params['role'])).toEqual([
      'reader',
      'owner',
      'event_triggers',
      'table public.empty_one',
      'table public.secret_note (rows)',
      'sequence public.book_id_seq (last)',
      'sequence public.countdown (last)',
      'extension pgcrypto',
    ]);
    await place.psql(`DROP DATABASE "${oddName.replaceAll('"', '""')}"`);
    const gone = await postgres.verify(spec, b.context(), point.inventory);
    expect(
      gone.filter((f) => f.params['database'] === oddName).map((f) => [f.verdict, f.params['what']]),
    ).toEqual([['fail', 'database']]);
  });
});

const ask = (sql: string, database: string | undefined = 'shop') =>
  postgres.query?.(b.world.spec, b.context(), database, sql);

describe('query', () => {
  test('tells a value, NULL and no row apart', async () => {
    expect(await ask('SELECT count(*) FROM book;')).toBe('2000');
    expect(await ask('SELECT recalc_full_ceredis(1)')).toBe('1.00');
    expect(await ask('SELECT true')).toBe('true');
    expect(await ask(`SELECT E'a\\nb"\\\\'`)).toBe('a\nb"\\');
    expect(await ask('SELECT NULL::int')).toBeNull();
    expect(await ask('SELECT 1 WHERE false')).toBeUndefined();
    expect(await ask('SELECT current_database()', oddName)).toBe(oddName);
  });

  test('more than one value, a change, a second statement and a psql command are refused', async () => {
    expect(await codeOf(ask('SELECT 1, 1')!)).toBe('postgres.query');
    expect(await codeOf(ask('SELECT generate_series(1, 2)')!)).toBe('postgres.query');
    expect(await codeOf(ask(`SELECT nextval('invoice')`)!)).toBe('postgres.sql');
    expect(await codeOf(ask('SELECT 1; DROP TABLE book')!)).toBe('postgres.sql');
    expect(await codeOf(ask('\\! touch /tmp/never')!)).toBe('postgres.sql');
    expect(await codeOf(ask('SELECT * FROM nowhere')!)).toBe('postgres.sql');
  });
});

const preflight = async (more: Partial<PostgresSpec>) =>
  failing(await logical.preflight({ ...b.world.spec, ...more }, b.context()));

describe('preflight and discovery', () => {
  test('judges tools, versions, reachability, databases, rights', async () => {
    const { connection } = b.world.spec;
    expect(await preflight({})).toEqual([]);
    expect(await preflight({ bin: '/nowhere' })).toEqual(['postgres.tool']);
    expect(await preflight({ bin: await fakeTool('pg_dump', 'echo "pg_dump (PostgreSQL) 14.9"') })).toEqual([
      'postgres.versions',
    ]);
    expect(await preflight({ connection: { ...connection, port: 1 } })).toEqual(['postgres.connect']);
    expect(await preflight({ databases: ['shop', 'nowhere'] })).toEqual(['postgres.database']);
  });

  test('a role that reads everything but is no superuser: captured, without passwords, and said', async () => {
    const source = await empty();
    await source.psql(
      `CREATE ROLE backup LOGIN BYPASSRLS PASSWORD '${password}'; GRANT pg_read_all_data TO backup; CREATE DATABASE d`,
    );
    await source.psql(`CREATE TABLE t AS SELECT 1 AS i; ALTER TABLE t ENABLE ROW LEVEL SECURITY`, 'd');
    const spec = specOf(source);
    const limited = { ...spec, connection: { ...spec.connection, user: 'backup' } };
    expect(failing(await logical.preflight(limited, b.context()))).toEqual([]);
    await source.psql('ALTER ROLE backup NOBYPASSRLS');
    expect(failing(await logical.preflight(limited, b.context()))).toEqual(['postgres.rights']);
    await source.psql('ALTER ROLE backup BYPASSRLS');
    const at = b.context();
    // What it may not read is named beforehand, and is what a capture without that says.
    await source.psql('REVOKE pg_read_all_data FROM backup');
    await source.psql(
      'CREATE TABLE mine (i int); INSERT INTO mine VALUES (1); GRANT SELECT ON mine TO backup; SELECT lo_create(77)',
      'd',
    );
    const [rights, ...others] = (await logical.preflight(limited, at)).filter((f) => f.verdict !== 'pass');
    expect(others).toEqual([]);
    expect(rights).toMatchObject({
      verdict: 'fail',
      code: 'postgres.rights',
      params: { database: 'd', unreadable: 'large object 77, public.t', more: 0 },
    });
    const rash = { ...logical, preflight: () => Promise.resolve([]) } as never;
    const near = {
      name: 'near',
      store: async (p: Part) => ({ ...(await b.store.put(p, at.host, at.signal)), files: 1 }),
    };
    const refused = captureWhole({ kind: postgres, method: rash, spec: limited }, near, at, undefined);
    await expect(refused).rejects.toThrow(/permission denied for table t/);
    await source.psql('GRANT pg_read_all_data TO backup');
    await source.psql('SELECT lo_unlink(77)', 'd');
    // One that nobody may enter is left out of nothing silently.
    await source.psql('CREATE DATABASE shut ALLOW_CONNECTIONS false');
    const judged = (more: Partial<PostgresSpec>) => logical.preflight({ ...limited, ...more }, at);
    const codes = async (more: Partial<PostgresSpec>) =>
      (await judged(more)).filter((f) => f.verdict !== 'pass').map((f) => [f.verdict, f.code]);
    expect(await codes({})).toEqual([['unable', 'postgres.closed']]);
    expect(await codes({ databases: ['d'] })).toEqual([]);
    expect(await codes({ databases: ['d', 'shut'] })).toEqual([['fail', 'postgres.closed']]);
    await using taking = await logical.capture(limited, at);
    for await (const part of taking.parts) await b.store.put(part, at.host, at.signal);
    const { inventory, findings } = await taking.done;
    expect(failing(findings)).toEqual(['postgres.no-passwords']);
    // Empty though it was not before.
    const since = { ...point, inventory };
    const again = async (more: Partial<PostgresSpec> = {}) =>
      await captureWhole({ kind: postgres, method: logical, spec: { ...limited, ...more } }, near, at, since);
    await source.psql('TRUNCATE mine', 'd');
    const seen = (await again()).findings.find((f) => f.code === 'capture.emptied');
    expect(seen).toMatchObject({ verdict: 'pass', params: { database: 'd', tables: 'public.mine' } });
    await source.psql('TRUNCATE t', 'd');
    await expect(again()).rejects.toMatchObject({
      code: 'capture.emptied',
      params: { database: 'd', before: 2 },
    });
    await source.psql('DROP TABLE t, mine', 'd');
    await expect(again()).rejects.toMatchObject({ code: 'capture.emptied' });
    expect((await again({ allow_empty: true })).findings.map((f) => f.code)).not.toContain('capture.emptied');
  });

  test('a server that runs here is found, and works as proposed', async () => {
    const server = opened.use(await startPostgres());
    const found = [];
    for await (const p of postgres.discover(b.context(), [server.directory])) found.push(p);
    const mine = found.find((p) => p.spec.connection?.port === server.port);
    expect(mine).toMatchObject({
      kind: 'postgres',
      name: `postgres-${server.port}`,
      spec: { connection: { host: server.socket } },
    });
    await server.psql('CREATE DATABASE d');
    const spec = postgres.spec.parse(mine?.spec);
    expect(failing(await logical.preflight(spec, b.context()))).toEqual([]);
  });

  test('elsewhere it has another port and another socket', () => {
    const place = {
      kind: 'directory',
      label: 'directory:/x',
      path: (p: string) => `/x${p}`,
      port: (n: number) => n + 1,
    } as const;
    const socket = postgres.spec.parse({ connection: { host: '/run/pg', port: 5432 } });
    expect(postgres.relocate(socket, place).connection).toMatchObject({ host: '/x/run/pg', port: 5433 });
    expect(postgres.relocate(b.world.spec, place).connection.host).toBe('127.0.0.1');
  });
});
