import { expect, test } from 'vitest';

import { makeWorld } from '../world/world.ts';

test('a system is backed up, destroyed with Reprise’s own state, and comes back from the copy with the recovery key alone', async () => {
  await using world = await makeWorld();
  const backup = await world.ok(['backup']);
  expect(backup.json.points.map((p: { component: string }) => p.component).toSorted()).toEqual([
    'config',
    'db',
    'notes',
    'uploads',
  ]);
  expect(await world.answers()).toBe(true);
  await world.destroy();
  await world.ok(['recover']);
  expect(await world.psql('select count(*) from orders')).toBe('500');
  expect(await world.sqlite('select count(*) from notes')).toBe('3');
  expect(await world.answers()).toBe(true);
});
