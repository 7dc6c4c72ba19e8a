import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { makeWorld } from '../world/world.ts';

test('everything is lost but the copy and the recovery key: the system comes back, checked and measured', async () => {
  await using world = await makeWorld();
  const backup = await world.ok(['backup']);
  expect(backup.json.points.map((p: { component: string }) => p.component).toSorted()).toEqual([
    'config',
    'db',
    'notes',
    'uploads',
  ]);
  expect(await world.answers()).toBe(true);
  const ids = (await world.points()).map((p) => p.id).toSorted();

  await world.destroy();
  for (const lost of [join(world.dir, 'primary'), world.home, world.planFile])
    await rm(lost, { recursive: true });

  // Exit 3: the primary is gone, and that is said.
  await world.ok(['bootstrap', join(world.dir, 'copy')], { input: `${world.recoveryKey}\n`, exit: 3 });
  expect((await world.points()).map((p) => p.id).toSorted()).toEqual(ids);
  const { json } = await world.ok(['recover']);
  expect(await world.psql('select count(*), sum(total) from orders')).toBe('500|187875.00');
  expect(await world.sqlite('select count(*) from notes')).toBe('3');
  expect(await world.answers()).toBe(true);
  for (const c of json.record.components)
    expect(c).toMatchObject({ state: 'in-service', rpo: { verdict: 'met' }, rto: { verdict: 'met' } });
  expect(json.record.whole.rpo.actual_ms).toBeGreaterThan(0);
  expect(json.record.whole.rto.actual_ms).toBeGreaterThan(0);

  // The lost primary is made anew, and protection goes on.
  await world.ok(['init', '--yes'], { input: `${world.recoveryKey}\n` });
  const again = await world.ok(['backup']);
  expect(again.json.points).toHaveLength(4);
});
