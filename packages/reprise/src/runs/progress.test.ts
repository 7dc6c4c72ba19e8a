import { expect, test } from 'vitest';

import type { Clock } from '../lib/clock.ts';
import { said } from '../lib/language.ts';
import { progressLog } from './progress.ts';

test('a long transfer says how much and how fast, every two seconds; a short one says nothing', () => {
  let now = 1000;
  const lines: string[] = [];
  const clock = { monotonic: () => now } as Clock;
  const told = progressLog({ clock, log: (line) => lines.push(said(line, 'fr')) }, 'db/globals');
  const at = (ms: number, bytes: number): void => {
    now = 1000 + ms;
    told({ bytes, files: 0, total: null, rate: null });
  };
  at(500, 10);
  at(1999, 20);
  expect(lines).toEqual([]);
  at(2000, 64 * 1024 * 1024);
  at(2500, 80 * 1024 * 1024);
  at(4000, 128 * 1024 * 1024);
  expect(lines).toEqual(['  db/globals  64 Mio, 32 Mio/s', '  db/globals  128 Mio, 32 Mio/s']);
});
