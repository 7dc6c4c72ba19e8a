import type { Body, Finding } from '@reprise/contracts';

import type { Journal } from '../journal/journal.ts';
import { isError } from '../lib/errors/index.ts';
import { judge } from '../lib/findings/index.ts';
import type { Repository } from '../repository/repository.ts';
import type { StepContext } from './step.ts';

export interface RecoveryKeys {
  /** restic's id of the slot of the recovery key in force. */
  readonly current: string;
  /** Slots of recovery keys that were made anew since: whoever holds one can still read everything. */
  readonly superseded: readonly string[];
}

/** The recovery keys that a repository was given, as the journal has it; undefined: it knows of none. */
export function recoveryKeysOf(
  journal: Pick<Journal, 'entries'>,
  repository: string,
): RecoveryKeys | undefined {
  const given = [...journal.entries({ type: 'repository.initialised' })]
    .toSorted((a, b) => a.epoch - b.epoch || a.seq - b.seq)
    .map((e) => e.body as Body<'repository.initialised'>)
    .filter((b) => b.repository === repository && b.recovery_key !== '');
  const last = given.at(-1);
  if (last === undefined) return undefined;
  const revoked = new Set(
    [...journal.entries({ type: 'key.revoked' })].map((e) => (e.body as Body<'key.revoked'>).key),
  );
  const superseded = given
    .filter((b) => b.id === last.id && b.recovery_key !== last.recovery_key) // one that was lost took its slots along
    .map((b) => b.recovery_key)
    .filter((key) => !revoked.has(key));
  return { current: last.recovery_key, superseded: [...new Set(superseded)] };
}

/** Those of them that open the repository now. One restic call where the journal names any. */
export async function stillOpen(
  keys: RecoveryKeys | undefined,
  repository: Repository,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (keys === undefined || keys.superseded.length === 0) return [];
  const there = new Set((await repository.keys(signal)).map((k) => k.id));
  return keys.superseded.filter((key) => there.has(key));
}

export const keyOpen = (repository: string, key: string): Finding =>
  judge('fail', 'kit.superseded-key', repository, { key: key.slice(0, 8) });

/**
 * Removes superseded recovery keys, never the one in force: that must be there. An identity that may not delete leaves
 * them, and that is a fail.
 */
export async function revoke(
  journal: Pick<Journal, 'entries'>,
  repository: Repository,
  at: Pick<StepContext, 'signal' | 'append'>,
): Promise<{ readonly revoked: string[]; readonly findings: Finding[] }> {
  const { name } = repository;
  const keys = recoveryKeysOf(journal, name);
  const revoked: string[] = [];
  const findings: Finding[] = [];
  const open = await stillOpen(keys, repository, at.signal);
  const safe = open.length === 0 || (await repository.keys(at.signal)).some((k) => k.id === keys?.current);
  for (const key of open) {
    try {
      if (!safe) findings.push(keyOpen(name, key));
      else {
        await repository.removeKey(key, at.signal);
        at.append('key.revoked', { repository: name, key });
        revoked.push(key);
      }
    } catch (e) {
      if (!isError(e, 'repository.append-only')) throw e;
      findings.push(keyOpen(name, key));
    }
  }
  return { revoked, findings };
}
