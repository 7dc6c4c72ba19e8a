import { randomUUID } from 'node:crypto';

import type { Retention } from '@reprise/contracts';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { captured as capturedBody } from '../catalogue/fixtures.ts';
import { catalogueOf } from '../catalogue/merge.ts';
import { lineOf } from '../journal/chain.ts';
import { systemClock } from '../lib/clock.ts';
import type { Repository, Snapshot, SnapshotTags } from '../repository/repository.ts';
import { decide, type Decision } from './maintain-decide.ts';
import { openBare, type Bare } from './testing/bare.ts';

const day = 86_400_000;
const monthly = { schedule: '0 3 1 * *', timezone: 'UTC', repositories: ['primary'] };
/** Ten days after what is written: so that what is here is old enough for the sweep, and a monthly rhythm not overdue. */
const now = new Date(Date.now() + 10 * day);
const before = (days: number): string => new Date(now.getTime() - days * day).toISOString();

let bare: Bare;
let rules: Partial<Retention> | undefined;
let protections: Record<string, typeof monthly>;
/** What restic lists. */
let listed: Snapshot[];
beforeEach(async () => {
  rules = { last: 1 };
  protections = { monthly };
  listed = [];
  await open();
});
afterEach(async () => await bare[Symbol.asyncDispose]());

async function open(): Promise<void> {
  const none: Retention = { last: 1, hourly: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 };
  const retention = (): Retention | undefined => (rules === undefined ? undefined : { ...none, ...rules });
  bare = await openBare({
    clock: { ...systemClock, now: () => now },
    plan: {
      hash: 'a'.repeat(64),
      retention,
      plan: {
        system: 's',
        get protections() {
          return protections;
        },
      },
    } as never,
  });
}

/** A snapshot that is there, of this installation unless said otherwise. */
function snapshot(id: string, tags: Partial<SnapshotTags>, days = 9.5): string {
  const own = { form: 'part' as const, installation: bare.deps.journal.installation, run: randomUUID() };
  listed.push({
    id,
    time: new Date(before(days)),
    host: 's',
    tags: { ...own, ...tags },
    paths: [],
    original: undefined,
  });
  return id;
}
/** A point of so many days ago, its part in the repository; its snapshot's id. */
function captured(component: string, days: number): string {
  const at = before(days);
  const id = snapshot(`${component}-${days}`, { component, part: 'db' }, days);
  bare.deps.journal.append('point.captured', capturedBody(component, id, at), { run: null, step: null });
  return id;
}
/** A state that carries all that was written until now. */
function stored(id: string, days = 9.5): string {
  const { journal } = bare.deps;
  const body = {
    repository: 'primary',
    head: journal.head(),
    snapshot: snapshot(id, { form: 'state' }, days),
  };
  journal.append('state.stored', body, { run: null, step: null });
  return id;
}
/** What `maintain` does first: it looks what is there. */
const look = (): void =>
  bare.deps.journal.recordView(
    'primary',
    listed.map((s) => s.id),
  );
async function decided(run: string = randomUUID()): Promise<Decision> {
  const repository = { snapshots: () => Promise.resolve(listed) } as unknown as Repository;
  return await decide(bare.deps, 'primary', repository, bare.step(run, 'decide:primary'));
}
const given = (d: Decision): string[] => d.forgotten.flatMap((f) => f.snapshots).toSorted();
const journaled = (type: 'point.forgotten' | 'snapshots.forgotten') =>
  [...bare.deps.journal.entries({ type })].map((e) => e.body);

test('what the rules give up is named with its snapshots, and journaled before anything is lost', async () => {
  const [old, newest] = [captured('db', 12), captured('db', 11)];
  const other = captured('web', 30);
  stored('state');
  look();
  const decision = await decided();
  expect(given(decision)).toEqual([old]);
  expect(decision).toMatchObject({ repository: 'primary', kept: 2, debris: [], states: [], doubt: null });
  expect(decision.forgotten[0]?.parts).toMatchObject([{ name: 'db', snapshot: old }]);
  expect(journaled('point.forgotten')).toMatchObject([
    { point: decision.forgotten[0]?.point, repository: 'primary', snapshots: [old], reason: 'retention' },
  ]);
  expect(journaled('snapshots.forgotten')).toEqual([]);
  expect(
    catalogueOf(bare.deps.journal, bare.deps.clock).points.map((p) => p.copies[0]?.parts[0]?.snapshot),
  ).toEqual([newest, other]);
});

test('nothing is given up for a point that is not known to be readable', async () => {
  captured('db', 12);
  const newest = captured('db', 11);
  stored('state');
  look();
  const { journal, clock } = bare.deps;
  const bad = { verdict: 'fail', code: 'repository.pack-damaged', subject: 'primary', params: {} } as const;
  const cause = { run: null, step: null };
  journal.append('repository.checked', { repository: 'primary', read: '1/1', findings: [bad] }, cause);
  expect(await decided()).toMatchObject({ forgotten: [], kept: 2 });
  const good = { ...bad, verdict: 'pass' } as const;
  journal.append('repository.checked', { repository: 'primary', read: '1/1', findings: [good] }, cause);
  const point = catalogueOf(journal, clock).points[0]?.id ?? newest;
  journal.append(
    'point.checked',
    { point, repository: 'primary', level: 'parsed', findings: [bad], sha256: {} },
    cause,
  );
  expect(await decided()).toMatchObject({ forgotten: [], kept: 2 });
});

test('without rules everything is kept', async () => {
  rules = undefined;
  captured('db', 12);
  captured('db', 11);
  stored('state');
  look();
  expect(await decided()).toMatchObject({ forgotten: [], kept: 2 });
});

test('decided twice, since a crash came before the end: nothing is journaled twice, and nothing escapes', async () => {
  const old = [captured('db', 13), captured('db', 12)];
  const newest = captured('db', 11);
  stored('state');
  const stray = snapshot('stray', { component: 'db', part: 'db' });
  look();
  const run = randomUUID();
  const first = await decided(run);
  const again = await decided(run);
  expect(given(first)).toEqual(old.toSorted());
  expect(first.debris).toEqual([stray]);
  expect([...given(again), ...again.debris].toSorted()).toEqual([...old, stray].toSorted());
  expect(again.debris).not.toContain(newest);
  expect(journaled('point.forgotten')).toHaveLength(2);
  expect(journaled('snapshots.forgotten')).toMatchObject([{ reason: 'debris', snapshots: [stray] }]);
});

test('a crash between two entries: the second decision writes the one that is missing', async () => {
  const old = [captured('db', 13), captured('db', 12)];
  captured('db', 11);
  stored('state');
  look();
  const run = randomUUID();
  const step = bare.step(run, 'decide:primary');
  const dies = {
    ...step,
    append: (...entry: Parameters<typeof step.append>) => {
      if (journaled('point.forgotten').length === 1) throw new Error('killed');
      return step.append(...entry);
    },
  };
  const repository = { snapshots: () => Promise.resolve(listed) } as unknown as Repository;
  await expect(decide(bare.deps, 'primary', repository, dies)).rejects.toThrow('killed');
  const again = await decided(run);
  expect(journaled('point.forgotten')).toHaveLength(2);
  expect([...given(again), ...again.debris].toSorted()).toEqual(old.toSorted());
});

test('the newest point is older than the schedules into this repository allow: the clock is in doubt, all stays', async () => {
  const at = async () => {
    captured('db', 40);
    captured('db', 39);
    stored('state');
    snapshot('stray', { component: 'db', part: 'db' });
    look();
    return await decided();
  };
  // Two captures of the month make 56 days or more; what writes elsewhere says nothing about this repository.
  protections = { monthly, nightly: { ...monthly, schedule: '0 3 * * *', repositories: ['elsewhere'] } };
  expect(await at()).toMatchObject({ doubt: null, debris: ['stray'] });
  for (const here of [{ nightly: { ...monthly, schedule: '0 3 * * *' }, monthly }, {}]) {
    await bare[Symbol.asyncDispose]();
    listed = [];
    await open();
    protections = here;
    expect(await at()).toMatchObject({ doubt: { why: 'stale' }, forgotten: [], debris: [], states: [] });
    expect([...journaled('point.forgotten'), ...journaled('snapshots.forgotten')]).toEqual([]);
  }
});

test('debris: old parts of known installations that no point names, and no others', async () => {
  const stray = snapshot('stray', { component: 'db', part: 'db' });
  captured('db', 11);
  stored('state');
  captured('web', 11); // pending: no state carries it
  const live = randomUUID();
  bare.deps.journal.append(
    'run.started',
    { recipe: 'backup', plan: null, args: {}, pid: 1 },
    { run: live, step: null },
  );
  snapshot('of-an-open-run', { run: live });
  snapshot('of-a-stranger', { installation: randomUUID() });
  snapshot('young', {}, 1);
  look();
  snapshot('not-seen-before', {});
  const decision = await decided();
  expect(decision.debris).toEqual([stray]);
  expect(journaled('snapshots.forgotten')).toMatchObject([
    { repository: 'primary', reason: 'debris', snapshots: [stray] },
  ]);
});

test('while the newest state of an installation was not read, nothing of it is debris', async () => {
  snapshot('stray', {});
  captured('db', 11);
  stored('state');
  snapshot('unread', { form: 'state' }, 9);
  look();
  expect((await decided()).debris).toEqual([]);
});

test('states: the last ten stay, and those that no journal proves', async () => {
  captured('db', 11);
  const states = Array.from({ length: 14 }, (_, i) => stored(`state-${i}`, 9.5 - i / 1000));
  snapshot('forged', { form: 'state' }, 9.6);
  look();
  const decision = await decided();
  expect([...decision.states].toSorted()).toEqual(states.slice(0, 4).toSorted());
  expect(journaled('snapshots.forgotten')).toMatchObject([
    { reason: 'old state', snapshots: decision.states },
  ]);
});

test('a writer’s states: the newest is proven by having been read, no journal names it yet', async () => {
  await using writer = await openBare();
  const { journal } = writer.deps;
  const made = (id: string, days: number): string =>
    snapshot(id, { form: 'state', installation: journal.installation }, days);
  const states = Array.from({ length: 10 }, (_, i) => made(`w${i}`, 9.5 - i / 1000));
  for (const id of states)
    journal.append(
      'state.stored',
      { repository: 'primary', head: journal.head(), snapshot: id },
      { run: null, step: null },
    );
  const newest = { repository: 'primary', snapshot: made('newest', 9), head: journal.head() };
  const lines = [...journal.entries()].map(lineOf);
  bare.deps.journal.importState(newest, lines);
  captured('db', 11);
  stored('mine');
  look();
  expect((await decided()).states).toEqual([states[0]]);
});

test('whatever the rules and the points: each component keeps its newest, and no snapshot of a kept point is lost', async () => {
  const rule = fc.record({ last: fc.integer({ min: 1, max: 3 }), daily: fc.nat(3), monthly: fc.nat(2) });
  const ages = fc.uniqueArray(fc.integer({ min: 11, max: 50 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(rule, ages, ages, async (r, db, web) => {
      await bare[Symbol.asyncDispose]();
      listed = [];
      rules = r;
      await open();
      for (const days of db.toSorted((a, b) => b - a)) captured('db', days);
      for (const days of web.toSorted((a, b) => b - a)) captured('web', days);
      stored('state');
      look();
      const all = listed.filter((s) => s.tags.form === 'part').map((s) => s.id);
      const decision = await decided();
      const lost = new Set([...given(decision), ...decision.debris]);
      expect(decision.doubt).toBeNull();
      for (const [component, days] of [
        ['db', db],
        ['web', web],
      ] as const)
        expect(lost).not.toContain(`${component}-${Math.min(...days)}`);
      const kept = catalogueOf(bare.deps.journal, bare.deps.clock).points.flatMap((p) =>
        p.copies.flatMap((c) => c.parts.map((part) => part.snapshot)),
      );
      expect(kept).toHaveLength(decision.kept);
      expect([...kept, ...lost].toSorted()).toEqual(all.toSorted());
    }),
    { numRuns: 15 },
  );
});
