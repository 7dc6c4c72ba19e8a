import { test } from 'vitest';

import { makeArena } from './arena.ts';
import { recoverCase, restoreCase } from './cases.ts';
import { sweep } from './sweep.ts';

test(
  'killed at every moment of every step of restore and recover, and typed again',
  { timeout: 1_200_000 },
  async () => {
    await using arena = await makeArena();
    await arena.world.ok(['backup']);
    await arena.keep('one');
    await sweep(arena, await restoreCase(arena, 'one'));
    await sweep(arena, recoverCase(arena, 'one'));
  },
);
