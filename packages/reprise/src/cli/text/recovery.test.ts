import { expect, test } from 'vitest';

import { judge } from '../../lib/findings/index.ts';
import { leftStoppedLines, otherCopies } from './recovery.ts';

const read = (others: string | null) =>
  judge('pass', 'recovery.read-from', 'db', { point: 'db@1', repository: 'copy', others });

test('a repository that another copy stood in for is said to who recovers, though nothing failed', () => {
  const look = { language: 'fr', colour: false, width: 100 } as const;
  expect(otherCopies([read(null)], look)).toEqual([]);
  const text = otherCopies([read(null), read('primary (repository.unreachable)')], look).join('\n');
  expect(text).toContain('copy');
  expect(text).toContain('primary');
});

test('a service that was stopped and not started again is said with the command', () => {
  const look = { language: 'fr', colour: false, width: 100 } as const;
  expect(leftStoppedLines({}, look)).toEqual([]);
  const left = [{ service: 'app', components: ['uploads'], command: 'reprise recover' }];
  const [line = ''] = leftStoppedLines({ left_stopped: left }, look);
  expect(line).toContain('Le service app');
  expect(line).toMatch(/reprise recover$/);
});
