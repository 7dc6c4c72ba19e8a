import type { StateHeader } from '@reprise/contracts';
import { expect, test } from 'vitest';

import { overduePending, rankStates } from './candidates.ts';
import { ago, hour, now, point } from './fixtures.ts';

const state = (snapshot: string, epoch: number, seq: number, at: string, role = 'writer') => ({
  snapshot,
  header: { head: { epoch, seq }, at, certificate: { role } } as unknown as StateHeader,
});

test('the highest epoch, then the highest sequence, whatever the clock said', () => {
  const found = [
    state('a', 1, 90, ago(0)),
    state('b', 2, 50, ago(9 * hour)),
    state('c', 2, 60, ago(8 * hour)),
    state('m', 9, 9, ago(0), 'maintainer'),
  ];
  expect(rankStates(found).map((s) => s.snapshot)).toEqual(['c', 'b', 'a']);
  expect(rankStates(found, new Date(ago(9 * hour))).map((s) => s.snapshot)).toEqual(['b']);
});

test('a point that waited for a state for more than a day is given up, by who captured it', () => {
  const own = { installation: 'i', epoch: 1 };
  const pending = [
    point({ asOf: ago(25 * hour), copy: { committed: false } }),
    point({ asOf: ago(24 * hour), copy: { committed: false } }),
    point({ asOf: ago(26 * hour), copy: { committed: true } }),
    point({ asOf: ago(26 * hour), copy: { committed: null }, installation: 'other' }),
    point({ asOf: ago(26 * hour), copy: { committed: false }, epoch: 2 }),
  ];
  expect(overduePending(pending, own, now).map((p) => p.at)).toEqual([ago(25 * hour)]);
});
