import { describe, expect, test } from 'vitest';

import { findings, judge, wordsOf, type FindingCode } from './index.ts';

/** Any parameters: each value prints as its name in braces, and serves as number and text too. */
const anything: object = new Proxy({}, { get: (_, name) => `{${String(name)}}` });

describe('what a finding does not prove', () => {
  test.for(Object.keys(findings) as FindingCode[])('%s: said once, not denied once more', (code) => {
    for (const verdict of ['pass', 'fail', 'unable'] as const)
      for (const language of ['en', 'fr'] as const) {
        const p = new Proxy(anything, {
          get: (of, name) => (name === 'verdict' ? verdict : (Reflect.get(of, name) as unknown)),
        });
        // Printed after « not proven: »: "Not that nobody changed it" would say the reverse.
        expect(findings[code][language](p as never).notProven ?? '').not.toMatch(/^(Not|Nothing|Pas|Rien)\b/);
      }
  });
});

test('an interrupted run is named in the reader’s words', () => {
  const finding = judge('fail', 'status.interrupted', '1a2b', { recipe: 'backup' });
  expect(wordsOf(finding, 'fr').message).toContain('sauvegarde');
  expect(wordsOf(finding, 'en').message).toContain('backup (run 1a2b)');
});

test('a scenario’s RTO that cannot be judged says what is not known, and nothing else', () => {
  const params = { manual_ms: 0, restore_ms: 0, rto_ms: 3_600_000 };
  const said = (untimed: number, unknown: string, language: 'en' | 'fr'): string =>
    wordsOf(judge('unable', 'plan.scenario-time', 's', { ...params, untimed, unknown }), language).message;
  expect(said(0, 'db', 'en')).toBe('s: RTO 1h, but nobody has measured the restore of db.');
  expect(said(1, '', 'en')).toBe('s: RTO 1h, but 1 step has no duration.');
  expect(said(2, 'db', 'fr')).toBe(
    's : RTO (DMIA) 1 h, mais 2 étapes sont sans durée et personne n’a mesuré la restauration de db.',
  );
});
