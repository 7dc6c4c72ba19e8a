import { test } from 'vitest';

import { makeArena } from './arena.ts';
import { backupCase, maintainCase } from './cases.ts';
import { sweep } from './sweep.ts';

test(
  'killed at every moment of every step of backup and maintain, and typed again',
  { timeout: 1_200_000 },
  async () => {
    await using arena = await makeArena();
    const { world } = arena;
    await world.ok(['backup']);
    await arena.keep('one');
    await sweep(arena, await backupCase(arena, 'one'));
    await arena.back('one');
    for (let i = 0; i < 3; i++) await world.ok(['backup']);
    await arena.keep('many');
    await sweep(arena, await maintainCase(arena, 'many'));
  },
);
