import type { EntryV1 } from '@reprise/contracts';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { newRecoveryKey, rootOf } from '../lib/recovery-key.ts';
import { Branches } from './branches.ts';
import { headOf, lineOf, parseLine, type Line } from './chain.ts';
import { Bench, codeOf, continuing, scribble } from './fixtures.ts';
import { certificateIn, signatureHolds, signedBy } from './keys.ts';
import { Lineage, type Break } from './lineage.ts';

const bench = new Bench();
afterAll(() => bench[Symbol.dispose]());

/** Two epochs: entries 1–6 of the first, 7–10 of the second. */
let lines: Line[];
beforeAll(async () => {
  await using first = await bench.installation();
  scribble(first, 3);
  await using second = await bench.installation({ continues: continuing(bench.read(bench.state(first))) });
  scribble(second, 1);
  lines = [...second.lines()].map((l) => parseLine(l.text, 'test'));
});

const walk = (all: readonly Line[]): Break | undefined => {
  const lineage = new Lineage();
  for (const line of all) {
    const broken = lineage.accept(line);
    if (broken !== undefined) return broken;
  }
  return undefined;
};
/** The same entries with one changed, and every later hash made right again: what a rewriter would do. */
const rewritten = (index: number, change: (entry: EntryV1) => Partial<EntryV1>): Line[] => {
  const out: Line[] = [];
  for (const [i, { entry }] of lines.entries()) {
    const prev = out.at(-1)?.hash ?? entry.prev;
    out.push(
      lineOf({
        ...entry,
        ...(i === index ? change(entry) : {}),
        prev: i === index ? (change(entry).prev ?? prev) : prev,
      }),
    );
  }
  return out;
};

test('whole, it is accepted; its head and certificate are the newest epoch’s', () => {
  const lineage = new Lineage();
  for (const line of lines) expect(lineage.accept(line)).toBeUndefined();
  expect(lineage.head).toEqual(headOf(lines[9] as Line));
  expect(lineage.certificate?.epoch).toBe(2);
  expect(new Lineage().head).toBeUndefined();
});

test('any entry left out, doubled, moved or changed is noticed', () => {
  fc.assert(
    fc.property(fc.nat(9), fc.nat(9), fc.constantFrom('out', 'double', 'swap', 'text'), (i, j, how) => {
      const one = lines[i] as Line;
      const other = lines[j] as Line;
      if (how === 'swap' && i === j) return;
      // The last one left out is a cut tail: only the signed head can tell.
      if (how === 'out' && i === 9) return;
      const changed = lineOf({ ...one.entry, up_ms: one.entry.up_ms + 1 });
      const all =
        how === 'out'
          ? lines.toSpliced(i, 1)
          : how === 'double'
            ? lines.toSpliced(i, 0, one)
            : how === 'swap'
              ? lines.with(i, other).with(j, one)
              : lines.with(i, changed);
      expect(i === 9 && how === 'text' ? (all[9] as Line).hash === one.hash : walk(all) === undefined).toBe(
        false,
      );
    }),
  );
});

test('what breaks is named', () => {
  expect(walk(lines.slice(1))).toEqual({ kind: 'gap', seq: 2 });
  expect(walk(lines.toSpliced(4, 1))).toEqual({ kind: 'gap', seq: 6 });
  expect(walk(lines.with(4, lineOf({ ...(lines[4] as Line).entry, prev: 'f'.repeat(64) })))).toEqual({
    kind: 'prev',
    seq: 5,
  });
  expect(walk(lines.toSpliced(5, 1))).toEqual({ kind: 'fork', seq: 7 });
  expect(walk(rewritten(4, () => ({ type: 'run.interrupted', body: { reason: 'made up' } })))).toEqual({
    kind: 'fork',
    seq: 9,
  });
});

test('an epoch whose opening is not certified is refused, however well it is chained', () => {
  const foreign = rootOf(newRecoveryKey()).publicKey;
  const cases: [number, (e: EntryV1) => Partial<EntryV1>, Break['kind'], number][] = [
    [0, () => ({ type: 'kit.checked' }), 'certificate', 1],
    [0, () => ({ body: { key: 1 } }), 'certificate', 1],
    [1, () => ({ type: 'kit.checked' }), 'certificate', 2],
    [1, () => ({ body: { certificate: 'x' } }), 'certificate', 2],
    [0, (e) => ({ body: { ...e.body, root: foreign } }), 'certificate', 2],
    [0, (e) => ({ body: { ...e.body, key: foreign } }), 'certificate', 2],
    [2, () => ({ type: 'kit.checked' }), 'certificate', 3],
    [2, (e) => ({ body: { ...e.body, continues: headOf(lines[0] as Line) } }), 'fork', 3],
    [2, (e) => ({ body: { ...e.body, continues: 'x' } }), 'fork', 3],
    [8, (e) => ({ body: { ...e.body, continues: null } }), 'fork', 9],
    [6, (e) => ({ body: { ...e.body, version: '9' } }), undefined as never, 0],
  ];
  for (const [index, change, kind, seq] of cases) {
    const found = walk(rewritten(index, change));
    expect(found).toEqual(kind === undefined ? undefined : { kind, seq });
  }
});

const tail = (entries: EntryV1[], from: readonly Line[]): Line[] => {
  const out = [...from];
  for (const entry of entries)
    out.push(lineOf({ ...entry, seq: out.length + 1, prev: out.at(-1)?.hash ?? '' }));
  return out;
};

test('an epoch must be higher than the one before, and one opening must end before the next', () => {
  const [a, b, c] = lines.slice(6, 9).map((l) => l.entry) as [EntryV1, EntryV1, EntryV1];
  expect(walk(tail([{ ...a, epoch: 1 }], lines.slice(0, 6)))).toEqual({ kind: 'fork', seq: 7 });
  expect(walk(tail([a, b], lines.slice(0, 2)))).toEqual({ kind: 'certificate', seq: 3 });
  expect(walk(tail([a, { ...b, epoch: 3 }, c], lines.slice(0, 6)))).toEqual({ kind: 'certificate', seq: 8 });
  expect(walk(tail([a, b, c], lines.slice(0, 6)))).toBeUndefined();
});

test('signatures that are none, and values that have no text, hold for nothing', () => {
  const key = bench.root.publicKey;
  const signature = bench.root.sign('x');
  expect(signatureHolds('x', signature, key)).toBe(true);
  for (const [text, s, k] of [
    ['y', signature, key],
    ['x', 'AA', key],
    ['x', signature, 'AA'],
    ['x', signature, Buffer.alloc(32, 255).toString('base64')],
  ] as const)
    expect(signatureHolds(text, s, k)).toBe(false);
  expect(signedBy(key, null, signature)).toBe(false);
  expect(signedBy(key, 'x', signature)).toBe(false);
  expect(signedBy(key, { a: 0.5 }, signature)).toBe(false);
  expect(
    certificateIn({ ...(lines[1]?.entry.body['certificate'] as object), system: 'other' }),
  ).toBeUndefined();
  expect(certificateIn(lines[1]?.entry.body['certificate'])?.system).toBe('shop');
});

test('entries that are none are refused with their reason', () => {
  const text = lines[3]?.text ?? '';
  const cases: [string, string][] = [
    ['', 'journal.unreadable'],
    ['[]', 'journal.unreadable'],
    ['null', 'journal.unreadable'],
    [text.replace('"v":1', '"v":2'), 'journal.newer'],
    [text.replace('"seq":4', '"seq":0'), 'journal.unreadable'],
    [text.replace('"seq":4', '"seq":4,"seq":4'), 'journal.unreadable'],
    [`${text} `, 'journal.unreadable'],
    [text.replace('"epoch":1', '"epoch":1.0'), 'journal.unreadable'],
    [text.replace('"ok":true', '"ok":0.5'), 'journal.not-canonical'],
  ];
  for (const [line, code] of cases)
    expect([line, codeOf(() => parseLine(line, 'test'))]).toEqual([line, code]);
  const long = { ...(lines[3] as Line).entry, body: { x: 'y'.repeat(17 * 1024 * 1024) } };
  expect(codeOf(() => lineOf(long))).toBe('journal.entry-too-long');
});

test('any text is an entry or an error of the catalogue', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.jsonValue().map((v) => JSON.stringify({ ...lines[3]?.entry, body: v })),
      ),
      (text) => {
        expect(['nothing thrown', 'journal.unreadable', 'journal.not-canonical', 'journal.newer']).toContain(
          codeOf(() => parseLine(text, 't')),
        );
      },
    ),
  );
});

const opened = (installation: string, continues: object | null): EntryV1 => ({
  ...(lines[2] as Line).entry,
  type: 'epoch.opened',
  installation,
  epoch: 1,
  body: { continues, repository: null, snapshot: null },
});

test('branches of epochs nobody knows, and a circle, end', () => {
  const a = { installation: 'a', epoch: 1 };
  expect(new Branches([]).takenOverBy(a)).toBeUndefined();
  expect(new Branches([]).isFork({ ...a, seq: 1 })).toBe(false);
  const circle = new Branches([
    opened('a', { ...a, installation: 'b', seq: 1 }),
    opened('b', { ...a, seq: 1 }),
  ]);
  expect(circle.lineageOf({ ...a, seq: 9 })).toHaveLength(2);
  expect(typeof circle.isFork({ ...a, seq: 1 })).toBe('boolean');
  // Two that continue the same entry of an epoch whose journal was never read: one leads, the other is taken over.
  const orphans = new Branches([opened('b', { ...a, seq: 5 }), opened('c', { ...a, seq: 5 })]);
  expect([
    orphans.takenOverBy({ installation: 'b', epoch: 1 }),
    orphans.takenOverBy({ installation: 'c', epoch: 1 }),
  ]).toEqual([{ installation: 'c', epoch: 1, after: 5 }, undefined]);
});
