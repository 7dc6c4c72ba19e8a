import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { processes } from '../hosts/processes.ts';
import type { Service, ServiceState } from '../services/service.ts';
import { held } from './hold.ts';
import { openBare, type Bare } from './testing/bare.ts';

/**
 * Services are files: there while running. Their undo is a real command of a real guardian, and what is alive and
 * written down is asked at the very moment they are stopped.
 */
let bare: Bare;
let run = '';
let how: 'pause' | 'stop' | 'none' = 'stop';
let max = 60_000;
let before: Record<string, ServiceState> = {};
const happened: string[] = [];
const file = (name: string | null): string => join(bare.home, `${name}.up`);

/** What a power cut or a `kill -9` right now would find. */
function safetyNet(): string {
  const entries = [...bare.deps.journal.entries({ run })].map((e) => e.type);
  const guarded = processes().some(
    ({ pid }) => environment(pid).includes(`REPRISE_GUARDIAN=${join(bare.home, 'guardians', run)}`), // its result file
  );
  return `${entries.includes('undo.registered') ? 'journaled' : 'not journaled'}, ${guarded ? 'guarded' : 'not guarded'}`;
}
function environment(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}

/** A service whose stop command is done, and which never comes to rest. */
let restless: string | null = null;

const service = (name: string | null): Service => {
  const up = (word: string) => async () => {
    happened.push(`${word} ${name}`);
    writeFileSync(file(name), '');
    await Promise.resolve();
  };
  const down = (word: string) => async () => {
    happened.push(`${word} ${name}: ${safetyNet()}`);
    rmSync(file(name), { force: true });
    await Promise.resolve();
  };
  const timed = (...argv: [string, ...string[]]) => ({ argv, timeout: 5000 });
  return {
    name: name ?? '',
    state: () => Promise.resolve(before[name ?? ''] ?? 'running'),
    stop:
      name === restless
        ? async (signal: AbortSignal) => await sleep(60_000, undefined, { signal })
        : down('stop'),
    pause: down('pause'),
    start: up('start'),
    resume: up('resume'),
    undo: (state: ServiceState) =>
      Promise.resolve(
        state === 'running'
          ? {
              service: name ?? '',
              command: timed('touch', file(name)),
              ready: timed('test', '-e', file(name)),
              always: false,
            }
          : undefined,
      ),
  } as never;
};
const plan = {
  hash: 'a'.repeat(64),
  plan: { system: 's' },
  groups: { get: () => ({ hold: { services: ['web', 'worker'], how, max } }) },
};

beforeEach(async () => {
  happened.length = 0;
  before = {};
  how = 'stop';
  restless = null;
  max = 60_000;
  run = randomUUID();
  bare = await openBare({ service, plan: plan as never });
  for (const name of ['web', 'worker']) writeFileSync(file(name), '');
});
afterEach(async () => await bare[Symbol.asyncDispose]());

const capture = async (): Promise<string> => {
  happened.push(`capture: web ${existsSync(file('web')) ? 'up' : 'down'}`);
  return await Promise.resolve('bytes');
};
const hold = async (work = capture) => await held(bare.deps, 'site', work, bare.step(run, 'capture:site'));
const undone = () =>
  [...bare.deps.journal.entries({ run })].filter((e) => e.type === 'undo.performed').map((e) => e.body);

test('nothing is stopped before its undo is journaled and the guardian stands ready', async () => {
  const { result, hold: was } = await hold();
  expect(result).toBe('bytes');
  expect(was).toMatchObject({ how: 'stop' });
  expect(happened).toEqual([
    'stop web: journaled, guarded',
    'stop worker: journaled, guarded',
    'capture: web down',
    'start worker',
    'start web',
  ]);
  expect(undone()).toMatchObject([{ services: ['web', 'worker'], by: 'reprise', ok: true }]);
  expect(safetyNet()).toBe('journaled, not guarded');
});

test('pause: paused and resumed, never stopped', async () => {
  how = 'pause';
  await hold();
  expect(happened.filter((h) => /stop|start/.test(h))).toEqual([]);
  expect(happened.at(-1)).toBe('resume web');
});

test('what was stopped before stays stopped, and with nothing left to stop nothing is registered', async () => {
  before = { web: 'stopped' };
  await hold();
  expect(happened.some((h) => h.includes('web: '))).toBe(false);
  before = { web: 'stopped', worker: 'stopped' };
  run = randomUUID();
  expect((await hold()).hold).toBeNull();
  expect([...bare.deps.journal.entries({ run })]).toEqual([]);
});

test('a service of which nobody can say if it runs is not taken for held: nothing is captured', async () => {
  before = { worker: 'unknown' };
  await expect(hold()).rejects.toMatchObject({
    code: 'service.state-unknown',
    params: { service: 'worker' },
  });
  expect(happened).toEqual([]);
  expect([...bare.deps.journal.entries({ run })]).toEqual([]);
});

test('longer than the plan allows: the services run again by themselves, and nothing of it is believed', async () => {
  max = 700;
  const late = async (): Promise<string> => {
    for (let i = 0; i < 100 && !(existsSync(file('web')) && existsSync(file('worker'))); i++)
      await sleep(100);
    happened.push(`web ${existsSync(file('web')) ? 'up' : 'down'}`);
    return 'bytes';
  };
  await expect(hold(late)).rejects.toMatchObject({ code: 'capture.released', params: { group: 'site' } });
  expect(happened.at(-1)).toBe('web up'); // by nobody but the guardian
  expect([...bare.deps.journal.entries({ run, type: 'undo.registered' })]).toMatchObject([
    { body: { max_ms: 700 } }, // what a resume after a power cut goes by
  ]);
});

test('a service that does not come to rest is waited for as long as the hold may last, no longer', async () => {
  [restless, max] = ['worker', 1500];
  await expect(hold()).rejects.toMatchObject({
    code: 'capture.not-at-rest',
    params: { group: 'site', service: 'worker' },
  });
  expect(happened.filter((h) => h.startsWith('capture'))).toEqual([]);
  expect(existsSync(file('web')), 'what was stopped before it is back').toBe(true);
});

test('hold none touches nobody', async () => {
  how = 'none';
  expect((await hold()).hold).toBeNull();
  expect(happened).toEqual(['capture: web up']);
});

test('a capture that fails: the guardian brings the services back', async () => {
  const fails = (): Promise<string> => Promise.reject(new Error('disk full'));
  await expect(hold(fails)).rejects.toThrow('disk full');
  expect([existsSync(file('web')), existsSync(file('worker'))]).toEqual([true, true]);
  expect(undone()).toEqual([]); // for `settle` to journal, from the guardian's result
});

test.for(['SIGTERM', 'SIGKILL'] as const)(
  'a guardian that got %s before the last byte: nothing captured is believed',
  async (signal) => {
    const killsIt = async (): Promise<string> => {
      const result = join(bare.home, 'guardians', run);
      for (const { pid } of processes()) if (environment(pid).includes(result)) process.kill(pid, signal);
      return await capture();
    };
    await expect(hold(killsIt)).rejects.toMatchObject({ code: 'capture.released' });
  },
);
