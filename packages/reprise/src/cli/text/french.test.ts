import { expect, test } from 'vitest';

import { RepriseError } from '../../lib/errors/index.ts';
import { errorText } from '../failure.ts';
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
