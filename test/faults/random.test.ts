import { expect, test } from 'vitest';

import { type Arena, makeArena } from './arena.ts';
import { backupCase, maintainCase, recoverCase, restoreCase } from './cases.ts';
import { type Stream, streamsOf } from './positions.ts';
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

/** A moment of the time in which programs moved data, each as likely as another. */
function momentIn(
  streams: readonly Stream[],
  chance: number,
): { readonly stream: Stream; readonly afterMs: number } {
  let left = chance * streams.reduce((sum, s) => sum + s.ms, 0);
  for (const stream of streams) {
    if (left < stream.ms) return { stream, afterMs: Math.round(left) };
    left -= stream.ms;
  }
  throw new Error('nothing moved data in an undisturbed run');
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
  'killed from outside at 20 random moments inside streams, children left alone, and typed again',
  { timeout: 1_200_000 },
  async () => {
    const next = random(seed);
    await using arena = await makeArena();
    // Said as it happens: a suite that is ended by the clock has shown how far it came.
    const say = (line: string): void => void process.stdout.write(`${line}\n`);
    say(`seed ${seed} (REPRISE_FAULTS_SEED=${seed} repeats it)`);
    const failures: string[] = [];
    const deaths: (string | null)[] = [];
    for (const of of await casesOf(arena)) {
      const trace = await undisturbed(arena, of);
      const streams = streamsOf(trace);
      for (let i = 0; i < (tries[of.name] ?? 0); i++) {
        const { stream, afterMs } = momentIn(streams, next());
        const label = `${of.name}, ${afterMs} of ${stream.ms} ms into ${stream.program} (${stream.nth}) of ${stream.step}`;
        try {
          const { done, answered, killed, inside } = await trial(arena, of, trace, {
            stream: stream.nth,
            afterMs,
          });
          if (killed) deaths.push(inside);
          const service = answered === null ? '' : `; service ${answered.toFixed(1)} s`;
          const where = killed ? `killed in ${inside ?? 'no stream'}` : 'had ended';
          say(`${label}: ok; ${where}; finished: ${done.size} of ${trace.steps.length}${service}`);
        } catch (e) {
          say(`${label}: FAILED`);
          failures.push(`${label}: ${(e as Error).message}`);
        }
      }
    }
    expect(failures.join('\n\n'), `seed ${seed}`).toBe('');
    // What came too late proves nothing: most must have hit Reprise, and a stream.
    expect(deaths.length, 'killed').toBeGreaterThanOrEqual(15);
    expect(deaths.filter((d) => d !== null).length, 'killed inside a stream').toBeGreaterThanOrEqual(15);
  },
);
