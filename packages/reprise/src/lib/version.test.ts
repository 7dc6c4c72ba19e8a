import { expect, test } from 'vitest';

import { isAtLeast } from './version.ts';

test('versions compare as numbers', () => {
  const all = ['3.9.9', '3.37', '3.37.0', '3.37.1', '3.40.0', '4.0.0', '?'];
  expect(all.filter((found) => isAtLeast(found, '3.37.0'))).toEqual([
    '3.37',
    '3.37.0',
    '3.37.1',
    '3.40.0',
    '4.0.0',
  ]);
});
