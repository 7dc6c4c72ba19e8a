import type { RecoveryRecord } from '@reprise/contracts';
import { expect, test } from 'vitest';

import { recoveryMarkdown } from './recovery-record.ts';

const run = '5f0c3a52-6a0e-4c58-9d0b-0b9f3b0a1c2d';
const at = '2026-06-15T12:00:00.000Z';
const record: RecoveryRecord = {
  system: 'shop',
  run,
  recipe: 'recover',
  state: 'failed',
  exit: 1,
  scenario: null,
  place: 'in-situ',
  requested_at: at,
  lost_at: null,
  until: null,
  incident_began: null,
  ended_at: at,
  components: [
    {
      component: 'db',
      state: 'failed',
      point: null,
      as_of: null,
      repository: null,
      bytes: null,
      restore_ms: null,
      consent: null,
      rpo: null,
      rto: null,
      error: { code: 'kind.damaged', message: 'as it was written then' },
      findings: [],
    },
  ],
  whole: null,
  spread_ms: null,
  decisions: [],
  timeline: [],
  findings: [],
  head: { installation: run, epoch: 1, seq: 9, hash: 'a'.repeat(64) },
};

test('a record says what shows that it is the journal’s: that alone proves only the journal', () => {
  for (const language of ['en', 'fr'] as const) {
    const text = recoveryMarkdown(record, language, null);
    expect(text).toContain('`reprise journal verify`');
    expect(text).toContain(`\`reprise report recovery --check ${run}.json\``);
  }
});

test('what failed is said of its component, in French after a space', () => {
  expect(recoveryMarkdown(record, 'en', null)).toContain('- db: as it was written then (kind.damaged)');
  expect(recoveryMarkdown(record, 'fr', null)).toContain('- db : as it was written then (kind.damaged)');
});

test('the record of a restore does not speak of a recovery', () => {
  for (const state of ['finished', 'failed', 'interrupted', 'open'] as const) {
    const text = (recipe: 'restore' | 'recover'): string =>
      recoveryMarkdown({ ...record, recipe, state, components: [] }, 'fr', null).split('\n\n')[1] ?? '';
    expect(text('restore')).toMatch(/^\*\*La restauration /);
    expect(text('recover')).toMatch(/^\*\*La reprise /);
  }
});
