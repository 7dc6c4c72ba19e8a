import { expect, test } from 'vitest';

import { systemClock } from '../lib/clock.ts';
import { runMaintain, type MaintainOptions } from './maintain-command.ts';
import { openBare } from './testing/bare.ts';

const signal = new AbortController().signal;

/** What a maintenance of that day has restic read back; `null`: it is not said which. */
async function readOn(day: number, read: string | null = null): Promise<string> {
  const now = new Date(Date.UTC(2026, 0, 1 + day, 3, 30));
  await using bare = await openBare({
    clock: { ...systemClock, now: () => now },
    plan: { hash: 'a'.repeat(64), plan: { system: 's', repositories: {} } } as never,
  });
  const options: MaintainOptions = { repositories: [], read, prune: true };
  const { run } = await runMaintain(bare.deps, options, signal);
  return String(bare.deps.journal.runs({ mine: true }).find((r) => r.run === run.run)?.args['read']);
}

test('thirty days in a row read every slice of the packs back, each once, and then begin again', async () => {
  const days: string[] = [];
  for (let day = 0; day < 31; day++) days.push(await readOn(day));
  const slices = Array.from({ length: 30 }, (_, k) => `${k + 1}/30`);
  expect(days.slice(0, 30).toSorted()).toEqual(slices.toSorted());
  expect(days[30]).toBe(days[0]);
  const next = slices[(slices.indexOf(days[0] ?? '') + 1) % 30];
  expect(days[1]).toBe(next);
});

test('what is asked for is read instead', async () => {
  expect(await readOn(3, '2/7')).toBe('2/7');
});
