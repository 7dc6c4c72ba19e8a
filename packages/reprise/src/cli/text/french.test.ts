import type { CommanderError } from 'commander';
import { expect, test } from 'vitest';

import { RepriseError } from '../../lib/errors/index.ts';
import { judge, wordsOf } from '../../lib/findings/index.ts';
import { words } from '../../lib/i18n/index.ts';
import { errorText } from '../failure.ts';
import { usageError } from '../usage.ts';
import { planCheckText } from './plan.ts';
import { retentionText } from './preview.ts';
import { initText } from './setup.ts';

const look = (language: 'fr' | 'en') => ({ language, colour: false, width: 100 }) as const;
const said = (language: 'fr' | 'en'): string =>
  [
    initText(
      {
        v: 1,
        command: 'init',
        exit: 0,
        plan: 'reprise.yaml',
        created: true,
        components: [{ name: 'app', kind: 'files', because: '/srv/app' }],
        repositories: [],
        recovery_key: null,
        superseded: [],
        installation: null,
      },
      look(language),
    ),
    retentionText(
      {
        v: 1,
        command: 'maintain',
        exit: 0,
        repositories: [
          {
            repository: 'primary',
            kept: [],
            forgotten: [],
            debris: [],
            states: 0,
            revoked: [],
            pruned: true,
            read: '1/30',
            refused: null,
          },
        ],
      },
      look(language),
    ),
    planCheckText(
      {
        v: 1,
        command: 'plan check',
        exit: 2,
        file: 'reprise.yaml',
        system: null,
        at: '2026-11-21T14:14:44.559Z',
        problems: [
          {
            code: 'plan.empty',
            params: {},
            path: 'components',
            at: { file: 'reprise.yaml', line: 1, column: 2 },
            message: 'M.',
            hint: 'H.',
          },
        ],
        findings: [],
      },
      look(language),
    ),
    errorText(new RepriseError('cli.interrupted', {}), language),
  ].join('\n');

test('what something is said of stands before a colon, in French after a space', () => {
  const lines = ['app (files)', 'primary', 'reprise.yaml:1:2 components', 'reprise'];
  for (const line of lines) expect(said('en')).toMatch(new RegExp(`^ *${RegExp.escape(line)}:( |$)`, 'm'));
  for (const line of lines) expect(said('fr')).toMatch(new RegExp(`^ *${RegExp.escape(line)} :( |$)`, 'm'));
});

test('one of a thing is one, and what stands between angle brackets is French', () => {
  const one = wordsOf(judge('fail', 'plan.three-two-one', 'db', { copies: 1, media: 1, off_site: 0 }), 'fr');
  expect(one.message).toContain('1 exemplaire avec les données elles-mêmes, 1 support, 0 hors site');
  const read = judge('pass', 'postgres.archive-read', 'db', { database: 'shop', tables: 1, rows: 1 });
  expect(wordsOf(read, 'fr').message).toContain(': 1 table, 1 ligne,');
  expect(words('fr')['bootstrap.done']({ plan: 'p', epoch: 2, points: 1 })).toContain(
    '1 point de restauration connu.',
  );
  const missing = (code: string, message: string): string =>
    usageError({ code, message } as CommanderError, 'reprise restore').text('fr').message;
  expect(missing('commander.missingArgument', "error: missing required argument 'component'")).toBe(
    'L’argument <composant> manque.',
  );
  expect(missing('commander.optionMissingArgument', "error: option '--until <time>' argument missing")).toBe(
    'L’option --until <moment> attend une valeur.',
  );
});
