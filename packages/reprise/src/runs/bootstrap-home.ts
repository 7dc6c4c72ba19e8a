import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

import type { Body, EntryV1, Head } from '@reprise/contracts';

import { homePaths } from '../journal/home.ts';
import { setAside } from '../journal/installation.ts';
import type { Journal } from '../journal/journal.ts';
import { loadSigningKey } from '../journal/keys.ts';
import { openJournal } from '../journal/store.ts';
import { isError, RepriseError } from '../lib/errors/index.ts';
import type { SetUp } from './setup.ts';

/**
 * What a journal in this home means for a bootstrap from `head`:
 *
 * - none: go on;
 * - it continues exactly this head already, or the head is its own and the bootstrap that made it has left something
 *   undone: this very command was interrupted or could not reach everything, go on with it;
 * - it is damaged, or an installation that another one took over from: set aside, whole;
 * - a working installation that the head belongs to, or of which the repository knows less: refused, nothing is lost by
 *   going on with it, unless its signing key is gone: set aside then too. Throws `bootstrap.not-needed`.
 */
export async function makeRoom(setup: SetUp, head: Head, root: string): Promise<void> {
  const paths = homePaths(setup.home);
  if (!existsSync(paths.journal)) return;
  let journal: Journal;
  try {
    journal = await openJournal({ home: setup.home, clock: setup.clock, mode: 'read' });
  } catch (e) {
    if (!isError(e, 'journal.damaged') && !isError(e, 'journal.not-writable')) throw e;
    moveDamaged(setup);
    return;
  }
  const { installation, epoch } = journal;
  const relation = root === journal.root ? relationTo(journal, head) : 'stranger';
  await journal[Symbol.asyncDispose]();
  if (relation === 'same-bootstrap') return;
  if (relation === 'current' && canSign(setup.home))
    throw new RepriseError('bootstrap.not-needed', { home: setup.home, installation });
  await setAside(setup.home, { installation, epoch });
}

/** Without its key it can store no state any more, and only a bootstrap gives it another one. */
function canSign(home: string): boolean {
  try {
    loadSigningKey(home);
    return true;
  } catch (e) {
    return !isError(e, 'keys.absent') && !isError(e, 'keys.unreadable');
  }
}

function relationTo(journal: Journal, head: Head): 'same-bootstrap' | 'current' | 'superseded' | 'stranger' {
  const opened = [
    ...journal.entries({ type: 'epoch.opened', installation: journal.installation, own: true }),
  ].at(-1);
  const { continues } = (opened?.body ?? { continues: null }) as Body<'epoch.opened'>;
  if (continues !== null && continues.hash === head.hash) return 'same-bootstrap';
  if (head.installation === journal.installation && head.epoch === journal.epoch)
    return isUnfinished(journal, opened) ? 'same-bootstrap' : 'current';
  return head.epoch > journal.epoch ? 'superseded' : 'current';
}

/** Was this epoch opened by a bootstrap that was killed before its end, or that could not reach every repository? */
function isUnfinished(journal: Journal, opened: EntryV1 | undefined): boolean {
  if ((opened?.body as Body<'epoch.opened'> | undefined)?.snapshot == null) return false;
  const own = { installation: journal.installation, own: true } as const;
  const finished = [...journal.entries({ type: 'bootstrap.finished', ...own })].at(-1);
  if (finished !== undefined) return (finished.body as Body<'bootstrap.finished'>).left.length > 0;
  return [...journal.entries({ type: 'run.started', ...own })].length === 0;
}

/** It cannot be asked who it is: kept by the time at which it was found. */
function moveDamaged({ home, clock }: SetUp): void {
  const paths = homePaths(home);
  const aside = join(paths.superseded, `damaged-${clock.now().toISOString().replaceAll(':', '')}`);
  mkdirSync(aside, { recursive: true, mode: 0o700 });
  if (existsSync(paths.signingKey)) renameSync(paths.signingKey, join(aside, 'signing.pem'));
  for (const end of ['-wal', '-shm', ''])
    if (existsSync(paths.journal + end)) renameSync(paths.journal + end, join(aside, `journal.sqlite${end}`));
}
