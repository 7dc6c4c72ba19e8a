import { expect, test } from 'vitest';

import { wordsOf } from '../lib/findings/index.ts';
import { lossColour, statusOf, timeColour, worst } from './status.ts';
import { openBare } from './testing/bare.ts';

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

/** A system without components whose two repositories were looked at and opened: nothing else is wrong. */
async function statusWith(lost: ReturnType<Parameters<typeof statusOf>[0]['lost']>) {
  const plan = {
    plan: { system: 's', repositories: { primary: {}, copy: {} } },
    components: new Map(),
  } as never;
  await using bare = await openBare({ plan, lost: () => lost });
  const { journal } = bare.deps;
  const none = { run: null, step: null };
  const [head, snapshot] = [journal.head(), 'f'.repeat(64)];
  for (const repository of ['primary', 'copy']) {
    journal.append('kit.checked', { repository, ok: true }, none);
    journal.append('state.stored', { repository, head, snapshot }, none);
    journal.recordView(repository, [snapshot]);
  }
  return statusOf(bare.deps);
}

test('a copy that a repository lost, though nobody gave it up, is red and says what to type', async () => {
  expect(await statusWith([])).toMatchObject({ colour: 'green', exit: 0, findings: [] });

  const point = 'db@20260615T120000Z-0123abcd';
  const lost = [{ point, repository: 'copy', parts: ['globals', 'db.app'], snapshots: ['a', 'b'] }];
  const status = await statusWith(lost);
  expect(status).toMatchObject({ colour: 'red', exit: 1 });
  expect(status.findings).toEqual([
    {
      verdict: 'fail',
      code: 'catalogue.lost',
      subject: point,
      params: { repository: 'copy', part: 'globals, db.app' },
    },
  ]);
  const [finding] = status.findings;
  expect(finding === undefined ? '' : wordsOf(finding, 'fr').message).toContain('→ reprise backup db');
});
