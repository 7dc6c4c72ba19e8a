import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import type { StateHeader } from '@reprise/contracts';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { RepriseError } from '../lib/errors/index.ts';
import { newRecoveryKey, rootOf } from '../lib/recovery-key.ts';
import { canonical } from './canonical.ts';
import { Bench, codeOf, continuing, scribble } from './fixtures.ts';
import type { Journal } from './journal.ts';
import { loadSigningKey, signedText } from './keys.ts';
import { segmentBytes, writeState } from './segments.ts';
import type { StateReading } from './state.ts';

const bench = new Bench();
afterAll(() => bench[Symbol.dispose]());

const header = (directory: string): StateHeader =>
  JSON.parse(readFileSync(join(directory, 'state.json'), 'utf8')) as StateHeader;
const put = (directory: string, head: object): void =>
  writeFileSync(join(directory, 'state.json'), `${canonical(head)}\n`);
const filesOf = (directory: string): Map<string, string> =>
  new Map(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((f) => f.isFile())
      .map((f) => [
        join(f.parentPath, f.name).slice(directory.length + 1),
        readFileSync(join(f.parentPath, f.name), 'utf8'),
      ]),
  );

describe('a state', () => {
  test('comes back as it was written, whole lineage, and says which plan', async () => {
    await using first = await bench.installation();
    scribble(first, 20);
    const old = bench.read(bench.state(first, 'old plan'));
    await using second = await bench.installation({ continues: continuing(old) });
    scribble(second, 5);
    const reading = bench.read(bench.state(second, 'plan: é\n'));
    expect(reading.plan).toBe('plan: é\n');
    expect(reading.header.head).toEqual(second.head());
    expect([...reading.lines()].map((l) => l.hash)).toEqual([...second.lines()].map((l) => l.hash));
    expect(reading.header.segments.map((s) => [s.installation, s.epoch, s.first, s.last])).toEqual([
      [first.installation, 1, 1, 23],
      [second.installation, 2, 24, 31],
    ]);
    expect(bench.read(bench.state(second, null)).plan).toBeNull();
  });

  test('the same entries give the same bytes; closed segments never change', async () => {
    await using journal = await bench.installation();
    scribble(journal, 300, 'x'.repeat(2000));
    const before = filesOf(bench.state(journal));
    const again = filesOf(bench.state(journal));
    scribble(journal, 300, 'y'.repeat(2000));
    const after = filesOf(bench.state(journal));
    const segments = [...before.keys()].filter((f) => f.endsWith('.ndjson'));
    expect(segments.length).toBeGreaterThan(2);
    for (const path of segments) {
      expect(again.get(path)).toBe(before.get(path));
      const closed = Buffer.byteLength(before.get(path) ?? '') >= segmentBytes;
      expect(after.get(path)?.startsWith(before.get(path) ?? '?')).toBe(true);
      if (closed) expect(after.get(path)).toBe(before.get(path));
    }
  });

  test('is not signed by a key that was put in the place of the certified one', async () => {
    await using journal = await bench.installation();
    await using other = await bench.installation();
    renameSync(join(other.home, 'keys/signing.pem'), join(journal.home, 'keys/signing.pem'));
    expect(codeOf(() => bench.state(journal))).toBe('keys.other');
    expect(codeOf(() => bench.state(other))).toBe('keys.absent');
    writeFileSync(join(other.home, 'keys/signing.pem'), 'rubbish', { mode: 0o644 });
    expect(codeOf(() => bench.state(other))).toBe('keys.unsafe');
  });
});

describe('an intruder’s state is never accepted', () => {
  let journal: Journal;
  let made: string;
  let segment: string;
  beforeAll(async () => {
    journal = await bench.installation();
    scribble(journal, 30);
    made = bench.state(journal);
    segment = header(made).segments[0]?.path ?? '';
  });
  afterAll(async () => await journal[Symbol.asyncDispose]());

  /** A copy of the state, changed: what reading it says. */
  const reading = (change: (directory: string) => void): unknown => {
    const copy = bench.copyOf(made);
    change(copy);
    return codeOf(() => bench.read(copy));
  };
  const resigned = (change: (head: StateHeader) => object) => (directory: string) => {
    const { signature: _, ...rest } = change(header(directory)) as StateHeader;
    put(directory, { ...rest, signature: loadSigningKey(journal.home).sign(signedText(rest)) });
  };
  const withSegments = (segments: object[]) => resigned((h) => ({ ...h, segments: segments as never }));
  const lines = (directory: string): string[] =>
    readFileSync(join(directory, segment), 'utf8').trimEnd().split('\n');
  const putLines = (directory: string, all: string[]): void =>
    writeFileSync(join(directory, segment), `${all.join('\n')}\n`);

  test('control: unchanged, it is accepted', () => expect(reading(() => {})).toBe('nothing thrown'));

  test('another recovery key', () => {
    expect(codeOf(() => bench.read(made, rootOf(newRecoveryKey()).publicKey))).toBe('state.foreign');
  });

  test('an installation that certified itself under our system’s name', async () => {
    await using intruder = await bench.installation({ root: rootOf(newRecoveryKey()) });
    expect(codeOf(() => bench.read(bench.state(intruder)))).toBe('state.foreign');
    const stolen = header(made).certificate;
    const copy = bench.state(intruder);
    put(copy, { ...header(copy), certificate: stolen });
    expect(codeOf(() => bench.read(copy))).toBe('state.foreign');
    put(copy, { ...header(copy), certificate: { ...header(copy).certificate, root: bench.root.publicKey } });
    expect(codeOf(() => bench.read(copy))).toBe('state.foreign');
  });

  test('another plan, head, time or system in the signed head', () => {
    for (const change of [
      { plan: null },
      { at: '2020-01-01T00:00:00.000Z' },
      { system: 'shop2' },
      { head: { ...header(made).head, seq: 9 } },
    ])
      expect(reading((d) => put(d, { ...header(d), ...change }))).toBe('state.foreign');
    expect(reading((d) => writeFileSync(join(d, 'plan.yaml'), 'version: 2'))).toBe('state.rewritten');
    expect(codeOf(() => bench.read(bench.copyOf(made), bench.root.publicKey))).toBe('nothing thrown');
  });

  test('a cut tail, a rewrite and a fork are told apart', () => {
    expect(reading((d) => putLines(d, lines(d).slice(0, -3)))).toBe('state.cut');
    expect(reading((d) => truncateSync(join(d, segment), 5000))).toBe('state.cut');
    expect(reading((d) => unlinkSync(join(d, segment)))).toBe('state.cut');
    expect(reading((d) => putLines(d, lines(d).toSpliced(10, 1)))).toBe('state.rewritten');
    expect(
      reading((d) => putLines(d, lines(d).with(10, (lines(d)[10] ?? '').replace('"ok":true', '"ok":false')))),
    ).toBe('state.rewritten');
    expect(reading((d) => putLines(d, lines(d).with(10, `${lines(d)[10]} `)))).toBe('state.rewritten');
    expect(reading((d) => putLines(d, [...lines(d), lines(d).at(-1) ?? '']))).toBe('state.rewritten');
  });

  test('an epoch that continues another entry than the last one here is a fork', async () => {
    const reading1 = bench.read(bench.copyOf(made));
    scribble(journal, 5);
    const longer = bench.state(journal);
    await using second = await bench.installation({ continues: continuing(reading1) });
    const forked = bench.state(second);
    // The old installation's journal went on: its longer segment in the place of the one that was continued.
    writeFileSync(join(forked, segment), readFileSync(join(longer, segment)));
    const own = header(forked).segments[1];
    const { signature: _, ...rest } = header(forked);
    const mixed = { ...rest, segments: [header(longer).segments[0], own] };
    put(forked, { ...mixed, signature: loadSigningKey(second.home).sign(signedText(mixed)) });
    expect(codeOf(() => bench.read(forked))).toBe('state.forked');
  });

  test('even signed by ours: segments that leave the directory, overlap, leave out or do not reach the head', () => {
    const first = header(made).segments[0];
    if (first === undefined) throw new Error('no segment');
    expect(reading(withSegments([{ ...first, path: '../../etc/passwd' }]))).toBe('state.unreadable');
    expect(reading(withSegments([{ ...first, installation: '../../../../etc' }]))).toBe('state.unreadable');
    expect(reading(withSegments([]))).toBe('state.unreadable');
    expect(reading(withSegments([first, first]))).toBe('state.unreadable');
    expect(reading(withSegments([{ ...first, first: 2 }]))).toBe('state.unreadable');
    expect(reading(withSegments([{ ...first, last: 5 }]))).toBe('state.cut');
    expect(reading(withSegments([{ ...first, hash: 'f'.repeat(64) }]))).toBe('state.unreadable');
    expect(reading(withSegments([{ ...first, last: Number.MAX_SAFE_INTEGER }]))).toBe('state.unreadable');
  });

  test('links, folders and other things in the place of files', () => {
    for (const path of ['state.json', 'plan.yaml', segment, 'journal']) {
      expect(reading((d) => rmSync(join(d, path), { recursive: true }))).toBe(
        path === segment ? 'state.cut' : 'state.unreadable',
      );
      expect(
        reading((d) => {
          rmSync(join(d, path), { recursive: true });
          symlinkSync(join(made, path), join(d, path));
        }),
      ).toBe('state.unreadable');
    }
    expect(
      reading((d) => {
        rmSync(join(d, 'plan.yaml'));
        mkdirSync(join(d, 'plan.yaml'));
      }),
    ).toBe('state.unreadable');
  });

  test('files beside the signed ones, giant ones, other bytes', () => {
    expect(reading((d) => writeFileSync(join(d, 'journal', 'extra.ndjson'), 'x'))).toBe('state.unreadable');
    expect(reading((d) => writeFileSync(join(d, segment.replace('1-1', '1-32')), 'x'))).toBe(
      'state.unreadable',
    );
    expect(reading((d) => truncateSync(join(d, 'state.json'), 1e12))).toBe('state.unreadable');
    expect(reading((d) => truncateSync(join(d, segment), 1e12))).toBe('state.unreadable');
    expect(reading((d) => truncateSync(join(d, 'plan.yaml'), 1e12))).toBe('state.unreadable');
    expect(reading((d) => appendFileSync(join(d, 'state.json'), 'x'))).toBe('state.unreadable');
    expect(
      reading((d) =>
        writeFileSync(join(d, 'state.json'), `{"v":1,"x":${'['.repeat(1e6)}${']'.repeat(1e6)}}`),
      ),
    ).toBe('state.unreadable');
    expect(reading((d) => writeFileSync(join(d, 'state.json'), Buffer.from([0xff, 0xfe, 0])))).toBe(
      'state.unreadable',
    );
    expect(reading((d) => put(d, { ...header(d), v: 2 }))).toBe('journal.newer');
  });

  test('a system of another name', () => {
    const system = resigned((h) => ({ ...h, system: 'other' }));
    expect(reading(system)).toBe('state.foreign');
  });

  test('a field that a later version adds is covered by the signature and left aside', () => {
    expect(reading(resigned((h) => ({ ...h, later: { kept: [1] } })))).toBe('nothing thrown');
    expect(reading((d) => put(d, { ...header(d), later: 1 }))).toBe('state.foreign');
  });

  test('one byte changed anywhere is an error of the catalogue', () => {
    const files = [...filesOf(made)].map(([path, text]) => ({ path, bytes: Buffer.from(text) }));
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        ({ path, bytes }, at, by) => {
          const changed = Buffer.from(bytes);
          const place = at % changed.length;
          changed[place] = ((changed[place] ?? 0) + by) % 256;
          const copy = bench.copyOf(made);
          writeFileSync(join(copy, path), changed);
          expect(attempt(() => bench.read(copy))).toBeInstanceOf(RepriseError);
          rmSync(copy, { recursive: true });
        },
      ),
      { numRuns: 150 },
    );
  });

  test('any JSON as its head is an error of the catalogue', () => {
    const copy = bench.copyOf(made);
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), wild(header(made))), (text) => {
        writeFileSync(join(copy, 'state.json'), text);
        expect(attempt(() => bench.read(copy))).toBeInstanceOf(RepriseError);
      }),
      { numRuns: 300 },
    );
  });
});

/** The head of a real state with one member replaced by anything. */
const wild = (head: StateHeader): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...Object.keys(head), ...Object.keys(head.certificate)), fc.jsonValue())
    .map(([key, value]) =>
      JSON.stringify(
        key in head
          ? { ...head, [key]: value }
          : { ...head, certificate: { ...head.certificate, [key]: value } },
      ),
    );

function attempt(act: () => StateReading): unknown {
  try {
    return act();
  } catch (e) {
    return e;
  }
}

test('writing stops when it is told to', async () => {
  await using journal = await bench.installation();
  const clock = { now: () => new Date(), monotonic: () => 0, sleep: () => Promise.resolve() };
  const signal = AbortSignal.abort(new Error('stop'));
  expect(() => writeState({ journal, clock, directory: bench.folder(), plan: null, signal })).toThrow('stop');
});
