import { exitOf, type EntryV1, type JournalVerifyReport } from '@reprise/contracts';

import { verifyJournal } from '../journal/verify.ts';
import type { Deps } from './deps.ts';

export interface JournalFilter {
  readonly run: string | null;
  /** Any text: entries of types that a later version writes are found by their name too. */
  readonly types: readonly string[];
  /** Of this installation: only entries after this number. */
  readonly after: number | null;
}

/** `reprise journal show`: oldest first, in pages; a reader that stops early stops the reading. */
export function* journalEntries(
  { journal }: Pick<Deps, 'journal'>,
  { run, types, after }: JournalFilter,
): IterableIterator<EntryV1> {
  const entries = journal.entries({
    ...(run === null ? {} : { run }),
    ...(after === null ? {} : { after, own: true }),
  });
  for (const entry of entries) if (types.length === 0 || types.includes(entry.type)) yield entry;
}

/** `reprise journal verify`. */
export function verified({ journal }: Pick<Deps, 'journal'>, signal: AbortSignal): JournalVerifyReport {
  const { entries, findings } = verifyJournal(journal, [], signal);
  return {
    v: 1,
    command: 'journal verify',
    exit: exitOf(findings),
    head: journal.head(),
    entries,
    findings: [...findings],
  };
}
