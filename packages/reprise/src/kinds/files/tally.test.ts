import { array, assert, property, string } from 'fast-check';
import { expect, test } from 'vitest';

import { Sum, tally, untouchedSince, writtenBefore } from './tally.ts';
import type { Entry } from './walk.ts';

const entry = (over: Partial<Entry>): Entry => ({
  path: 'a',
  type: 'f',
  mode: '644',
  uid: '0',
  gid: '0',
  size: 1,
  mtime: '100.0',
  ctime: '100.0',
  links: 1,
  device: '1',
  target: '',
  ...over,
});
async function* batches(...entries: Entry[]) {
  for (const e of entries) yield [e];
}
const digest = async (...entries: Entry[]) => (await tally(batches(...entries))).digest;

const sumOf = (texts: readonly string[]): string => {
  const sum = new Sum();
  for (const text of texts) sum.add(text);
  return sum.hex();
};

test('a sum is that of the hashes modulo 2^256, in any order', () => {
  assert(
    property(array(string(), { maxLength: 40 }), (texts) => {
      expect(sumOf(texts.toReversed())).toBe(sumOf(texts));
    }),
  );
  // SHA-256 of '' is e3b0c442…b855: five times that passes 2^256 more than once.
  const one = BigInt('0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(sumOf(Array.from({ length: 5 }, () => ''))).toBe(
    ((one * 5n) % (1n << 256n)).toString(16).padStart(64, '0'),
  );
  expect(sumOf([])).toBe('0'.repeat(64));
});

test('every difference that a restore could make changes the digest or the rights', async () => {
  const was = await tally(batches(entry({})));
  for (const over of [{ path: 'b' }, { type: 'p' }, { size: 2 }, { mtime: '100.1' }, { target: 'x' }])
    expect(await digest(entry(over)), JSON.stringify(over)).not.toBe(was.digest);
  for (const over of [{ mode: '600' }, { uid: '1' }, { gid: '1' }]) {
    const is = await tally(batches(entry(over)));
    expect([is.digest, is.rights === was.rights]).toEqual([was.digest, false]);
  }
  expect(await digest(entry({ ctime: '999' }))).toBe(was.digest);
});

test('a folder’s own time is no part of it: making a file changes that', async () => {
  expect(await digest(entry({ type: 'd', mtime: '1' }))).toBe(await digest(entry({ type: 'd', mtime: '2' })));
});

test('counts by type; the root not at all, sockets only as such', async () => {
  const found = await tally(
    batches(
      entry({ path: '', type: 'd' }),
      entry({ path: 'f', size: 5, links: 2, mtime: '7.5' }),
      entry({ path: 'l', type: 'l' }),
      entry({ path: 'd', type: 'd' }),
      entry({ path: 'p', type: 'p' }),
      entry({ path: 's', type: 's' }),
    ),
  );
  expect(found).toMatchObject({
    files: 1,
    symlinks: 1,
    directories: 1,
    special: 1,
    sockets: 1,
    bytes: 5,
    hardLinked: 1,
    newest: 7.5,
  });
});

test('what is too new is counted as touched', async () => {
  const [old, fresh] = [entry({ path: 'old', ctime: '1' }), entry({ path: 'new', ctime: '10' })];
  expect(await tally(batches(old, fresh), untouchedSince(5000))).toMatchObject({ files: 1, touched: 1 });
  expect(untouchedSince(5000)(entry({ type: 's', ctime: '10' }))).toBe(true);
  expect(writtenBefore(5000)(entry({ mtime: '4.9' }))).toBe(true);
  expect(writtenBefore(5000)(entry({ mtime: '5.1' }))).toBe(false);
  expect(writtenBefore(5000)(entry({ type: 'd', mtime: '1' }))).toBe(false);
});
