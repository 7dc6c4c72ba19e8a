import { expect, test } from 'vitest';

import { sizeText, timeText } from './quantities.ts';

test.each([
  [0, '0 ms', '0 ms'],
  [999, '999 ms', '999 ms'],
  [4260, '4.2 s', '4,2 s'],
  [59_999, '59.9 s', '59,9 s'],
  [60_000, '1 min', '1 min'],
  [65_000, '1 min 05 s', '1 min 05 s'],
  [3_600_000, '1 h', '1 h'],
  [12_000_000, '3 h 20 min', '3 h 20 min'],
  [172_800_000, '2 d', '2 j'],
  [187_200_000, '2 d 4 h', '2 j 4 h'],
])('%s ms is %s, en français %s', (ms, en, fr) => {
  expect(timeText(ms, 'en')).toBe(en);
  expect(timeText(ms, 'fr')).toBe(fr);
});

test.each([
  [0, '0 B', '0 o'],
  [1023, '1,023 B', '1 023 o'],
  [1536, '1.5 KiB', '1,5 Kio'],
  [3 * 1024 ** 5, '3,072 TiB', '3 072 Tio'],
])('%s bytes is %s, en français %s', (bytes, en, fr) => {
  expect(sizeText(bytes, 'en')).toBe(en);
  expect(sizeText(bytes, 'fr').replaceAll(/\s/g, ' ')).toBe(fr);
});
