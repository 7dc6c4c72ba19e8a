import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { must } from '../testbed/process.ts';
import { makeWorld, type World } from '../world/world.ts';
import { liars, passes, sabotaged, type Liars } from './harness.ts';

/** What is captured is not what it seems: files and SQLite databases, without a server. */
let world: World;
let tools: Liars;
beforeAll(async () => {
  world = await makeWorld({ copy: false, without: ['db'] });
  tools = await liars();
  // Longer than a pipe holds: a stream of it can be cut.
  await world.sqlite(`create table blobs (b blob); insert into blobs values (randomblob(400000))`);
  await world.ok(['backup']);
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await tools?.[Symbol.asyncDispose]();
});

test('a folder that is empty though it was not before', async () => {
  const file = world.live('config/.env');
  const aside = join(world.dir, 'env.aside');
  await rename(file, aside);
  await sabotaged(world, ['backup', 'config'], {
    exit: 1,
    error: 'capture.preflight',
    says: /nothing to capture/,
    restores: ['config'],
    mend: async () => await rename(aside, file),
  });
});

test('SQLite emptied though it was not before: its tables dropped, or without a row', async () => {
  const aside = join(world.dir, 'notes.aside');
  await world.sqlite(`vacuum into '${aside}'`);
  const listed = `select group_concat(name) from pragma_table_list
    where schema = 'main' and type = 'table' and name not like 'sqlite%'`;
  const tables = (await must(['sqlite3', aside, listed])).trim().split(',');
  await world.sqlite(
    `pragma foreign_keys = off; ${tables.map((t, i) => `${i === 0 ? 'delete from' : 'drop table'} "${t}";`).join(' ')}`,
  );
  await sabotaged(world, ['backup', 'app'], {
    exit: 1,
    error: 'capture.emptied',
    says: /holds no row any more/,
    restores: ['notes'],
    mend: async () => void (await must(['sqlite3', world.live('app/notes.db'), `.restore '${aside}'`])),
  });
});

/** `.backup` done by copying the file while somebody writes: `$1` is the live database, the copy is torn. */
const byCopying = (copy: string): string => `case "$*" in *mode=rw*) ;; *) exec "$real" "$@";; esac
script=$(cat); case "$script" in *.backup*) ;; *) printf '%s\\n' "$script" | exec "$real" "$@";; esac
printf '%s\\n' "$script" | sed '/^.backup/d' | "$real" "$@" || exit 1
${copy}`;

test('SQLite copied mid-write: half before the writer’s work, half after it', async () => {
  const live = world.live('app/notes.db');
  await world.sqlite(`pragma wal_checkpoint(truncate)`);
  const torn = `live='${live}'; size=$(stat -c %s "$live"); half=$((size / 8192 * 4096))
head -c $half "$live" > copy.db
"$real" "$live" "pragma journal_mode=delete; delete from blobs; insert into blobs values (randomblob(600000)); create table t2 as select 1; vacuum" >/dev/null
tail -c +$((half + 1)) "$live" >> copy.db
"$real" "$live" "pragma journal_mode=wal" >/dev/null`;
  await tools.lie('sqlite3', byCopying(torn));
  await sabotaged(
    world,
    ['backup', 'app'],
    { exit: 1, error: 'sqlite.failed', restores: ['notes'], mend: () => tools.tell('sqlite3') },
    { path: [tools.path] },
  );
});

test('SQLite copied without its write-ahead log: what the transaction saw is not there', async () => {
  const live = world.live('app/notes.db');
  const busy = `import { DatabaseSync } from 'node:sqlite';
const db = new DatabaseSync(${JSON.stringify(live)});
db.exec("pragma wal_autocheckpoint = 0; create table late (n); insert into late values (randomblob(100000))");
console.log('ready'); setInterval(() => {}, 1000);`;
  const script = join(world.dir, 'busy.mjs');
  await writeFile(script, busy);
  await tools.lie('sqlite3', byCopying(`cp '${live}' copy.db`));
  // The writer keeps its connection: the last to close it would play the log into the file.
  const pid = (
    await must([
      'sh',
      '-c',
      `'${process.execPath}' '${script}' >'${script}.out' 2>&1 & echo $!; while ! grep -q ready '${script}.out'; do sleep 0.05; done`,
    ])
  ).trim();
  try {
    await sabotaged(
      world,
      ['backup', 'app'],
      { exit: 1, error: 'sqlite.failed', restores: ['notes'], mend: () => tools.tell('sqlite3') },
      { path: [tools.path] },
    );
  } finally {
    process.kill(Number(pid), 'SIGKILL');
  }
});

test('debris of a killed stream: restic saves what it got of it, and it is no point', async () => {
  const states = await snapshots('part');
  // Reprise dies when half of the database is in the pipe; restic takes that for the end.
  await tools.lie(
    'restic',
    `case "$*" in *--stdin*notes*) ;; *) exec "$real" "$@";; esac\n{ head -c 100000; kill -9 $PPID; } | "$real" "$@"`,
  );
  await sabotaged(
    world,
    ['backup', 'app'],
    {
      exit: null,
      error: undefined,
      restores: ['notes'],
      mend: async () => {
        await tools.tell('restic');
        await world.ok(['resume', '--abandon']); // waits for what the dead run left
      },
    },
    { path: [tools.path] },
  );
  expect((await snapshots('part')).length).toBe(states.length + 1); // the truncated snapshot is there
  expect(await world.answers()).toBe(true);
});

async function snapshots(tag: string): Promise<unknown[]> {
  const env = { ...world.env, RESTIC_PASSWORD: world.recoveryKey };
  const listed = await must(
    ['restic', '-r', join(world.dir, 'primary'), 'snapshots', '--json', '--no-lock', '--tag', tag],
    { env },
  );
  return JSON.parse(listed) as unknown[];
}

test('control: the same, undisturbed', async () => {
  await passes(world, ['backup'], { path: [tools.path] });
});
