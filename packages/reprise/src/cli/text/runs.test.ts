import type { ResumeReport } from '@reprise/contracts';
import { expect, test } from 'vitest';

import { resumeText } from './runs.ts';

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
