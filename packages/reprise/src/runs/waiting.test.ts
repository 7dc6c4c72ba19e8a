import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ResumeReport } from '@reprise/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { aPoint } from '../recovery/testing/points.ts';
import { lock } from './locks.ts';
import { runRecover } from './recovery-command.ts';
import { runResume } from './resume.ts';
import { statusOf } from './status.ts';
import { openWorld, type World } from './testing/world.ts';

const t0 = '2026-01-01T01:00:00.000Z';
const { signal } = new AbortController();
let home: string;
let world: World;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'waiting-'));
  const names = ['db', 'web'];
  world = await openWorld(home, {
    components: {
      db: { service: 'pg', checks: ['db answers'] },
      web: { service: 'app', checks: ['web answers'] },
    },
    points: names.map((c) => aPoint(c, t0)),
  });
  world.setScenario('fire', [{ recover: ['db'] }, { manual: 'Move the DNS name' }, { recover: 'all' }]);
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
  rmSync(home, { recursive: true });
});

const args = () => ({
  scenario: 'fire',
  until: null,
  lost_at: null,
  requested_at: new Date().toISOString(),
  place: 'in-situ',
  replace: {},
});
const command = 'reprise recover --scenario fire --done decision:2';
const approve = {
  decide: async () => ({ answer: 'approved', role: null, comment: '--done' }) as const,
};

test('a recovery that waits for a person says what it waits for and what goes on with it, whoever asks', async () => {
  const first = await runRecover(world.deps, args(), {}, signal);
  const waits = {
    run: first.run.run,
    recipe: 'recover',
    step: 'decision:2',
    text: 'Move the DNS name',
    command,
  };
  expect(first).toMatchObject({ exit: 4, waiting: waits });
  const error = first.run.steps.find((s) => s.step === 'decision:2')?.error;
  expect(error?.hint).toContain('--done decision:2');
  const told = { verdict: 'fail', code: 'status.waits', subject: first.run.run };
  expect(statusOf(world.deps).findings).toContainEqual(expect.objectContaining(told));

  for (const _ of ['at first', 'and again']) {
    const resumed = ResumeReport.parse(await runResume(world.deps, { abandon: false }, signal));
    expect(resumed).toMatchObject({ exit: 4, settled: [], continued: [], waiting: [waits] });
    expect(statusOf(world.deps).findings).toContainEqual(expect.objectContaining(told));
  }

  const done = await runRecover(world.deps, args(), approve, signal);
  expect(done).toMatchObject({ exit: 0, resumed: true, waiting: null, run: { run: first.run.run } });
  expect(world.events.filter((e) => e === 'restore db')).toHaveLength(1);
  const after = await runResume(world.deps, { abandon: false }, signal);
  expect(after).toMatchObject({ exit: 0, waiting: [] });
});

test('one that is asking at a terminal now waits for nobody else; one that was given up waits no more', async () => {
  const { run } = (await runRecover(world.deps, args(), {}, signal)).run;
  {
    using _asking = await lock(world.deps.home, `run-${run}`, { run, pid: 1 });
    expect((await runResume(world.deps, { abandon: false }, signal)).waiting).toEqual([]);
    expect(statusOf(world.deps).findings.map((f) => f.code)).not.toContain('status.waits');
  }
  const given = await runResume(world.deps, { abandon: true }, signal);
  expect(given).toMatchObject({ abandoned: [run], waiting: [] });
});

test('one that was killed after it had asked had died, and is carried on', async () => {
  const { run } = (await runRecover(world.deps, args(), {}, signal)).run;
  world.deps.journal.append('step.started', { attempt: 2 }, { run, step: 'state' });
  const resumed = await runResume(world.deps, { abandon: false }, signal);
  expect(resumed).toMatchObject({
    exit: 4,
    settled: [{ run }],
    continued: [{ run, exit: 4 }],
    waiting: [{ run, step: 'decision:2', command }],
  });
});
