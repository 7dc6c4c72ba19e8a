import { existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { makeWorld, type World } from '../world/world.ts';
import { sabotaged } from './harness.ts';

/** Reprise’s clock is wrong; restic and the system keep the right time. */
let world: World;
beforeAll(async () => {
  world = await makeWorld({ copy: false, without: ['db', 'app'] });
  for (const n of [1, 2, 3, 4]) {
    await writeFile(world.live('config/.env'), `DB_PASSWORD=${n}\n`);
    await world.ok(['backup', 'config']);
  }
});
afterAll(async () => await world?.[Symbol.asyncDispose]());

/** Debian's package `faketime`; its clock for durations stays true. */
function clock(offset: string): Record<string, string> {
  const library = readdirSync('/usr/lib')
    .map((folder) => join('/usr/lib', folder, 'faketime/libfaketimeMT.so.1'))
    .find((file) => existsSync(file));
  if (library === undefined) throw new Error('libfaketime is missing: make setup');
  return { LD_PRELOAD: library, FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: '1', NO_FAKE_STAT: '1' };
}
const refused = { exit: 4, error: 'retention.clock-doubted', restores: ['config'] };

test('a clock a year ahead empties no repository, and keeps nothing from being read', async () => {
  const { json } = await sabotaged(world, ['maintain'], refused, { env: clock('+365d') });
  expect(json.repositories[0]).toMatchObject({ forgotten: [], pruned: false });
  expect(json.repositories[0].read).toMatch(/^\d+\/30$/);
});

test('a clock a year behind empties no repository', async () => {
  await sabotaged(world, ['maintain'], refused, { env: clock('-365d') });
});

test('control: by the right time, retention keeps two of the four', async () => {
  expect(await world.rebuiltPoints()).toHaveLength(4);
  const { json } = await world.ok(['maintain']);
  expect(json.repositories[0].forgotten).toHaveLength(2);
  const left = await world.rebuiltPoints();
  expect(left).toHaveLength(2);
  await world.restores(left.slice(-1));
});

test('a point dated in the future is marked, not chosen, and stops retention', async () => {
  const [newest] = await world.points();
  await world.ok(['backup', 'config'], { env: clock('+365d') });
  const ahead = (await world.points()).filter((p) => p.future);
  expect(ahead).toHaveLength(1);
  await sabotaged(world, ['maintain'], refused);
  const to = join(world.dir, 'chosen');
  // Later data may be there, and is not what comes back: said, so not a plain success.
  const { json } = await world.ok(['restore', 'config', '--to', `directory:${to}`], { exit: 3 });
  expect(json.record.components[0].point).toBe(newest?.id);
  expect(json.record.findings).toContainEqual(
    expect.objectContaining({ code: 'recovery.passed-over', verdict: 'unable', subject: 'config' }),
  );
  await world.restores(ahead); // by name, somebody may have it
});
