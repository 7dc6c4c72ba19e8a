import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { systemClock } from '../lib/clock.ts';
import { guarded, transaction } from './database.ts';
import { Bench, codeOf, scribble } from './fixtures.ts';
import { loadSigningKey } from './keys.ts';
import { openJournal } from './store.ts';

const bench = new Bench();
afterAll(() => bench[Symbol.dispose]());

const failing = (errcode: number) => () => {
  throw Object.assign(new Error('x'), { errcode });
};

test('SQLite’s results become errors with a next command', () => {
  const expected = {
    5: 'busy',
    6: 'busy',
    8: 'not-writable',
    10: 'not-writable',
    778: 'not-writable',
    4874: 'full',
    14: 'not-writable',
    13: 'full',
    11: 'damaged',
    26: 'damaged',
    1: 'damaged',
  };
  for (const [errcode, name] of Object.entries(expected))
    expect(codeOf(() => guarded('/j', failing(Number(errcode))))).toBe(`journal.${name}`);
  const other = new TypeError('a defect');
  expect(
    codeOf(() =>
      guarded('/j', () => {
        throw other;
      }),
    ),
  ).toBe(other);
  const text = Object.assign(new Error('y'), { errcode: 'ENOENT' });
  expect(
    codeOf(() =>
      guarded('/j', () => {
        throw text;
      }),
    ),
  ).toBe(text);
});

describe('while another process', () => {
  test('is writing, readers go on and see what was committed', async () => {
    await using writer = await bench.installation();
    scribble(writer, 3);
    const { DatabaseSync } = await import('node:sqlite');
    using other = new DatabaseSync(join(writer.home, 'journal.sqlite'));
    other.exec('BEGIN IMMEDIATE');
    other.exec('DELETE FROM entries WHERE seq = 6');
    await using reader = await openJournal({ home: writer.home, clock: systemClock, mode: 'read' });
    const began = performance.now();
    expect(reader.head().seq).toBe(6);
    expect([...reader.entries()]).toHaveLength(6);
    expect(performance.now() - began).toBeLessThan(2000);
    other.exec('ROLLBACK');
  });

  test('is reading, writers go on', async () => {
    await using writer = await bench.installation();
    await using reader = await openJournal({ home: writer.home, clock: systemClock, mode: 'read' });
    const reading = reader.entries();
    reading.next();
    scribble(writer, 3);
    expect([...reading]).toHaveLength(2);
    expect(reader.head().seq).toBe(6);
  });
});

test('a transaction that fails leaves nothing', async () => {
  const { DatabaseSync } = await import('node:sqlite');
  using db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE t (n INTEGER)');
  expect(() =>
    transaction(db, () => {
      db.exec('INSERT INTO t VALUES (1)');
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(db.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 0 });
});

test('a full disk: the entry is not there, the error says so, and there is room again later', async () => {
  await using writer = await bench.installation();
  const { DatabaseSync } = await import('node:sqlite');
  // A database that may not grow answers as a full file system does (SQLITE_FULL).
  using db = new DatabaseSync(join(writer.home, 'journal.sqlite'));
  const pages = (db.prepare('PRAGMA page_count').get() as { page_count: number }).page_count;
  db.exec(`PRAGMA max_page_count = ${pages}`);
  const code = codeOf(() =>
    guarded('/j', () =>
      transaction(db, () => db.prepare('INSERT INTO meta VALUES (?, ?)').run('x', 'y'.repeat(100_000))),
    ),
  );
  expect(code).toBe('journal.full');
  scribble(writer, 1);
  expect(writer.head().seq).toBe(4);
});

test('a journal that is a folder, and keys that are not keys', async () => {
  const home = bench.folder();
  mkdirSync(join(home, 'journal.sqlite'));
  await expect(openJournal({ home, clock: systemClock, mode: 'write' })).rejects.toMatchObject({
    code: 'journal.not-writable',
  });
  mkdirSync(join(home, 'keys'));
  expect(codeOf(() => loadSigningKey(home))).toBe('keys.absent');
  symlinkSync('/dev/null', join(home, 'keys', 'signing.pem'));
  expect(codeOf(() => loadSigningKey(home))).toBe('keys.unsafe');
  const other = bench.folder();
  mkdirSync(join(other, 'keys'));
  const { writeFileSync } = await import('node:fs');
  writeFileSync(join(other, 'keys', 'signing.pem'), 'rubbish', { mode: 0o600 });
  expect(codeOf(() => loadSigningKey(other))).toBe('keys.unreadable');
  chmodSync(join(other, 'keys', 'signing.pem'), 0o640);
  expect(codeOf(() => loadSigningKey(other))).toBe('keys.unsafe');
});
