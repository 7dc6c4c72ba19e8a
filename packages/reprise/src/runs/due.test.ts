import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import type { DueUnit } from '../schedule/due.ts';
import { workOf } from './due.ts';
import { lock } from './locks.ts';

let home: string;
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'due-'))));
afterEach(() => rmSync(home, { recursive: true }));

const unit = (name: string, protection = 'daily', since: Date | null = new Date(0)): DueUnit => ({
  unit: name,
  what: 'component',
  protection,
  components: [name],
  last: null,
  since,
  next: null,
  missed: 0,
  overdue: false,
});
const at = async (units: readonly DueUnit[]) => await workOf({ home }, units);

test('all that is due by one protection is one backup, so that it is captured side by side', async () => {
  expect(await at([unit('db'), unit('logs', 'hourly'), unit('web'), unit('idle', 'daily', null)])).toEqual([
    { names: ['db', 'web'], protection: 'daily' },
    { names: ['logs'], protection: 'hourly' },
  ]);
});

test('what another run works on is left to that run', async () => {
  using _held = await lock(home, 'component-db', { run: 'other', pid: process.pid });
  expect(await at([unit('db'), unit('web')])).toEqual([{ names: ['web'], protection: 'daily' }]);
});
