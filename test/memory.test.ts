import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { inMemory } from '../tools/memory.ts';

test.each([
  ['tmpfs', 'rw,nosuid', true],
  ['tmpfs', 'rw,noexec', false],
  ['ext4', 'rw', false],
])('tests lie in memory where programs may be run there: %s, %s', (type, options, is) => {
  const folder = mkdtempSync(join(tmpdir(), 'rp-memory-'));
  const mounts = join(folder, 'mounts');
  writeFileSync(mounts, `none ${folder} ${type} ${options} 0 0\n`);
  expect(inMemory(folder, mounts)).toEqual(is ? { TMPDIR: folder } : {});
  expect(inMemory(join(folder, 'missing'), mounts)).toEqual({});
  expect(inMemory(folder, join(folder, 'missing'))).toEqual({});
  rmSync(folder, { recursive: true });
});
