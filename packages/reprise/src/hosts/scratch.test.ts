import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { systemClock } from '../lib/clock.ts';
import { localHost } from './local.ts';
import { claimedIn, claimScratch } from './scratch.ts';

const { signal } = new AbortController();

test('working space that somebody else made first is refused', async () => {
  const root = mkdtempSync(join(tmpdir(), 'reprise-scratch-'));
  const scratchRoot = join(root, 'reprise-0');
  mkdirSync(scratchRoot);
  await using host = localHost({ run: null, scratchRoot, clock: systemClock });
  const claimed = async (): Promise<void> => {
    await using _room = await host.scratch(10, signal);
  };
  try {
    chmodSync(scratchRoot, 0o777);
    await expect(claimed()).rejects.toMatchObject({ code: 'scratch.foreign', params: { path: scratchRoot } });
    chmodSync(scratchRoot, 0o1777); // as /tmp is: others cannot take away what is ours
    await claimed();
    chmodSync(scratchRoot, 0o755);
    await claimed();
    if (process.getuid?.() !== 0) return;
    chownSync(scratchRoot, 65534, 65534);
    await expect(claimed()).rejects.toMatchObject({ code: 'scratch.foreign' });
  } finally {
    rmSync(root, { recursive: true });
  }
});

test('a folder that could not be made leaves no claim behind', async () => {
  const root = mkdtempSync(join(tmpdir(), 'reprise-scratch-'));
  await using host = localHost({ run: null, scratchRoot: root, clock: systemClock });
  const nobody = { name: 'nobody', uid: -2, gid: -2, home: '/' }; // no number that a folder can be given to
  try {
    const claiming = claimScratch({ host, root, clock: systemClock }, 10, nobody, signal);
    await expect(claiming).rejects.toThrow(RangeError);
    expect(await claimedIn(root)).toBe(0);
    expect(readdirSync(root)).toEqual(['ledger.lock']);
  } finally {
    rmSync(root, { recursive: true });
  }
});
