import { cpSync } from 'node:fs';
import { join } from 'node:path';

import type { Finding } from '@reprise/contracts';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';

import { systemClock } from '../lib/clock.ts';
import { canonical, wellFormed } from './canonical.ts';
import { hashOf } from './chain.ts';
import { Bench, codeOf, continuing, scribble } from './fixtures.ts';
import type { Journal } from './journal.ts';
import { openJournal } from './store.ts';
import { refuseIfSuperseded, verifyJournal } from './verify.ts';

const bench = new Bench();
afterAll(() => bench[Symbol.dispose]());

const verdicts = (journal: Journal, anchors: Parameters<typeof verifyJournal>[1] = []): string[] =>
  verifyJournal(journal, anchors).findings.map((f: Finding) => `${f.code} ${f.verdict}`);
const sane = ['journal.intact pass', 'journal.certified pass'];

/** A machine put back: the same home as it was when it was copied. */
const copyOf = async (journal: Journal): Promise<Journal> => {
  const home = bench.folder();
  cpSync(journal.home, home, { recursive: true });
  return await openJournal({ home, clock: systemClock, mode: 'write' });
};

test('intact; without a head from a repository a cut tail could not be noticed', async () => {
  await using journal = await bench.installation();
  scribble(journal, 10);
  expect(verdicts(journal)).toEqual([...sane, 'journal.anchored unable']);
  const head = journal.head();
  journal.append('state.stored', { repository: 'primary', head, snapshot: 's' }, { run: null, step: null });
  expect(verdicts(journal)).toEqual([...sane, 'journal.anchored unable']);
  expect(verdicts(journal, [{ repository: 'primary', head }])).toEqual([...sane, 'journal.anchored pass']);
});

test('a cut tail, a rewrite, and a machine put back that went on', async () => {
  await using journal = await bench.installation();
  scribble(journal, 5);
  await using old = await copyOf(journal);
  scribble(journal, 10);
  const anchor = { repository: 'primary', head: journal.head() };
  expect(verdicts(old, [anchor])).toEqual([...sane, 'journal.cut fail']);
  scribble(old, 20, 'other');
  expect(verdicts(old, [anchor])).toEqual([...sane, 'journal.contradicted fail']);
});

test('entries changed, removed or put in by hand', async () => {
  await using journal = await bench.installation();
  scribble(journal, 10);
  const { DatabaseSync } = await import('node:sqlite');
  const changes = [
    `UPDATE entries SET text = replace(text, 'true', 'false') WHERE seq = 7`,
    `DELETE FROM entries WHERE seq = 7`,
    `UPDATE entries SET hash = replace(hash, 'a', 'b') WHERE seq IN (7, 8)`,
    `UPDATE entries SET text = 'rubbish' WHERE seq = 7`,
    `UPDATE entries SET text = replace(text, '"signature":"', '"signature":"AA') WHERE seq = 2`,
  ];
  for (const change of changes) {
    const copy = await copyOf(journal);
    await copy[Symbol.asyncDispose]();
    const db = new DatabaseSync(join(copy.home, 'journal.sqlite'));
    db.exec(change);
    db.close();
    await using changed = await openJournal({ home: copy.home, clock: systemClock, mode: 'read' });
    expect([change, verdicts(changed)]).toEqual([change, ['journal.rewritten fail']]);
  }
});

test('a fork: another installation took over; refused until it is accepted', async () => {
  await using first = await bench.installation();
  scribble(first, 5);
  const reading = bench.read(bench.state(first));
  first.append(
    'state.stored',
    { repository: 'primary', head: reading.header.head, snapshot: 's' },
    { run: null, step: null },
  );
  await using second = await bench.installation({ continues: continuing(reading) });
  expect(verdicts(second, [{ repository: 'primary', head: reading.header.head }])).toEqual([
    ...sane,
    'journal.anchored pass',
  ]);

  refuseIfSuperseded(first);
  const theirs = bench.read(bench.state(second));
  const { head } = theirs.header;
  first.importState({ repository: 'primary', snapshot: 't', head }, theirs.lines());
  expect(verdicts(first)).toContain('journal.forked fail');
  expect(codeOf(() => refuseIfSuperseded(first))).toBe('journal.superseded');
  first.append(
    'fork.accepted',
    { installation: second.installation, epoch: 2, seq: head.seq },
    { run: null, step: null },
  );
  expect(verdicts(first)).toContain('journal.forked pass');
  refuseIfSuperseded(first);
  // The old one's later head is no contradiction for the one that took over.
  expect(verdicts(second, [{ repository: 'primary', head: first.head() }])).toEqual([
    ...sane,
    'journal.anchored unable',
  ]);
});

test('canonical text: one for each value, read back as the same', () => {
  const integer = fc.maxSafeInteger().map((n) => n + 0);
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      fc.string({ unit: 'grapheme' }),
      integer,
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 4 }),
    ),
  })).value;
  fc.assert(
    fc.property(json, (value) => {
      const text = canonical(value);
      expect(canonical(JSON.parse(text))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string(), integer), (record) => {
      const reversed = Object.fromEntries(Object.entries(record).toReversed());
      expect(canonical(reversed)).toBe(canonical(record));
    }),
  );
});

test('canonical text: RFC 8785’s order and escapes; nothing without an exact text', () => {
  const sample = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
  expect(canonical(sample)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"\ud83d\ude00":5,"\ufb33":3}');
  expect(canonical({ a: '\u000f\n"\\é/', b: undefined })).toBe('{"a":"\\u000f\\n\\"\\\\é/"}');
  const refused = [
    0.1,
    Number.NaN,
    Infinity,
    2 ** 53,
    'a\ud800',
    { 'a\udc00': 1 },
    new Date(0),
    1n,
    () => 1,
    undefined,
    [undefined],
    deep(70),
  ];
  for (const value of refused)
    expect(codeOf(() => canonical({ value }))).toBe(
      value === undefined ? 'nothing thrown' : 'journal.not-canonical',
    );
  expect(canonical(wellFormed({ 'a\udc00': ['b\ud800'] }))).toBe('{"a\ufffd":["b\ufffd"]}');
});
const deep = (n: number): unknown => (n === 0 ? 0 : [deep(n - 1)]);

test('the hash of a known entry never changes', () => {
  const entry = {
    v: 1 as const,
    seq: 1,
    at: '2026-01-02T03:04:05.006Z',
    up_ms: 0,
    installation: '00000000-0000-4000-8000-000000000001',
    epoch: 1,
    run: null,
    step: null,
    type: 'kit.checked',
    body: { repository: 'é', ok: true },
    prev: '0'.repeat(64),
  };
  expect(hashOf(entry)).toMatchInlineSnapshot(
    `"780a1556e798603c9b0108d58ad2f738fb7661ad93e352d0c4d62f26ba107ebc"`,
  );
});

test('many entries are verified without keeping them', async () => {
  await using journal = await bench.installation();
  const { DatabaseSync } = await import('node:sqlite');
  const { lineOf } = await import('./chain.ts');
  const { insertOwn } = await import('./store.ts');
  const { statements, transaction } = await import('./database.ts');
  const db = new DatabaseSync(join(journal.home, 'journal.sqlite'));
  const sql = statements(db);
  const n = 5000;
  transaction(db, () => {
    let { seq, hash } = journal.head();
    for (let i = 0; i < n; i += 1) {
      const line = lineOf({
        v: 1,
        seq: seq + 1,
        at: '2026-01-02T03:04:05.006Z',
        up_ms: i,
        installation: journal.installation,
        epoch: 1,
        run: '00000000-0000-4000-8000-000000000002',
        step: `check:component-${i % 50}`,
        type: 'step.finished',
        body: { output: { points: [`component-${i % 50}@20260102T030405Z-0a1b2c3d`], findings: [] }, ms: i },
        prev: hash,
      });
      insertOwn(sql, line);
      ({ seq } = line.entry);
      hash = line.hash;
    }
  });
  db.close();
  const { entries, findings } = verifyJournal(journal);
  expect(entries).toBe(n + 3);
  expect(findings[0]?.code).toBe('journal.intact');
});
