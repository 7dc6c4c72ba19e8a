import { describe, expect, test } from 'vitest';

import { report } from '../tools/suites/table.ts';
import { judge, readAllowed } from '../tools/suites/tally.ts';

const tally = (...skipped: { test: string; reason?: string }[]) => ({ passed: 2, failed: [], skipped });

describe('skips', () => {
  const allowed = readAllowed(
    '# why\n\nintegration › tmpfs › mounts | needs root\nfaults › slow * | weekly\n',
  );

  test('a listed one is counted as skipped', () => {
    const judged = judge(tally({ test: 'integration › tmpfs › mounts', reason: 'no root' }), allowed);
    expect(judged.failed).toEqual([]);
    expect(judged.skipped).toHaveLength(1);
  });

  test('a star stands for the rest of the name', () => {
    expect(judge(tally({ test: 'faults › slow and slower' }), allowed).failed).toEqual([]);
    expect(judge(tally({ test: 'faults › slower' }), allowed).failed).toHaveLength(1);
  });

  test('an unlisted one fails, even with a reason', () => {
    const judged = judge(tally({ test: 'integration › tmpfs › mounts twice', reason: 'no root' }), allowed);
    expect(judged.failed).toEqual([
      'integration › tmpfs › mounts twice: skipped (no root) and not listed in test/skips.txt',
    ]);
    expect(judged.skipped).toEqual([]);
  });

  test.each(['unit › x', 'unit › x | ', 'unit x | why'])(
    'a line that explains nothing is refused: %s',
    (line) => {
      expect(() => readAllowed(line)).toThrow('test/skips.txt:1');
    },
  );
});

test('the report ends with the sum, after what failed', () => {
  const lines = report([
    { name: 'lint', seconds: 1.23, passed: 1, failed: [], skipped: [] },
    { name: 'sabotage', seconds: 0, passed: 0, failed: ['no tests'], skipped: [], note: 'no tests' },
  ]).split('\n');
  expect(lines).toContain('lint               1.2        1        0        0');
  expect(lines).toContain('sabotage           0.0        0        1        0   no tests');
  expect(lines).toContain('  sabotage: no tests');
  expect(lines.at(-1)).toBe('1 passed, 1 failed, 0 skipped');
});
