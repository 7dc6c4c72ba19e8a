import { expect, test } from 'vitest';

import { lossColour, timeColour, worst } from './status.ts';

test.for([
  [null, null, 'red'], // nothing to lose less of: everything would be lost
  [10, null, 'red'],
  [null, 99, 'green'],
  [10, 10, 'green'],
  [10, 11, 'amber'],
  [10, 12, 'amber'],
  [10, 13, 'red'],
] as const)('a loss of %2$s against an objective of %1$s is %3$s', ([objective, actual, colour]) => {
  expect(lossColour(objective, actual, 2)).toBe(colour);
});

test.for([
  [null, null, 'green'],
  [10, null, 'unknown'], // a time that nobody measured is not kept
  [10, 10, 'green'],
  [10, 12, 'amber'],
  [10, 13, 'red'],
] as const)('a time of %2$s against an objective of %1$s is %3$s', ([objective, actual, colour]) => {
  expect(timeColour(objective, actual, 2)).toBe(colour);
});

test('the whole is as its worst part; what is not known is worse than late', () => {
  expect(worst([])).toBe('green');
  expect(worst(['amber', 'unknown', 'green'])).toBe('unknown');
  expect(worst(['unknown', 'red', 'amber'])).toBe('red');
});
