import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { newerPostgres } from '../testbed/newerPostgres.ts';
import { startPostgres } from '../testbed/postgres.ts';
import { makeWorld, type World } from '../world/world.ts';
import { liars, passes, pathWithout, sabotaged, type Liars } from './harness.ts';

/** What is around the data is not as it was: the place, the plan, the server, the tools. */
let world: World;
let tools: Liars;
let plan: string;
beforeAll(async () => {
  world = await makeWorld({ copy: false });
  tools = await liars();
  plan = await readFile(world.planFile, 'utf8');
  await world.ok(['backup']);
});
afterEach(async () => await writeFile(world.planFile, plan));
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await tools?.[Symbol.asyncDispose]();
});

test('a place that is not vacant: nothing is touched', async () => {
  await writeFile(world.live('config/.env'), 'NEWER=1\n');
  await sabotaged(world, ['restore', 'config'], {
    exit: 4,
    error: 'place.occupied',
    restores: ['config'],
  });
  expect(await readFile(world.live('config/.env'), 'utf8')).toBe('NEWER=1\n');
  await sabotaged(world, ['restore', 'db'], { exit: 4, error: 'place.occupied', restores: ['config'] });
  expect(await world.psql('select count(*) from orders')).toBe('500');
});

test('control: with consent it is restored, and what was there is aside', async () => {
  await world.ok(['restore', 'config', '--replace', 'config']);
  expect(await readFile(world.live('config/.env'), 'utf8')).toContain('canary-in-the-file');
});

test('restored, cut short, and lost again before the same command is typed', async () => {
  const cut = async (args: readonly string[]) =>
    expect((await world.run(args, { env: { REPRISE_TEST_KILL: 'before-started@state' } })).code).toBeNull();
  const db = ['restore', 'db', '--replace', 'db'];
  await cut(db);
  await world.psql('delete from orders where id > 1');
  await world.ok(db); // with consent it is brought back once more
  expect(await world.psql('select count(*) from orders')).toBe('500');

  await rm(world.live('config'), { recursive: true });
  await cut(['restore', 'config']);
  await writeFile(world.live('config/.env'), 'OTHER=1\n');
  await sabotaged(world, ['restore', 'config'], { exit: 4, error: 'place.unproven', restores: ['config'] });
  expect(await readFile(world.live('config/.env'), 'utf8')).toBe('OTHER=1\n');
});

test('control: cut short and nothing lost again, it goes on and restores nothing twice', async () => {
  await world.ok(['restore', 'config', '--replace', 'config']);
  await rm(world.live('config'), { recursive: true });
  const args = ['restore', 'config'];
  expect((await world.run(args, { env: { REPRISE_TEST_KILL: 'before-started@state' } })).code).toBeNull();
  const { json } = await world.ok(args);
  expect(json.resumed).toBe(true);
});

test('the plan changed between backup and recovery: another kind of component', async () => {
  await writeFile(
    world.planFile,
    plan
      .replace(/ {4}kind: files\n( {4}tier: gold\n {4}captures)/, '    kind: sqlite\n$1')
      .replace('    preset: secrets\n', ''),
  );
  await rm(world.live('config'), { recursive: true });
  await sabotaged(world, ['restore', 'config'], {
    exit: 1,
    error: 'recovery.other-kind',
    restores: ['config'],
    mend: async () => await writeFile(world.planFile, plan),
  });
});

test('control: the plan changed where it does not matter; recovered, and said so', async () => {
  await writeFile(world.planFile, plan.replace('rto: 1h', 'rto: 2h'));
  const { json } = await world.ok(['restore', 'config', '--dry-run']);
  expect(JSON.stringify(json)).toContain('recovery.plan-changed');
  await world.ok(['restore', 'config']);
});

test('a server newer than the tools', async () => {
  await using newer = await newerPostgres();
  await using cluster = await startPostgres({ bin: newer.bin });
  await cluster.psql('create database shop');
  await writeFile(
    world.planFile,
    plan.replace(
      /connection: \{.*\}/,
      `connection: {host: ${cluster.socket}, port: ${cluster.port}, user: postgres}`,
    ),
  );
  await sabotaged(world, ['backup', 'db'], {
    exit: 1,
    error: 'capture.preflight',
    says: /18\./,
    mend: async () => await writeFile(world.planFile, plan),
  });
});

test.each(['restic', 'sqlite3'])('a missing tool: %s', async (program) => {
  const PATH = await pathWithout(join(world.dir, `without-${program}`), program);
  await sabotaged(
    world,
    ['backup', 'app'],
    { exit: 1, error: 'process.missing', restores: ['notes'] },
    { env: { PATH } },
  );
});

test('a missing tool: pg_dump', async () => {
  const empty = join(world.dir, 'no-tools');
  await mkdir(empty);
  await writeFile(world.planFile, plan.replace(`    bin: ${world.pgBin}\n`, `    bin: ${empty}\n`));
  await sabotaged(world, ['backup', 'db'], {
    exit: 1,
    error: 'capture.preflight',
    mend: async () => await writeFile(world.planFile, plan),
  });
});

test('two backups of one component at once: the second is refused, the first goes on', async () => {
  await tools.lie(
    'find',
    `if [ -e '${world.dir}/wait' ]; then rm '${world.dir}/wait'; touch '${world.dir}/waits'; while [ ! -e '${world.dir}/go' ]; do sleep 0.05; done; fi; exec "$real" "$@"`,
  );
  await writeFile(join(world.dir, 'wait'), '');
  const first = await world.start(['backup', 'config'], { path: [tools.path] });
  await expect
    .poll(
      async () =>
        await readFile(join(world.dir, 'waits')).then(
          () => true,
          () => false,
        ),
      { timeout: 20_000 },
    )
    .toBe(true);
  await sabotaged(world, ['backup', 'config'], { exit: 4, error: 'run.locked', restores: ['notes'] });
  await writeFile(join(world.dir, 'go'), '');
  expect((await first.result).code).toBe(0);
});

test('control: the same commands, one after the other', async () => {
  await passes(world, ['backup']);
});
