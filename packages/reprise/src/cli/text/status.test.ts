import type { StatusReport } from '@reprise/contracts';
import { expect, test } from 'vitest';

import { statusText } from './status.ts';

const report = (now: string): StatusReport => ({
  v: 1,
  command: 'status',
  exit: 0,
  system: 'shop',
  at: now,
  colour: 'green',
  components: [
    {
      component: 'db',
      kind: 'sqlite',
      tier: null,
      colour: 'green',
      rpo: { objective_ms: null, actual_ms: 0 },
      rto: { objective_ms: null, actual_ms: null },
      newest: { point: 'db@1', as_of: '2026-06-15T12:00:00.000Z', level: 'parsed' },
      drilled_at: '2026-06-15T12:00:00.000Z',
      copies: { total: 2, media: 1, off_site: 0, verified: 1 },
    },
  ],
  repositories: [],
  open_runs: [],
  findings: [],
});

test('by a clock that was put back nothing is younger than now', () => {
  const text = statusText(report('2026-06-10T12:00:00.000Z'), { language: 'en', colour: false, width: 100 });
  expect(text).toMatch(/db .* 0 ms +parsed +0 ms /);
  expect(text).not.toMatch(/ -\d/);
});
