import type { EntryV1, Head } from '@reprise/contracts';

import { Branches } from '../journal/branches.ts';
import type { Journal } from '../journal/journal.ts';

/**
 * The entries of a run that a journal with this head has: what came after it is left out. A run's record does not stay
 * as it is: a failed recovery is carried on by the same command, `resume` closes an interrupted one; so a record is made
 * anew as of its own head. Of a run in a journal that `head` does not continue (read from a repository), entries up to
 * `last`, by default all.
 */
export function entriesAsOf(
  journal: Pick<Journal, 'entries'>,
  run: string,
  head: Head,
  last = Infinity,
): readonly EntryV1[] {
  const lineage = new Branches(journal.entries({ type: 'epoch.opened' })).lineageOf(head);
  return [...journal.entries({ run })].filter(({ installation, epoch, seq }) => {
    const stretch = lineage.find((s) => s.installation === installation && s.epoch === epoch);
    return seq <= (stretch?.last ?? last);
  });
}
