import { Readable } from 'node:stream';

import { expect, test } from 'vitest';

import { bounded, Tail } from './streams.ts';

test('a tail keeps the last bytes of what it was fed, in chunks of any size', () => {
  for (const size of [1, 3, 7, 8, 9, 100]) {
    const all = Buffer.from(Array.from({ length: 500 }, (_, i) => i % 251));
    const tail = new Tail(8);
    for (let i = 0; i < all.length; i += size) tail.push(all.subarray(i, i + size));
    expect(tail.bytes()).toEqual(all.subarray(-8));
  }
  const short = new Tail(8);
  expect(short.bytes()).toHaveLength(0);
  short.push(Buffer.from('abc'));
  expect(short.bytes().toString()).toBe('abc');
});

test('a bounded read gives the whole text, characters cut between chunks too, or undefined', async () => {
  const [a, b] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)];
  expect(await bounded(Readable.from([a, b]), 2)).toBe('é');
  expect(await bounded(Readable.from([]), 0)).toBe('');
  const more = Readable.from([Buffer.alloc(2), Buffer.alloc(1), Buffer.alloc(9)]);
  expect(await bounded(more, 2)).toBeUndefined();
  expect(more.destroyed).toBe(true);
});
