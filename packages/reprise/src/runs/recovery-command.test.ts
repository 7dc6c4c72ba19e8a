import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { aPoint } from '../recovery/testing/points.ts';
import type { Deps } from './deps.ts';
import { runRecover } from './recovery-command.ts';
import { openWorld, type World } from './testing/world.ts';

/** The most steps of a run that were at work at one moment, by its journal. */
function most({ deps }: World, run: string): number {
  let now = 0;
  return Math.max(
    ...[...deps.journal.entries({ run })].map(({ type }) => {
      if (type === 'step.started') now += 1;
      if (type === 'step.finished') now -= 1;
      return now;
    }),
  );
}
const apart = ['mail', 'notes', 'uploads', 'wiki'];

test.for([1, 2, 3, 4])('recovery.parallel: %i steps at once, no more, and as many', async (parallel) => {
  const home = mkdtempSync(join(tmpdir(), 'parallel-'));
  try {
    await using world = await openWorld(home, {
      components: Object.fromEntries(apart.map((name) => [name, { checks: [`${name} answers`] }])),
      points: apart.map((c) => aPoint(c, '2026-01-01T01:00:00.000Z')),
    });
    const { plan } = world.deps.plan;
    const planned = { ...world.deps.plan, plan: { ...plan, recovery: { ...plan.recovery, parallel } } };
    const deps: Deps = { ...world.deps, plan: planned };
    const args = {
      until: null,
      lost_at: null,
      requested_at: new Date().toISOString(),
      place: 'in-situ',
      replace: {},
      scenario: null,
    };
    const { exit, run } = await runRecover(deps, args, {}, new AbortController().signal);
    expect(exit).toBe(0);
    expect(most(world, run.run)).toBe(parallel);
  } finally {
    rmSync(home, { recursive: true });
  }
});
