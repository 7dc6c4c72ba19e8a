import type { EntryV1 } from '@reprise/contracts';
import { expect, test } from 'vitest';

import { RepriseError } from '../lib/errors/index.ts';
import type { Repository } from '../repository/repository.ts';
import { recoveryKeysOf, revoke } from './recovery-keys.ts';

/** A journal of these entries: type, epoch, body. */
const journal = (...of: readonly (readonly [string, number, Record<string, string>])[]) => ({
  entries: ({ type }: { readonly type: string }) =>
    of.flatMap(([t, epoch, body], seq) =>
      t === type ? [{ type, epoch, seq, body } as unknown as EntryV1] : [],
    ),
});
const given = (epoch: number, key: string, id = 'repo') =>
  ['repository.initialised', epoch, { repository: 'primary', id, recovery_key: key }] as const;

/** A repository with these slots. */
function having(slots: string[], refused = false) {
  const appended: string[] = [];
  const repository = {
    name: 'primary',
    keys: async () => slots.map((id) => ({ id, user: 'recovery-key', host: 'shop' })),
    removeKey: async (id: string) => {
      if (refused) throw new RepriseError('repository.append-only', { repository: 'primary' } as never);
      slots.splice(slots.indexOf(id), 1);
    },
  } as unknown as Repository;
  const at = {
    signal: new AbortController().signal,
    append: (type: string, body: object) => void appended.push(`${type} ${(body as { key: string }).key}`),
  };
  return { repository, at: at as never, slots, appended };
}

test('the key in force is the newest of this repository; what was revoked, or went with a lost one, is over', () => {
  const known = journal(given(1, 'lost', 'another'), given(1, 'a'), given(2, 'b'), given(3, 'c'), [
    'key.revoked',
    3,
    { repository: 'primary', key: 'a' },
  ]);
  expect(recoveryKeysOf(known as never, 'primary')).toEqual({ current: 'c', superseded: ['b'] });
  expect(recoveryKeysOf(known as never, 'copy')).toBeUndefined();
});

test('superseded keys that are still there are removed, and journaled', async () => {
  const { repository, at, slots, appended } = having(['machine', 'a', 'c']);
  const known = journal(given(1, 'a'), given(2, 'b'), given(3, 'c'));
  expect(await revoke(known as never, repository, at)).toEqual({ revoked: ['a'], findings: [] });
  expect(slots).toEqual(['machine', 'c']);
  expect(appended).toEqual(['key.revoked a']);
});

test('where the key in force is not there nothing is removed, and it is said', async () => {
  const { repository, at, slots } = having(['machine', 'a']);
  const { findings } = await revoke(journal(given(1, 'a'), given(2, 'b')) as never, repository, at);
  expect(findings).toMatchObject([{ verdict: 'fail', code: 'kit.superseded-key' }]);
  expect(slots).toEqual(['machine', 'a']);
});

test('an identity that may not delete leaves it open, which is a fail', async () => {
  const { repository, at, appended } = having(['a', 'b'], true);
  const { findings } = await revoke(journal(given(1, 'a'), given(2, 'b')) as never, repository, at);
  expect(findings).toMatchObject([{ verdict: 'fail', code: 'kit.superseded-key' }]);
  expect(appended).toEqual([]);
});
