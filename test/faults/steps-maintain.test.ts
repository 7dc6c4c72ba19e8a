import { test } from 'vitest';

import { makeArena } from './arena.ts';
import { maintainCase } from './cases.ts';
import { sweep } from './sweep.ts';

test('maintain: killed at every moment of every step, and typed again', { timeout: 1_200_000 }, async () => {
  await using arena = await makeArena();
  await arena.world.ok(['backup']);
  for (let i = 0; i < 3; i++) await arena.world.ok(['backup']);
  await arena.keep('many');
  await sweep(arena, await maintainCase(arena, 'many'));
});
