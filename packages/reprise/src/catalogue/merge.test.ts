import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { Bench, codeOf, continuing } from '../journal/fixtures.ts';
import type { Journal } from '../journal/journal.ts';
import { refuseIfSuperseded } from '../journal/verify.ts';
import { systemClock } from '../lib/clock.ts';
import { newRecoveryKey, rootOf } from '../lib/recovery-key.ts';
import { captured } from './fixtures.ts';
import { catalogueOf, mergeStates, statesToRead } from './merge.ts';

const bench = new Bench();
afterAll(() => bench[Symbol.dispose]());

const none = { run: null, step: null };
const capture = (journal: Journal, component: string, snapshot = `snap-${component}`): void => {
  const at = new Date().toISOString();
  const inventory = { v: 1 as const, items: [{ name: 't', type: 'table', values: { rows: 3 } }] };
  journal.append('point.captured', { ...captured(component, snapshot, at), inventory }, none);
};
const components = (journal: Journal): string[] =>
  catalogueOf(journal, systemClock)
    .points.map((p) => p.component)
    .toSorted();

test('a maintainer sees the writer’s points, and the writer what the maintainer gave up', async () => {
  await using writer = await bench.installation();
  await using maintainer = await bench.installation({ role: 'maintainer' });
  capture(writer, 'db');
  capture(writer, 'web');
  const state = { repository: 'primary', snapshot: 'w1', directory: bench.state(writer) };
  expect(mergeStates(maintainer, [state])).toMatchObject({
    accepted: [{ repository: 'primary', added: 5, seq: 5 }],
    findings: [],
  });
  expect(mergeStates(maintainer, [state]).accepted[0]?.added).toBe(0);
  expect(components(maintainer)).toEqual(['db', 'web']);
  const { inventory } = { ...catalogueOf(maintainer, systemClock).points[0] };
  expect(inventory?.items[0]?.values).toEqual({ rows: 3 });
  expect(components(writer)).toEqual([]); // its own state is not journaled yet

  const point = catalogueOf(maintainer, systemClock).points.find((p) => p.component === 'web')?.id ?? '';
  maintainer.append(
    'point.forgotten',
    { point, repository: 'primary', snapshots: ['snap-web'], reason: 'retention' },
    none,
  );
  writer.append('state.stored', { repository: 'primary', head: writer.head(), snapshot: 'w1' }, none);
  mergeStates(writer, [{ repository: 'primary', snapshot: 'm1', directory: bench.state(maintainer) }]);
  expect(components(writer)).toEqual(['db']);
  // It may not be chosen as a state to continue the writer from: it is another tree, not a fork.
  refuseIfSuperseded(writer);
});

test('rebuilt from the repository alone the catalogue is the same', async () => {
  await using writer = await bench.installation();
  capture(writer, 'db');
  const head = writer.head();
  const directory = bench.state(writer);
  writer.append('state.stored', { repository: 'primary', head, snapshot: 'w1' }, none);
  const before = catalogueOf(writer, systemClock).points;
  await using fresh = await bench.installation({ continues: continuing(bench.read(directory)) });
  const ids = (points: typeof before) => points.map((p) => [p.id, p.as_of, p.level]);
  expect(ids(catalogueOf(fresh, systemClock).points)).toEqual(ids(before));
  writer.reset();
  expect(catalogueOf(writer, systemClock, 'repositories').points).toEqual([]);
  writer.recordView('primary', ['w1', 'snap-db']);
  mergeStates(writer, [{ repository: 'primary', snapshot: 'w1', directory }]);
  expect(ids(catalogueOf(writer, systemClock, 'repositories').points)).toEqual(ids(before));
  writer.recordView('primary', ['w1']);
  expect(catalogueOf(writer, systemClock).lost).toMatchObject([{ repository: 'primary', parts: ['db'] }]);
});

test('a reset projects runs anew, as they were', async () => {
  await using writer = await bench.installation();
  const cause = { run: '00000000-0000-4000-8000-000000000001', step: null };
  writer.append('run.started', { recipe: 'backup', plan: null, args: {}, pid: 1 }, cause);
  writer.append('step.started', { attempt: 1 }, { ...cause, step: 's' });
  writer.append('step.finished', { output: [1], ms: 1 }, { ...cause, step: 's' });
  const before = [writer.runs(), writer.stepsOf(cause.run)];
  writer.reset();
  expect([writer.runs(), writer.stepsOf(cause.run)]).toEqual(before);
});

test('a run that another epoch left open has an unknown end', async () => {
  await using first = await bench.installation();
  first.append(
    'run.started',
    { recipe: 'backup', plan: null, args: {}, pid: 1 },
    { run: '00000000-0000-4000-8000-000000000001', step: null },
  );
  await using second = await bench.installation({ continues: continuing(bench.read(bench.state(first))) });
  expect(second.openRuns()).toEqual([]);
  expect(second.runs()).toMatchObject([{ state: 'unknown', mine: false }]);
  expect(first.openRuns()).toHaveLength(1);
});

test('states that do not prove themselves are findings and change nothing', async () => {
  await using writer = await bench.installation();
  await using intruder = await bench.installation({ root: rootOf(newRecoveryKey()) });
  capture(intruder, 'evil');
  const cut = bench.state(writer);
  writeFileSync(join(cut, 'plan.yaml'), 'version: 2');
  const newer = bench.state(writer);
  writeFileSync(join(newer, 'state.json'), '{"v":9}');
  const merged = mergeStates(writer, [
    { repository: 'primary', snapshot: 'e1', directory: bench.state(intruder) },
    { repository: 'primary', snapshot: 'e2', directory: cut },
    { repository: 'primary', snapshot: 'e3', directory: newer },
    { repository: 'primary', snapshot: 'e4', directory: bench.folder() },
  ]);
  expect(merged.accepted).toEqual([]);
  expect(merged.findings.map((f) => [f.params['code'], f.verdict])).toEqual([
    ['state.foreign', 'fail'],
    ['state.rewritten', 'fail'],
    ['journal.newer', 'unable'],
    ['state.unreadable', 'fail'],
  ]);
  expect(components(writer)).toEqual([]);
  expect(writer.views()).toEqual([]);
});

test('only states that can say something new are read', async () => {
  await using writer = await bench.installation();
  writer.append('state.stored', { repository: 'primary', head: writer.head(), snapshot: 'own2' }, none);
  const listed = [
    { snapshot: 'own1', time: new Date(1000), installation: writer.installation },
    { snapshot: 'own2', time: new Date(2000), installation: writer.installation },
    { snapshot: 'm1', time: new Date(1000), installation: 'm' },
    { snapshot: 'm2', time: new Date(2000), installation: 'm' },
  ];
  const wanted = (all: typeof listed) => statesToRead(writer, 'primary', all).map((s) => s[0]?.snapshot);
  expect(wanted(listed)).toEqual(['m2']);
  // An own state that the journal does not know: written just before a crash, or by this machine before it was put
  // back.
  expect(
    wanted([...listed, { snapshot: 'own3', time: new Date(3000), installation: writer.installation }]),
  ).toEqual(['own3', 'm2']);
  writer.importState(
    { repository: 'primary', snapshot: 'm2', head: { ...writer.head(), installation: 'm' } },
    [],
  );
  expect(wanted(listed)).toEqual([]);
});

test('a machine that was put back is told so before it captures', async () => {
  await using writer = await bench.installation();
  const anchor = { ...writer.head(), seq: writer.head().seq + 4 };
  writer.importState({ repository: 'primary', snapshot: 's', head: anchor }, []);
  expect(codeOf(() => refuseIfSuperseded(writer))).toBe('journal.put-back');
});
