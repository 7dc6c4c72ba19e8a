import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { systemClock } from '../lib/clock.ts';
import { timetable, wayTo, type Task } from '../lib/timetable.ts';
import { execute } from './engine.ts';
import { openWorld, type World } from './testing/world.ts';

let home: string;
let world: World;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'timetable-'));
  world = await openWorld(home, { components: {}, points: [] });
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
  rmSync(home, { recursive: true });
});

/** When the engine has ended each, where its steps take as long as they say by a clock that only they move. */
async function ended(tasks: readonly Task[], slots: number): Promise<ReadonlyMap<string, number>> {
  const ends = new Map<string, number>();
  const running: { readonly end: number; readonly stop: () => void }[] = [];
  let now = 0;
  const steps = tasks.map(({ name, after, host, ms }) => ({
    name,
    after,
    host,
    perform: async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      running.push({ end: now + ms, stop: resolve });
      ends.set(name, now + ms);
      await promise;
    },
  }));
  const { journal } = world.deps;
  const deps = { journal, clock: systemClock, home, plan: null, slots, log: () => {} };
  const over = new AbortController();
  const run = execute({ name: 'recover', args: {}, steps }, deps, new AbortController().signal).finally(() =>
    over.abort(),
  );
  while (!over.signal.aborted) {
    for (let i = 0; i < 5; i += 1) await setImmediate();
    const next = running.toSorted((a, b) => a.end - b.end)[0];
    if (next === undefined) continue;
    running.splice(running.indexOf(next), 1);
    now = next.end;
    next.stop();
  }
  expect((await run).exit).toBe(0);
  return ends;
}

/** Lengths of which no two sums are the same, so that no two end together. */
const tasks = fc
  .array(fc.record({ after: fc.array(fc.nat(9), { maxLength: 2 }), far: fc.boolean(), long: fc.boolean() }), {
    minLength: 1,
    maxLength: 9,
  })
  .map((all) =>
    all.map(({ after, far, long }, i): Task => ({
      name: `t${i}`,
      after: [...new Set(after.filter((a) => a < i).map((a) => `t${a}`))],
      host: far ? 'there' : 'local',
      ms: 2 ** i + (long ? 2 ** 12 : 0) + (long ? 2 ** (13 + i) : 0),
    })),
  );

test('the engine ends each step when the timetable says', async () => {
  await fc.assert(
    fc.asyncProperty(tasks, fc.integer({ min: 1, max: 4 }), async (all, slots) => {
      const said = [...timetable(all, slots)].map(([name, { end }]) => [name, end]);
      expect(Object.fromEntries(said)).toEqual(Object.fromEntries(await ended(all, slots)));
    }),
    { numRuns: 25 },
  );
});

test('what each waited for last is named', () => {
  const at = (name: string, ms: number, after: readonly string[] = []): Task => ({
    name,
    ms,
    after,
    host: 'h',
  });
  const slots = timetable([at('a', 5), at('b', 3), at('c', 4), at('d', 1, ['a', 'c'])], 2);
  expect(slots.get('d')).toEqual({ end: 8, behind: 'c' });
  expect(wayTo('d', slots)).toEqual(['b', 'c', 'd']);
});
