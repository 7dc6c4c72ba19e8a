import type { DueReport, ResumeReport } from '@reprise/contracts';
import { expect, test } from 'vitest';

import { isUneventful, resumeText } from './runs.ts';

const command = 'reprise recover --scenario fire --done decision:2';

test.each(['en', 'fr'] as const)(
  '%s: a run that waits for a person is said with what goes on with it',
  (language) => {
    const report: ResumeReport = {
      v: 1,
      command: 'resume',
      exit: 4,
      settled: [],
      continued: [],
      abandoned: [],
      waiting: [{ run: 'r', recipe: 'recover', step: 'decision:2', text: 'Move the DNS name', command }],
    };
    const lines = resumeText(report, { language, colour: false, width: 100 }).split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('decision:2');
    expect(lines[0]).toContain('Move the DNS name');
    expect(lines[1]).toContain(command);
  },
);

test('nothing is worth saying only where nothing was due, nothing done and nothing is wrong', () => {
  const at = '2026-06-15T12:00:00.000Z';
  const unit: DueReport['due'][number] = {
    unit: 'app',
    protection: 'daily',
    last: at,
    since: null,
    next: at,
    missed: 0,
    overdue: false,
    lacking: [],
  };
  const idle: DueReport = { v: 1, command: 'due', exit: 0, due: [unit], runs: [] };
  expect(isUneventful(idle)).toBe(true);
  expect(isUneventful({ ...idle, due: [] })).toBe(true);
  expect(isUneventful({ ...idle, exit: 4 })).toBe(false);
  expect(isUneventful({ ...idle, due: [unit, { ...unit, since: at }] })).toBe(false);
  expect(isUneventful({ ...idle, due: [{ ...unit, overdue: true }] })).toBe(false);
  expect(isUneventful({ ...idle, runs: [{} as DueReport['runs'][number]] })).toBe(false);
});
