import { expect, test } from 'vitest';

import { ago, hour, point } from '../catalogue/fixtures.ts';
import { earlierOf } from './capture-unit.ts';

const good = point({ asOf: ago(9 * hour) });
const doubted = point({ asOf: ago(2 * hour), verdict: 'unable' });
const unreadable = point({ asOf: ago(hour), verdict: 'fail' });
const elsewhere = point({ asOf: ago(hour), fork: true });
const future = point({ asOf: ago(-hour), future: true });

test('what is captured is compared with the newest point that is known to be good', () => {
  const { since, newest } = earlierOf([future, elsewhere, unreadable, doubted, good]);
  expect(since).toBe(good);
  expect(newest).toBe(doubted); // its files are the nearest to what is there now
});

test('one that nobody could judge is better than none to compare with', () => {
  expect(earlierOf([unreadable, doubted])).toEqual({ since: doubted, newest: doubted });
  expect(earlierOf([unreadable, elsewhere, future])).toEqual({ since: undefined, newest: undefined });
});
