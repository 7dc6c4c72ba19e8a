import { execFileSync } from 'node:child_process';
import { lstat, mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterAll, describe, expect, test } from 'vitest';

import { bench } from '../../packages/reprise/src/kinds/conformance/bench.ts';
import { sqlite } from '../../packages/reprise/src/kinds/sqlite/index.ts';
import { SqliteSpec } from '../../packages/reprise/src/kinds/sqlite/spec.ts';
import { ResticStores } from './kinds/restic-store.ts';
import { sqliteSetup } from './kinds/sqlite-setup.ts';

/** What only SQLite has: logs beside the file, locks, queries. */
const stores = new ResticStores();
const setup = sqliteSetup((run) => stores.store(run), 'wal');
afterAll(() => stores.remove());

describe('capture', () => {
  test('rows that are only in the write-ahead log are in it, and the log keeps its owner', async () => {
    await using b = await bench(setup);
    const { path } = b.world.spec;
    expect((await stat(`${path}-wal`)).size).toBeGreaterThan(0);
    const owner = (await stat(path)).uid;
    const point = await b.capture();
    for (const end of ['', '-wal', '-shm']) expect((await stat(path + end)).uid, end).toBe(owner);
    expect(point.inventory.items.find((i) => i.name === 'entry')?.values).toEqual({ rows: 3001 });
  });

  test('a steady writer cannot start it over for ever', async () => {
    await using b = await bench(setup);
    await b.world.slow();
    let n = 0;
    const writing = setInterval(() => void b.world.canary(++n), 3);
    await b.capture().finally(() => clearInterval(writing));
    expect(n).toBeGreaterThan(5);
  });

  test('a database that stays locked is a clear error, in the time the plan gives', async () => {
    await using b = await bench(sqliteSetup((run) => stores.store(run), 'delete'));
    using other = new DatabaseSync(b.world.spec.path);
    other.exec('BEGIN EXCLUSIVE');
    const spec = SqliteSpec.parse({ path: b.world.spec.path, busy_timeout: '1s' });
    await using capture = await b.world.method.capture(spec, b.context());
    const taken = async () => {
      for await (const part of capture.parts) throw new Error(part.name);
    };
    await expect(taken()).rejects.toMatchObject({ code: 'sqlite.busy', params: { seconds: 1 } });
    await expect(capture.done).rejects.toMatchObject({ code: 'sqlite.busy' });
  });

  test('a file that is no database, is empty or is absent fails the preflight, and is not created', async () => {
    await using b = await bench(setup);
    const path = join(dirname(b.world.spec.path), 'other.db');
    const judged = async () =>
      (await b.world.method.preflight(SqliteSpec.parse({ path }), b.context()))
        .filter((f) => f.verdict === 'fail')
        .map((f) => f.code);
    expect(await judged()).toEqual(['sqlite.file']);
    await expect(lstat(path)).rejects.toThrow('ENOENT');
    await writeFile(path, '');
    expect(await judged()).toEqual(['sqlite.file']);
    await writeFile(path, 'no database, however long it may be\n'.repeat(99));
    expect(await judged()).toEqual(['sqlite.file']);
  });

  test('a damaged database gives no point', async () => {
    await using b = await bench(setup);
    const path = join(dirname(b.world.spec.path), 'damaged.db');
    {
      using db = new DatabaseSync(path);
      db.exec(`CREATE TABLE t(x); CREATE INDEX i ON t(x);
        WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 5000) INSERT INTO t SELECT hex(x) FROM c`);
    }
    {
      await using file = await open(path, 'r+');
      await file.write(Buffer.alloc(6000, 0xaa), 0, 6000, 20_000);
    }
    await using capture = await b.world.method.capture(SqliteSpec.parse({ path }), b.context());
    const taken = async () => {
      for await (const part of capture.parts) throw new Error(part.name);
    };
    await expect(taken()).rejects.toMatchObject({ code: 'sqlite.failed' });
  });
});

describe('places', () => {
  test('a log left beside an absent database is not vacant: SQLite would play it into the new one', async () => {
    await using b = await bench(setup);
    const place = await b.world.elsewhere();
    await mkdir(dirname(place.path), { recursive: true });
    await writeFile(`${place.path}-wal`, await readFile(`${b.world.spec.path}-wal`));
    expect(await b.isVacant(place)).toMatchObject({ vacant: false });
    await writeFile(`${place.path}-wal`, '');
    expect(await b.isVacant(place)).toMatchObject({ vacant: true });
    await b.restore(await b.capture(), place);
    await expect(lstat(`${place.path}-wal`)).rejects.toThrow('ENOENT');
  });

  test('an empty file is vacant; aside takes the log along', async () => {
    await using b = await bench(setup);
    const place = await b.world.elsewhere();
    await mkdir(dirname(place.path), { recursive: true });
    await writeFile(place.path, '');
    expect(await b.isVacant(place)).toMatchObject({ vacant: true, identity: null });
    await b.restore(await b.capture(), place);
    await writeFile(`${place.path}-wal`, 'a log');
    expect(await sqlite.clear(place, b.context(), 'aside', 'then')).toBe(`${place.path}.before-then`);
    expect(await readFile(`${place.path}.before-then-wal`, 'utf8')).toBe('a log');
    expect(await b.isVacant(place)).toMatchObject({ vacant: true });
    expect(await sqlite.clear(place, b.context(), 'aside', 'then')).toBeNull();
  });

  test('verify sees a changed row count, a changed mode, a missing file', async () => {
    await using b = await bench(setup);
    const point = await b.capture();
    const failed = async () =>
      (await sqlite.verify(b.world.spec, b.context(), point.inventory))
        .filter((f) => f.verdict === 'fail')
        .map((f) => f.code);
    expect(await failed()).toEqual([]);
    await b.world.canary(1);
    expect(await failed()).toEqual(['sqlite.rows']);
    execFileSync('chmod', ['600', b.world.spec.path]);
    expect(await failed()).toEqual(['sqlite.rows', 'sqlite.rights']);
    await rm(b.world.spec.path);
    expect(await failed()).toEqual(['sqlite.file']);
  });
});

describe('query', () => {
  test('one value, NULL, no row; no second row, no other database, no writing', async () => {
    await using b = await bench(setup);
    const ask = (sql: string, database?: string) => sqlite.query?.(b.world.spec, b.context(), database, sql);
    expect(await ask('SELECT count(*) FROM note;')).toBe('50');
    expect(await ask("SELECT 'it''s, one' || char(10) || 'two'", 'main')).toBe("it's, one\ntwo");
    expect(await ask('SELECT NULL')).toBeNull();
    expect(await ask('SELECT 1 WHERE 0')).toBeUndefined();
    await expect(ask('SELECT id FROM note')).rejects.toMatchObject({ code: 'sqlite.not-one-value' });
    await expect(ask('SELECT 1', 'other')).rejects.toMatchObject({ code: 'sqlite.database', exit: 2 });
    await expect(ask('DELETE FROM canary')).rejects.toMatchObject({ code: 'sqlite.failed' });
  });
});

test('witness: the newest write is in the log', async () => {
  await using b = await bench(setup);
  const before = Date.now();
  await b.world.canary(1);
  const seen = (await sqlite.witness?.(b.world.spec, b.context()))?.getTime() ?? 0;
  expect(Math.abs(seen - before)).toBeLessThan(2000);
});

test('discover: by what files begin with, whatever their names', async () => {
  await using b = await bench(setup);
  const folder = dirname(b.world.spec.path);
  await writeFile(join(folder, 'not.db'), 'x'.repeat(512));
  const found = await Array.fromAsync(sqlite.discover(b.context(), [folder, '/no/such root']));
  expect(found).toMatchObject([{ name: 'app db', kind: 'sqlite', spec: { path: b.world.spec.path } }]);
});
