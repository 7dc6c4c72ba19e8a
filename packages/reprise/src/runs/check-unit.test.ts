import { randomUUID } from 'node:crypto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import type { Captured } from '../capture/capture.ts';
import type { Repository } from '../repository/repository.ts';
import { recordUnit } from './check-unit.ts';
import { openBare, type Bare } from './testing/bare.ts';
import type { Unit } from './units.ts';

/** A stored tree and a stored stream, whatever the repository and the native tool say of them. */
let bare: Bare;
let run = '';
const listed: { type: string; size: number }[] = [];
/** What the snapshot says it is, where that is not what was taken. */
let tags: Record<string, string> = {};
let inspected: 'pass' | 'fail' | 'unable' = 'pass';
const repository = {
  name: 'near',
  list: async function* list(_snapshot: string, _signal: AbortSignal, tagged: (tags: object) => void) {
    tagged({ form: 'part', component: 'files', part: 'part', run, ...tags });
    for (const one of listed) yield await Promise.resolve(one);
  },
} as unknown as Repository;
const finding = { code: 'postgres.parsed', subject: 'db', params: {} };
const kind = (name: string, defaultLevel: string): object => ({
  name,
  defaultLevel,
  defaultMethod: 'm',
  methods: {
    m: {
      traits: { inspects: 'parsed' },
      inspect: () => Promise.resolve([{ ...finding, verdict: inspected }]),
    },
  },
});
const component = (name: string): object => ({
  name,
  kind: name,
  spec: {},
  service: null,
  host: 'local',
  protections: [],
});
beforeEach(async () => {
  run = randomUUID();
  inspected = 'pass';
  tags = {};
  listed.splice(0, Infinity, { type: 'file', size: 7 }, { type: 'dir', size: 0 }, { type: 'file', size: 3 });
  bare = await openBare({
    kinds: new Map(Object.entries({ db: kind('db', 'parsed'), files: kind('files', 'stored') })) as never,
    service: () => ({}) as never,
    plan: {
      file: '/srv/reprise.yaml',
      hash: 'a'.repeat(64),
      plan: { system: 's', protections: {}, repositories: {}, recovery: {} },
      components: new Map(['db', 'files'].map((c) => [c, component(c)])),
    } as never,
  });
});
afterEach(async () => await bare[Symbol.asyncDispose]());

const captured = (name: string, form: 'stream' | 'tree', second = '00'): Captured => ({
  component: name,
  kind: name,
  method: 'm',
  repository: 'near',
  parts: [
    { name: 'part', form, snapshot: 'e'.repeat(64), bytes: 10, ...(form === 'tree' ? { files: 2 } : {}) },
  ],
  as_of: {
    from: `2026-01-01T00:00:${second}.000Z`,
    to: `2026-01-01T00:00:${second}.500Z`,
    clock: 'server',
    offset_ms: 0,
  },
  inventory: { v: 1, items: [] },
  tools: {},
  server: null,
  findings: [],
  capture_ms: 1,
});
const unit = (...components: string[]): Unit => ({
  name: components.join('-'),
  components,
  group: components.length > 1 ? 'g' : null,
  protection: null,
  repositories: ['near'],
});
const record = async (of: Unit, all: readonly Captured[], group: string | null = null) =>
  await recordUnit(
    bare.deps,
    of,
    {
      captured: all,
      group: group === null ? null : { name: 'g', id: group, hold: null },
      findings: [],
    },
    repository,
    bare.step(run, `check:${of.name}`),
  );
const types = () => [...bare.deps.journal.entries({ run })].map((e) => e.type);

test('what passes its check is recorded, at the level that was reached', async () => {
  await record(unit('db'), [captured('db', 'stream')]);
  await record(unit('files'), [captured('files', 'tree')]);
  const levels = [...bare.deps.journal.entries({ run })].map((e) => [e.body['component'], e.body['level']]);
  expect(levels).toEqual([
    ['db', 'parsed'],
    ['files', 'stored'],
  ]);
});

test.for(['fail', 'unable'] as const)('the native tool says %s: no point is recorded', async (verdict) => {
  inspected = verdict;
  await expect(record(unit('db'), [captured('db', 'stream')])).rejects.toMatchObject({
    code: 'capture.check-failed',
    params: { component: 'db' },
  });
  expect(types()).toEqual([]);
});

test.for([
  ['fewer files', [{ type: 'file', size: 10 }]],
  [
    'fewer bytes',
    [
      { type: 'file', size: 7 },
      { type: 'file', size: 2 },
    ],
  ],
  ['nothing', []],
] as const)('a repository that lists %s than were taken: no point', async ([, found]) => {
  listed.splice(0, Infinity, ...found);
  await expect(record(unit('files'), [captured('files', 'tree')])).rejects.toMatchObject({
    code: 'capture.check-failed',
  });
  expect(types()).toEqual([]);
});

test.for([{ component: 'other' }, { part: 'other' }, { run: randomUUID() }])(
  'a snapshot of another capture, %o: no point, though files and bytes are as many',
  async (whose) => {
    tags = whose;
    await expect(record(unit('files'), [captured('files', 'tree')])).rejects.toMatchObject({
      code: 'capture.check-failed',
      params: { why: { code: 'capture.other-snapshot' } },
    });
    expect(types()).toEqual([]);
  },
);

test('a group is coherent or nothing: one member that fails leaves no point of the others', async () => {
  listed.length = 0;
  const both = [captured('db', 'stream'), captured('files', 'tree')];
  await expect(record(unit('db', 'files'), both, randomUUID())).rejects.toMatchObject({
    code: 'capture.check-failed',
  });
  expect(types()).toEqual([]);
});

test('done again after a kill: neither a point nor its group is recorded twice', async () => {
  const both = [captured('db', 'stream', '01'), captured('files', 'tree', '03')];
  const id = randomUUID();
  await record(unit('db', 'files'), both, id);
  await record(unit('db', 'files'), both, id);
  expect(types()).toEqual(['point.captured', 'point.captured', 'group.captured']);
  const group = [...bare.deps.journal.entries({ run })].at(-1);
  expect(group?.body).toMatchObject({ group: 'g', id, spread_ms: 2500 });
});
