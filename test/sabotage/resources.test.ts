import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { must } from '../testbed/process.ts';
import { startRestServer } from '../testbed/restServer.ts';
import { mountTmpfs, type Tmpfs } from '../testbed/tmpfs.ts';
import { makeWorld, type World } from '../world/world.ts';
import { liars, passes, sabotaged, type Liars } from './harness.ts';

const fill = async (folder: string): Promise<void> =>
  void (await must(['sh', '-c', `dd if=/dev/zero of='${folder}/filler' bs=4k 2>/dev/null; true`]));

describe('a full disk', () => {
  let world: World;
  let tools: Liars;
  let repository: Tmpfs;
  let scratch: Tmpfs;
  beforeAll(async () => {
    repository = await mountTmpfs({ bytes: 12 * 1024 * 1024 });
    scratch = await mountTmpfs({ bytes: 6 * 1024 * 1024, mode: '0755' });
    tools = await liars();
    world = await makeWorld({
      copy: false,
      without: ['db'],
      urls: { primary: join(repository.path, 'r') },
      plan: (text) => text.replace(/scratch: [^}]*/, `scratch: ${scratch.path}`),
    });
    await world.ok(['backup']);
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    for (const each of [repository, scratch, tools]) await each?.[Symbol.asyncDispose]();
  });
  const emptied = async (): Promise<void> => await rm(join(repository.path, 'filler'), { force: true });

  test('in the repository: no point, and what is there is restored from the full disk', async () => {
    const big = world.live('app/uploads/big.bin');
    await must(['sh', '-c', `head -c 20000000 /dev/urandom > '${big}'`]);
    await sabotaged(world, ['backup', 'app'], {
      exit: 1,
      error: 'repository.full',
      restores: ['uploads'],
      mend: async () => {
        await rm(big);
        await fill(repository.path);
      },
    });
    expect(await world.answers()).toBe(true);
    await emptied();
  });

  test('exactly at the state snapshot: the point stays pending', async () => {
    await tools.lie(
      'restic',
      `case "$*" in *backup*"--tag state"*) dd if=/dev/zero of='${repository.path}/filler' bs=4k 2>/dev/null;; esac; exec "$real" "$@"`,
    );
    await sabotaged(
      world,
      ['backup', 'config'],
      { exit: 1, error: 'repository.full', restores: ['config'], mend: emptied },
      { path: [tools.path] },
    );
    await tools.tell('restic');
  });

  test('in scratch', async () => {
    await fill(scratch.path);
    await sabotaged(world, ['backup', 'app'], {
      exit: 1,
      error: 'scratch.full',
      restores: ['notes'],
      mend: async () => await rm(join(scratch.path, 'filler')),
    });
  });

  test('control: with room everywhere', async () => {
    await passes(world, ['backup']);
  });
});

describe('an identity that may only write', () => {
  test('asked to forget: refused, and nothing is given up; control: the maintainer’s may', async () => {
    await using strict = await startRestServer({ appendOnly: true });
    await using open = await startRestServer({ directory: strict.directory });
    await using world = await makeWorld({
      copy: false,
      without: ['db', 'app'],
      urls: { primary: strict.url('world') },
    });
    for (const n of [1, 2, 3, 4]) {
      await writeFile(world.live('config/.env'), `DB_PASSWORD=${n}\n`);
      await world.ok(['backup', 'config']);
    }
    await sabotaged(world, ['maintain'], { exit: 4, error: 'repository.append-only', restores: ['config'] });
    const plan = await readFile(world.planFile, 'utf8');
    await writeFile(
      world.planFile,
      plan.replace(
        `{url: ${strict.url('world')},`,
        `{url: ${strict.url('world')}, maintainer: {url: ${open.url('world')}},`,
      ),
    );
    await world.ok(['maintain']);
    const left = await world.rebuiltPoints();
    expect(left).toHaveLength(2);
    await world.restores(left);
  });
});
