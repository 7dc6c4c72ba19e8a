import { expect, test } from 'vitest';

import { englishIn } from '../lib/i18n/testing/english.ts';
import { problemText } from './problem.ts';
import { rhythm } from './rhythm.ts';

/** Faults of a protection as it stands in a plan; `raw` is what the file says there. */
const faults = (protection: unknown, raw = 'as written') =>
  [
    ...rhythm(
      protection,
      ['protections', 'p'],
      () => ({ near: null, known: '' }),
      () => raw,
    ),
  ].map(({ code, params, path }) => ({
    code,
    params,
    key: path.at(-1),
  }));

test('a schedule without a time zone is in UTC', () => {
  expect(faults({ schedule: '0 3 * * *' })).toEqual([]);
  expect(faults({ schedule: '0 3 * * *', timezone: 'Europe/Paris' })).toEqual([]);
});

test('what is no text is for the schema to say', () => {
  for (const protection of [{}, { schedule: 5 }, null, [], 'x']) expect(faults(protection)).toEqual([]);
  expect(faults({ schedule: 5, timezone: 'Nowhere' })).toMatchObject([
    { code: 'plan.timezone', key: 'timezone' },
  ]);
});

test.each(['0 3 * *', '0 0 3 * * *', '@daily', '', '0 3 * * * ? *'])(
  'five fields, or it is refused: %s',
  (schedule) => {
    expect(faults({ schedule })).toMatchObject([{ code: 'plan.cron', key: 'schedule' }]);
  },
);

test.each(['0 0 30 2 *', '0 0 31 4,6 *'])('one that never comes: %s', (schedule) => {
  expect(faults({ schedule })).toMatchObject([{ code: 'plan.never', key: 'schedule' }]);
});

test('the value of a variable is quoted in no error', () => {
  const schedule = '0 3 * * hunter2';
  expect(JSON.stringify(faults({ schedule }, '${WHEN}'))).not.toContain('hunter2');
  expect(faults({ schedule }, '${WHEN}')).toMatchObject([
    { code: 'plan.cron', params: { detail: 'weekday' } },
  ]);
  expect(JSON.stringify(faults({ schedule }, schedule))).toContain('hunter2');
});

test.each([
  ['61 * * * *', 'no minute', 'minute impossible'],
  ['0 25 * * *', 'no hour', 'heure impossible'],
  ['0 0 0 * *', 'no day of the month', 'jour du mois impossible'],
  ['0 0 * 13 *', 'no month', 'mois impossible'],
  ['0 0 * * MOO', 'no day of the week', 'jour de la semaine impossible'],
  ['5-1 0/5 * * *', 'no minute (0–59), no hour (0–23)', 'minute impossible (0–59), heure impossible'],
  ['0 3 * *', '4 ≠ 5', '4 ≠ 5'],
])('what is wrong is said in the reader’s language: %s', (schedule, en, fr) => {
  const [problem] = faults({ schedule }, schedule);
  expect(problemText(problem as never, 'en').message).toContain(en);
  const french = problemText(problem as never, 'fr').message;
  expect(french).toContain(fr);
  expect(englishIn(french)).toEqual([]);
});
