import type { RecoveryRecord } from '@reprise/contracts';
import { expect, test } from 'vitest';

import { putBackCommand } from '../../lib/command-line.ts';
import { judge } from '../../lib/findings/index.ts';
import { leftAsideLines, leftStoppedLines, otherCopies, restoredLines } from './recovery.ts';

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

test('restore says which data is back: the point and its moment', () => {
  const look = { language: 'fr', colour: false, width: 100 } as const;
  const at = '2026-06-15T12:00:00.000Z';
  const components: RecoveryRecord['components'] = [
    {
      component: 'db',
      state: 'restored',
      point: 'db@1',
      as_of: { from: at, to: at, clock: 'host', offset_ms: null },
      repository: 'main',
      bytes: 1,
      restore_ms: 1,
      consent: null,
      rpo: null,
      rto: null,
      error: null,
      findings: [],
    },
  ];
  const [line = ''] = restoredLines({ recipe: 'restore', components }, look);
  expect(line).toMatch(/^db .*15\/06\/2026.*db@1/);
  expect(restoredLines({ recipe: 'recover', components }, look)).toEqual([]);
});

test('live data put aside for what did not come back is said, with what puts it back', () => {
  const look = { language: 'fr', colour: false, width: 100 } as const;
  const where = '/srv/my app.before-20261121T190000Z-0a1b2c3d';
  const command = putBackCommand(where);
  expect(command).toContain(`'${where}-wal'`);
  expect(leftAsideLines({ left_aside: [{ component: 'd', where, command }] }, look).join()).toContain(
    command,
  );
  expect(putBackCommand('shop_before_20261121T190000Z-0a1b2c3d')).toBeNull(); // a database
  expect(putBackCommand(`${where}, ${where}`)).toBeNull();
});
