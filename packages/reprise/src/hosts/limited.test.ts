import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { systemClock } from '../lib/clock.ts';
import { isError } from '../lib/errors/index.ts';
import type { Host } from './host.ts';
import { limited } from './limited.ts';
import { localHost } from './local.ts';

test('another process that claims there counts too', async () => {
  const scratchRoot = mkdtempSync(join(tmpdir(), 'reprise-limited-'));
  try {
    const { signal } = new AbortController();
    const one = (): Host =>
      limited(localHost({ run: null, scratchRoot, clock: systemClock }), 1000, scratchRoot);
    await using here = one();
    await using there = one();
    const first = await here.scratch(600, signal);
    await expect(there.scratch(500, signal)).rejects.toMatchObject({
      code: 'scratch.full',
      params: { needed: 500, free: 400 },
    });
    await using _rest = await there.scratch(400, signal);
    await first[Symbol.asyncDispose]();
  } finally {
    rmSync(scratchRoot, { recursive: true });
  }
});

test('no more is claimed at a time than the plan allows, and what is given back can be claimed again', async () => {
  const scratchRoot = mkdtempSync(join(tmpdir(), 'reprise-limited-'));
  try {
    await using host = limited(localHost({ run: null, scratchRoot, clock: systemClock }), 1000, scratchRoot);
    const { signal } = new AbortController();
    const first = await host.scratch(600, signal);
    const refused = await host.scratch(500, signal).catch((e: unknown) => e);
    expect(isError(refused, 'scratch.full') && refused.params).toMatchObject({ needed: 500, free: 400 });
    await first[Symbol.asyncDispose]();
    await using _second = await host.scratch(1000, signal);
  } finally {
    rmSync(scratchRoot, { recursive: true });
  }
});
