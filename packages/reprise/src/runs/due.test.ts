import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Point, PointCopy } from '@reprise/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { ago, hour, point } from '../catalogue/fixtures.ts';
import type { Said } from '../lib/language.ts';
import type { DueUnit } from '../schedule/due.ts';
import { historyOf, runDue, workOf } from './due.ts';
import { lock } from './locks.ts';
import { openBare } from './testing/bare.ts';

let home: string;
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'due-'))));
afterEach(() => rmSync(home, { recursive: true }));

const unit = (name: string, protection = 'daily', since: Date | null = new Date(0)): DueUnit => ({
  unit: name,
  what: 'component',
  protection,
  components: [name],
  last: null,
  since,
  next: null,
  missed: 0,
  overdue: false,
  lacking: [],
});
const at = async (units: readonly DueUnit[]) => await workOf({ home }, units);

test('all that is due by one protection is one backup, so that it is captured side by side', async () => {
  expect(await at([unit('db'), unit('logs', 'hourly'), unit('web'), unit('idle', 'daily', null)])).toEqual([
    { names: ['db', 'web'], protection: 'daily' },
    { names: ['logs'], protection: 'hourly' },
  ]);
});

test('a newest point that lacks a copy was last tried when the last backup of it ended', async () => {
  const plan = {
    hash: 'a'.repeat(64),
    components: new Map([['db', { protections: ['daily'], group: null }]]),
    groups: new Map(),
    plan: { protections: { daily: { repositories: ['primary', 'copy'] } } },
  } as never;
  const [first] = point({ asOf: ago(3 * hour) }).copies as [PointCopy];
  const of = (more: readonly PointCopy[]): Point => ({
    ...point({ asOf: ago(3 * hour), protection: 'daily' }),
    copies: [first, ...more],
  });
  const points: Point[] = [];
  await using bare = await openBare({ plan, points: () => points });
  const { journal } = bare.deps;
  const lacks = () => historyOf(bare.deps).lacks?.('db', 'daily');
  expect(lacks()).toBeNull();
  points.push(of([]));
  expect(lacks()).toEqual({ repositories: ['copy'], tried: new Date(ago(3 * hour)) });

  const backup = async (names: readonly string[], protection: string | null): Promise<void> => {
    const cause = { run: randomUUID(), step: null };
    const started = { recipe: 'backup', plan: null, args: { names: [...names], protection }, pid: 1 };
    journal.append('run.started', started, cause);
    journal.append('run.failed', { exit: 1, findings: [], error: 'repository.absent' }, cause);
  };
  await backup(['other'], 'daily');
  expect(lacks()?.tried).toEqual(new Date(ago(3 * hour)));
  await backup(['db'], 'daily');
  const ended = journal.runs({ recipe: 'backup' }).at(-1)?.endedAt ?? '';
  expect(lacks()?.tried).toEqual(new Date(ended));

  for (const committed of [true, null]) {
    points[0] = of([{ ...first, repository: 'copy', committed }]);
    expect(lacks()).toBeNull(); // of a copy that is not known here to be missing, nothing is due
  }
  points[0] = of([{ ...first, repository: 'copy', committed: false }]);
  expect(lacks()).toMatchObject({ repositories: ['copy'] });
});

test('a point that was found unreadable, or that lies in the future, is no capture: it is due', async () => {
  const of = (more: Partial<Point>, asOf = ago(hour)): Point => ({
    ...point({ asOf, protection: 'daily' }),
    ...more,
  });
  const good = of({}, ago(30 * hour));
  const points = (more: Partial<Point>, asOf?: string) => () => [of(more, asOf), good];
  for (const newest of [
    points({ verdict: 'fail' }),
    points({ future: true }, ago(-365 * 24 * hour)),
    points({ fork: true }),
  ]) {
    await using bare = await openBare({ points: newest });
    expect(historyOf(bare.deps).last('db', 'daily')?.asOf).toEqual(new Date(ago(30 * hour)));
  }
  await using bare = await openBare({ points: points({ verdict: 'unable' }) });
  expect(historyOf(bare.deps).last('db', 'daily')?.asOf).toEqual(new Date(ago(hour)));
});

test('what another run works on is left to that run', async () => {
  using _held = await lock(home, 'component-db', { run: 'other', pid: process.pid });
  expect(await at([unit('db'), unit('web')])).toEqual([{ names: ['web'], protection: 'daily' }]);
});

test('a lock keeps the work of others from nobody: said, passed over, and the exit says so', async () => {
  const protection = { repositories: ['primary'], schedule: '0 3 * * *', timezone: 'UTC' };
  const of = (name: string, by: string) => [
    name,
    { name, protections: [by], captures: [by], group: null, host: 'local', objectives: {} },
  ];
  const plan = {
    hash: 'a'.repeat(64),
    components: new Map([of('db', 'daily'), of('web', 'nightly')] as never),
    groups: new Map(),
    plan: { system: 's', protections: { daily: protection, nightly: protection } },
  } as never;
  const logged: Said[] = [];
  await using bare = await openBare({ plan, log: (line) => void logged.push(line) });
  const { journal } = bare.deps;
  const cause = { run: randomUUID(), step: null };
  const args = { names: ['db'], protection: 'daily' };
  journal.append('run.started', { recipe: 'backup', plan: 'a'.repeat(64), args, pid: 1 }, cause);
  journal.append('run.interrupted', { reason: 'died' }, cause);

  using _held = await lock(bare.home, 'component-db', { run: 'a restore', pid: process.pid });
  const { exit, runs } = await runDue(bare.deps, { run: true }, new AbortController().signal);
  expect(logged).toContainEqual(
    expect.objectContaining({ en: expect.stringMatching(/^db: component-db .* a restore/) }),
  );
  const begun = journal.runs({ recipe: 'backup' }).map((r) => r.args['names']);
  expect(begun).toEqual([['db'], ['web']]);
  expect(runs.map((r) => r.exit)).toEqual([1]); // nobody gives it a repository here
  expect(exit).toBe(4);
});
