import { expect, test } from 'vitest';

import { judge } from '../../lib/findings/index.ts';
import { otherCopies } from './recovery.ts';

const read = (others: string | null) =>
  judge('pass', 'recovery.read-from', 'db', { point: 'db@1', repository: 'copy', others });

test('a repository that another copy stood in for is said to who recovers, though nothing failed', () => {
  const look = { language: 'fr', colour: false, width: 100 } as const;
  expect(otherCopies([read(null)], look)).toEqual([]);
  const text = otherCopies([read(null), read('primary (repository.unreachable)')], look).join('\n');
  expect(text).toContain('copy');
  expect(text).toContain('primary');
});
