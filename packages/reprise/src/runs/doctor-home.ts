import { statfsSync, statSync } from 'node:fs';

import type { Finding } from '@reprise/contracts';

import { existingJournal, helpFor, homePaths, insistWritable, ownerOf } from '../journal/home.ts';
import { loadSigningKey } from '../journal/keys.ts';
import { isError } from '../lib/errors/index.ts';
import { judge } from '../lib/findings/index.ts';
import { said } from '../lib/language.ts';

/** The folder of Reprise's own state, as `doctor` finds it. Nothing is written. */
export interface ExaminedHome {
  readonly findings: readonly Finding[];
  /** May this user look into it? Where not, what is in it cannot be judged. */
  readonly seen: boolean;
}

/** Octal; undefined: there is none. */
export const modeOf = (path: string): string | undefined => {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : (found.mode & 0o777).toString(8).padStart(3, '0');
};

export function examineHome(home: string): ExaminedHome {
  const mode = modeOf(home);
  if (mode === undefined) return { findings: [], seen: true };
  const isPrivate = judge(mode.endsWith('00') ? 'pass' : 'fail', 'doctor.home', home, { path: home, mode });
  const denied = whyDenied(home) ?? whyKeysDenied(home);
  const writable = denied ?? whyNotWritable(home) ?? whyFull(home);
  const { path, why } = writable ?? { path: home, why: '' };
  const place = { path, owner: ownerOf(path), why, help: helpFor(why) };
  const canWrite = judge(writable === undefined ? 'pass' : 'fail', 'doctor.home-writable', home, place);
  return {
    findings: [isPrivate, canWrite, ...(denied === undefined ? signingKey(home) : [])],
    seen: denied === undefined,
  };
}

interface Refused {
  readonly path: string;
  readonly why: string;
}

function whyDenied(home: string): Refused | undefined {
  try {
    existingJournal(home);
    return undefined;
  } catch (e) {
    if (isError(e, 'home.denied')) return { path: home, why: said(e.params.why, 'en') };
    if (isError(e, 'journal.absent')) return undefined; // told apart, with what to type
    throw e;
  }
}

/** The keys may be another user's where the rest is open. */
function whyKeysDenied(home: string): Refused | undefined {
  const { keys, signingKey: path } = homePaths(home);
  try {
    modeOf(path);
    return undefined;
  } catch (e) {
    return { path: keys, why: (e as NodeJS.ErrnoException).code ?? 'EIO' };
  }
}

function whyNotWritable(home: string): Refused | undefined {
  try {
    insistWritable(home);
    return undefined;
  } catch (e) {
    if (isError(e, 'home.not-writable'))
      return { path: said(e.params.path, 'en'), why: said(e.params.why, 'en') };
    throw e;
  }
}

/** What the log of the journal and its index take at least, in bytes. */
const least = 128 * 1024;

function whyFull(home: string): Refused | undefined {
  const { bsize, bavail, bfree } = statfsSync(home);
  const free = bsize * (process.getuid?.() === 0 ? bfree : bavail);
  return free < least ? { path: home, why: 'ENOSPC' } : undefined;
}

/** Only where there is an installation, which it belongs to. */
function signingKey(home: string): Finding[] {
  const { journal, signingKey: path } = homePaths(home);
  if (modeOf(journal) === undefined) return [];
  const found = (problem: 'absent' | 'unsafe' | 'unreadable' | ''): Finding[] => [
    judge(problem === '' ? 'pass' : 'fail', 'doctor.signing-key', home, {
      path,
      mode: problem === 'absent' ? '' : (modeOf(path) ?? ''),
      problem,
    }),
  ];
  try {
    loadSigningKey(home);
    return found('');
  } catch (e) {
    if (isError(e, 'keys.absent')) return found('absent');
    if (isError(e, 'keys.unsafe')) return found('unsafe');
    if (isError(e, 'keys.unreadable') || isError(e, 'home.denied')) return found('unreadable');
    throw e;
  }
}
