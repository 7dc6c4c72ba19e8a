import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { RepriseError } from '../lib/errors/index.ts';

/**
 * What lies in `$REPRISE_HOME` (default: `.reprise/` beside the plan; 0700):
 *
 *     journal.sqlite         the journal and its projections (WAL, synchronous=FULL)
 *     keys/                  signing.pem: Ed25519 key of this installation (0600); the machine keys of repositories
 *     locks/                 one small SQLite file for each run and component
 *     cache/                 restic's cache, for repositories that are not local
 *     scratch/               claimed working space; may be emptied when nothing runs
 *     evidence/              reports
 *     superseded/            journals that a bootstrap in this home set aside
 */
export const homePaths = (home: string) =>
  ({
    journal: join(home, 'journal.sqlite'),
    keys: join(home, 'keys'),
    signingKey: join(home, 'keys', 'signing.pem'),
    locks: join(home, 'locks'),
    cache: join(home, 'cache'),
    scratch: join(home, 'scratch'),
    evidence: join(home, 'evidence'),
    superseded: join(home, 'superseded'),
  }) as const;

/** Makes the folders that are missing, readable by their owner alone. */
export function prepareHome(home: string): void {
  const { keys, locks, cache, scratch, evidence } = homePaths(home);
  for (const folder of [home, keys, locks, cache, scratch, evidence])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const folder of [home, keys]) chmodSync(folder, 0o700); // they may have existed with other modes
}

/** The journal's path. Throws `journal.absent`. */
export function existingJournal(home: string): string {
  const path = homePaths(home).journal;
  if (!existsSync(path)) throw new RepriseError('journal.absent', { path });
  return path;
}
