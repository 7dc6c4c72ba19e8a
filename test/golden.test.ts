import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Head } from '@reprise/contracts';
import { afterAll, describe, expect, test } from 'vitest';

import { catalogueOf, mergeStates } from '../packages/reprise/src/catalogue/merge.ts';
import { createInstallation } from '../packages/reprise/src/journal/installation.ts';
import { readState } from '../packages/reprise/src/journal/state.ts';
import { openJournal } from '../packages/reprise/src/journal/store.ts';
import { verifyJournal } from '../packages/reprise/src/journal/verify.ts';
import { systemClock } from '../packages/reprise/src/lib/clock.ts';
import { readRecoveryKey, rootOf } from '../packages/reprise/src/lib/recovery-key.ts';

interface Expected {
  readonly recovery_key: string;
  readonly root: string;
  readonly heads: { readonly primary: Head; readonly second: Head };
  readonly points: readonly object[];
  readonly db: string;
  readonly files: string;
  readonly web: string;
}

describe.each(['0.1.0'])('what version %s wrote is still read', (version) => {
  const golden = join(import.meta.dirname, 'golden', version, 'journal');
  const expected = JSON.parse(readFileSync(join(golden, 'expected.json'), 'utf8')) as Expected;
  const root = rootOf(readRecoveryKey(expected.recovery_key));
  const state = (name: string) =>
    readState(join(golden, name), { root: root.publicKey, system: 'golden', where: name });
  const work = mkdtempSync(join(tmpdir(), 'reprise-golden-'));
  afterAll(() => rmSync(work, { recursive: true }));

  test('the recovery key gives the same root', () => expect(root.publicKey).toBe(expected.root));

  test('states prove themselves, over an epoch and for a maintainer', () => {
    expect(state('state-primary').header.head).toEqual(expected.heads.primary);
    expect(state('state-primary').plan).toBe('version: 1\nsystem: golden # é\n');
    const copy = state('state-copy');
    expect([...copy.lines()].map((l) => l.entry.epoch).at(-1)).toBe(2);
    expect(state('state-maintainer').header.certificate.role).toBe('maintainer');
  });

  test('the local journal opens, verifies and lists the same points', async () => {
    const home = join(work, 'home');
    cpSync(join(golden, 'home'), home, { recursive: true });
    await using journal = await openJournal({ home, clock: systemClock, mode: 'read', system: 'golden' });
    expect(journal.head()).toEqual(expected.heads.second);
    const { findings } = verifyJournal(journal, [{ repository: 'primary', head: expected.heads.primary }]);
    expect(findings.map((f) => `${f.code} ${f.verdict}`)).toEqual([
      'journal.intact pass',
      'journal.certified unable', // the key is not kept here
      'journal.anchored pass',
    ]);
    const points = catalogueOf(journal, systemClock).points.map(({ id, level, drilled_at }) => ({
      id,
      level,
      drilled_at,
    }));
    expect(points).toEqual(expected.points);
    expect(journal.runs().map((r) => [r.recipe, r.state])).toEqual([['backup', 'interrupted']]);
  });

  test('a machine that joins today sees the union', async () => {
    const home = join(work, 'joined');
    await createInstallation({
      home,
      clock: systemClock,
      system: 'golden',
      role: 'maintainer',
      version: 'test',
      root,
    });
    await using journal = await openJournal({ home, clock: systemClock, mode: 'write' });
    const states = ['state-primary', 'state-maintainer', 'state-copy'];
    const merged = mergeStates(
      journal,
      states.map((name) => ({ repository: 'primary', snapshot: name, directory: join(golden, name) })),
    );
    expect(merged.findings).toEqual([]);
    const points = catalogueOf(journal, systemClock).points.map((p) => p.id);
    expect(points.toSorted()).toEqual([expected.db, expected.web].toSorted());
    expect(points).not.toContain(expected.files); // given up by the maintainer
  });
});
