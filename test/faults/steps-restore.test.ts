import { test } from 'vitest';

import { makeArena } from './arena.ts';
import { restoreCase } from './cases.ts';
import { sweep } from './sweep.ts';

test('restore: killed at every moment of every step, and typed again', { timeout: 1_200_000 }, async () => {
  await using arena = await makeArena();
  await arena.world.ok(['backup']);
  await arena.keep('one');
  await sweep(arena, await restoreCase(arena, 'one'));
});
