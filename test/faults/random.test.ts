import { expect, test } from 'vitest';

import { type Arena, makeArena } from './arena.ts';
import { backupCase, maintainCase, recoverCase, restoreCase } from './cases.ts';
import type { Trace } from './positions.ts';
import { type Case, trial, undisturbed } from './trial.ts';

/** `REPRISE_FAULTS_SEED=<n>` repeats a run. */
const seed = Number(process.env['REPRISE_FAULTS_SEED'] ?? Math.floor(performance.timeOrigin) % 1_000_000);
const tries: Readonly<Record<string, number>> = { backup: 8, maintain: 3, restore: 3, recover: 6 };

/** Mulberry32 by T. Ettinger: small, seeded, good enough to pick moments. */
function random(from: number): () => number {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function casesOf(arena: Arena): Promise<readonly Case[]> {
  const { world } = arena;
  await world.ok(['backup']);
  await arena.keep('one');
  const backup = await backupCase(arena, 'one');
  for (let i = 0; i < 3; i++) await world.ok(['backup']);
  await arena.keep('many');
  const maintain = await maintainCase(arena, 'many');
  return [backup, maintain, await restoreCase(arena, 'one'), recoverCase(arena, 'one')];
}

test(
  'killed from outside at 20 random moments, children left alone, and typed again',
  { timeout: 1_200_000 },
  async () => {
    const next = random(seed);
    await using arena = await makeArena();
    // Said as it happens: a suite that is ended by the clock has shown how far it came.
    const say = (line: string): void => void process.stdout.write(`${line}\n`);
    say(`seed ${seed} (REPRISE_FAULTS_SEED=${seed} repeats it)`);
    const failures: string[] = [];
    for (const of of await casesOf(arena)) {
      const trace: Trace = await undisturbed(arena, of);
      // Not within the first moments, in which Node only loads Reprise: nothing of ours runs yet.
      const began = trace.entries[0]?.at ?? 0;
      const work = (trace.entries.at(-1)?.at ?? 0) - began;
      const load = Math.max(0, trace.ms - work - 100);
      for (let i = 0; i < (tries[of.name] ?? 0); i++) {
        const afterMs = Math.round(load + next() * work);
        const label = `${of.name} after ${afterMs} of ${Math.round(trace.ms)} ms`;
        try {
          const { done, answered } = await trial(arena, of, trace, { afterMs });
          const service = answered === null ? '' : `; service ${answered.toFixed(1)} s`;
          const last = [...done].at(-1) ?? 'nothing';
          say(`${label}: ok; finished: ${done.size} of ${trace.steps.length}, last ${last}${service}`);
        } catch (e) {
          say(`${label}: FAILED`);
          failures.push(`${label}: ${(e as Error).message}`);
        }
      }
    }
    expect(failures.join('\n\n'), `seed ${seed}`).toBe('');
  },
);
