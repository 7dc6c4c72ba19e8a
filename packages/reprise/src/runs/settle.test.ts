import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { startOf } from '../hosts/processes.ts';
import type { Service } from '../services/service.ts';
import { lock } from './locks.ts';
import { settle } from './settle.ts';
import { openBare, type Bare } from './testing/bare.ts';

let bare: Bare;
const happened: string[] = [];
beforeEach(async () => {
  happened.length = 0;
  const service = (name: string | null): Service =>
    ({
      start: () => Promise.resolve(void happened.push(`start ${name}`)),
      resume: () => Promise.resolve(void happened.push(`resume ${name}`)),
    }) as never;
  bare = await openBare({ service });
});
afterEach(async () => await bare[Symbol.asyncDispose]());
const { signal } = new AbortController();

/** A run whose process has died, with what it held. */
function dead(...holds: readonly (readonly Hold[])[]): string {
  const run = randomUUID();
  const { journal, home } = bare.deps;
  journal.append('run.started', { recipe: 'backup', plan: null, args: {}, pid: 1 }, { run, step: null });
  for (const [i, services] of holds.entries())
    journal.append(
      'undo.registered',
      {
        group: 'g',
        services: services.map((s) => ({ ...s })),
        max_ms: 1000,
        result: join(home, `${run}-${i}.json`),
      },
      { run, step: 'capture:g' },
    );
  return run;
}
interface Hold {
  readonly service: string;
  readonly before: 'running' | 'stopped';
  readonly how: 'pause' | 'stop';
}
const web = { service: 'web', before: 'running', how: 'stop' } as const;

test('a run that died is marked interrupted; one that is alive is left alone', async () => {
  const [gone, alive] = [dead(), dead()];
  using _held = await lock(bare.home, `run-${alive}`, { run: alive, pid: 1 });
  expect(await settle(bare.deps, signal)).toEqual([
    { run: gone, recipe: 'backup', orphans: 0, services: [] },
  ]);
  expect(bare.deps.journal.openRuns().map((r) => r.run)).toEqual([alive]);
  expect(await settle(bare.deps, signal)).toEqual([]);
});

test('what it had at rest runs again, last held first; what was stopped before stays stopped', async () => {
  const run = dead([
    web,
    { service: 'idle', before: 'stopped', how: 'stop' },
    { service: 'db', before: 'running', how: 'pause' },
  ]);
  const [settled] = await settle(bare.deps, signal);
  expect(happened).toEqual(['resume db', 'start web']);
  expect(settled?.services).toEqual(
    ['web', 'idle', 'db'].map((service) => ({ service, by: 'resume', ok: true })),
  );
  const undone = [...bare.deps.journal.entries({ run })].filter((e) => e.type === 'undo.performed');
  expect(undone).toMatchObject([{ step: 'capture:g', body: { by: 'resume', ok: true } }]);
});

test('what the guardian brought back is not started twice; what it could not, is', async () => {
  const run = dead([web]);
  const ended = { undone: true, at: '2026-01-01T00:00:00Z', reason: 'closed' };
  const result = join(bare.home, `${run}-0.json`);
  writeFileSync(result, JSON.stringify({ ...ended, ok: true }));
  const [settled] = await settle(bare.deps, signal);
  expect(happened).toEqual([]);
  expect(settled?.services).toEqual([{ service: 'web', by: 'guardian', ok: true }]);

  const other = dead([web]);
  writeFileSync(join(bare.home, `${other}-0.json`), JSON.stringify({ ...ended, ok: false }));
  await settle(bare.deps, signal);
  expect(happened).toEqual(['start web']);
});

test('a hold that was undone and journaled is not undone again', async () => {
  const run = dead([web], [{ ...web, service: 'api' }]);
  bare.deps.journal.append(
    'undo.performed',
    { services: ['web'], by: 'reprise', ok: true, held_ms: 5 },
    { run, step: 'capture:g' },
  );
  await settle(bare.deps, signal);
  expect(happened).toEqual(['start api']);
});

test('half-written states and passwords of the dead are removed; those of a process that lives, run or not, stay', async () => {
  const of = (name: string): string => {
    const folder = join(bare.home, 'tmp', name, 'state-abc');
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  // pid 1 lives and started at another moment; a `bootstrap` or `init` has no run, and its folder is its own.
  const [gone, reused, unnamed] = [of('4194305-1'), of('1-1'), of('state-of-an-older-version')];
  const mine = of(`${process.pid}-${startOf(process.pid)}`);
  dead();
  const alive = dead();
  const held = await lock(bare.home, `run-${alive}`, { run: alive, pid: 1 });
  await settle(bare.deps, signal);
  expect([gone, reused, unnamed, mine].map((f) => existsSync(f))).toEqual([false, false, true, true]);
  held[Symbol.dispose]();
  await settle(bare.deps, signal);
  expect([unnamed, mine].map((f) => existsSync(f))).toEqual([false, true]);
});
