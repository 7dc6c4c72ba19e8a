import { accessSync, chmodSync, constants, mkdirSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';

import type { HomeHelp } from '../lib/errors/home.ts';
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

/** Makes the folders that are missing, readable by their owner alone. Throws `home.not-writable`. */
export function prepareHome(home: string): void {
  const { keys, locks, cache, scratch, evidence } = homePaths(home);
  for (const folder of [home, keys, locks, cache, scratch, evidence]) makeFolder(folder);
  // They may have existed with other modes.
  for (const folder of [home, keys]) writingIn(folder, () => chmodSync(folder, 0o700));
}

/** Throws `home.not-writable`. */
export const makeFolder = (folder: string): void =>
  writingIn(folder, () => void mkdirSync(folder, { recursive: true, mode: 0o700 }));

/** The journal's path. Throws `journal.absent`; `home.denied` where one cannot be seen to be there or not. */
export function existingJournal(home: string): string {
  const path = homePaths(home).journal;
  try {
    statSync(path);
    return path;
  } catch (e) {
    throw isAbsent(e) ? new RepriseError('journal.absent', { path }, { cause: e }) : deniedHome(home, e);
  }
}

/** What lies there, if anything, is closed to this user. */
export const deniedHome = (home: string, cause: unknown): RepriseError =>
  new RepriseError(
    'home.denied',
    { path: home, user: self(), owner: ownerOf(home), why: codeOf(cause) },
    { cause },
  );

/** Before anything is begun: its folders and its journal, those that are there. Throws `home.not-writable`. */
export function insistWritable(home: string): void {
  const { journal, locks } = homePaths(home);
  for (const path of [home, locks, journal])
    writingIn(path, () => {
      try {
        accessSync(path, constants.W_OK);
      } catch (e) {
        if (!isAbsent(e)) throw e;
      }
    });
}

/** Does `act`; where the system refuses it, `home.not-writable` with the reason that the folder itself gives. */
export function writingIn<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (e) {
    if (!(e instanceof Error) || !('syscall' in e)) throw e;
    const why = refusal(path) ?? codeOf(e);
    const params = { path, owner: ownerOf(path), why, help: helpFor(why) };
    throw new RepriseError('home.not-writable', params, { cause: e });
  }
}

/** Why the nearest folder that exists may not be written to: a failed `mkdir` does not always say (ENOENT for EROFS). */
function refusal(path: string): string | undefined {
  try {
    accessSync(path, constants.W_OK);
    return undefined;
  } catch (e) {
    const above = dirname(path);
    return isAbsent(e) && above !== path ? refusal(above) : codeOf(e);
  }
}

const helps: Readonly<Record<string, HomeHelp>> = {
  EACCES: 'user',
  EPERM: 'user',
  EROFS: 'mount',
  ENOSPC: 'room',
  EDQUOT: 'room',
};
export const helpFor = (code: string): HomeHelp => helps[code] ?? 'other';

const codeOf = (e: unknown): string => (e as NodeJS.ErrnoException).code ?? 'EIO';
export const isDenied = (e: unknown): boolean => ['EACCES', 'EPERM'].includes(codeOf(e));
export const isAbsent = (e: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(e));

/** Of the nearest that can be seen, as `sudo -u` takes it. */
export function ownerOf(path: string): string {
  try {
    const { uid } = statSync(path);
    return uid === 0 ? 'root' : `#${uid}`;
  } catch {
    return path === dirname(path) ? 'root' : ownerOf(dirname(path));
  }
}

/** As a person knows it; a container's user may have a number only. */
function self(): string {
  try {
    return userInfo().username;
  } catch {
    return `#${process.getuid?.() ?? '?'}`;
  }
}
