import { exitOf, type EntryV1, type JournalVerifyReport } from '@reprise/contracts';

import { verifyJournal, type Anchor } from '../journal/verify.ts';
import { RepriseError, saidOf } from '../lib/errors/index.ts';
import { inBoth } from '../lib/i18n/index.ts';
import type { Deps } from './deps.ts';
import { readHead } from './heads.ts';

export interface JournalFilter {
  readonly run: string | null;
  /** Any text: entries of types that a later version writes are found by their name too. */
  readonly types: readonly string[];
  /** Of this installation: only entries after this number. */
  readonly after: number | null;
}

/**
 * `reprise journal show`: oldest first, in pages; a reader that stops early stops the reading. Throws
 * `journal.unknown-run` at once: nothing shown would read as "nothing happened".
 */
export function journalEntries(
  deps: Pick<Deps, 'journal'>,
  filter: JournalFilter,
): IterableIterator<EntryV1> {
  const { run } = filter;
  if (run !== null && deps.journal.entries({ run }).next().done === true)
    throw new RepriseError('journal.unknown-run', { run });
  return matching(deps, filter);
}

function* matching(
  { journal }: Pick<Deps, 'journal'>,
  { run, types, after }: JournalFilter,
): IterableIterator<EntryV1> {
  const entries = journal.entries({
    ...(run === null ? {} : { run }),
    ...(after === null ? {} : { after, own: true }),
  });
  for (const entry of entries) if (types.length === 0 || types.includes(entry.type)) yield entry;
}

/**
 * `reprise journal verify`: against itself, and unless `local` against the signed heads that lie in the repositories now:
 * those alone show that its end was not cut off. A repository that cannot be reached is told and proves nothing.
 */
export async function verified(
  deps: Deps,
  { local }: { readonly local: boolean },
  signal: AbortSignal,
): Promise<JournalVerifyReport> {
  const { journal } = deps;
  const anchors: Anchor[] = [];
  if (!local)
    for (const name of Object.keys(deps.plan.plan.repositories))
      anchors.push(...(await anchorsIn(deps, name, signal)));
  const { entries, findings } = verifyJournal(journal, anchors, signal);
  return {
    v: 1,
    command: 'journal verify',
    exit: exitOf(findings),
    head: journal.head(),
    entries,
    findings: [...findings],
  };
}

/** The newest states of this installation there; one that does not prove itself is no anchor and is told. */
async function anchorsIn(deps: Deps, name: string, signal: AbortSignal): Promise<readonly Anchor[]> {
  const { journal } = deps;
  try {
    const repository = deps.repository(name, 'writer', null);
    const states = (await repository.snapshots(signal, { form: 'state' })).filter(
      (s) => s.tags.installation === journal.installation,
    );
    const newest = states.at(-1);
    if (newest === undefined) return [];
    const { head } = await readHead(repository, newest.id, journal.root, signal);
    return [{ repository: name, head }];
  } catch (e) {
    signal.throwIfAborted();
    if (!(e instanceof RepriseError)) throw e;
    deps.log(inBoth((t, language) => t['said.of']({ what: name, message: saidOf(e)[language] })));
    return [];
  }
}
