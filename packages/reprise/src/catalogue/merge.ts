import type { Finding, Head } from '@reprise/contracts';

import type { Journal, View } from '../journal/journal.ts';
import { readState, type StateReading } from '../journal/state.ts';
import type { Clock } from '../lib/clock.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { judge } from '../lib/findings/index.ts';
import { catalogueTypes, project, type Catalogue } from './project.ts';

/**
 * The catalogue as this machine knows it: all certified installations' journals, replayed. A point's inventory is read
 * when it is looked at, while the journal is open.
 */
export const catalogueOf = (
  journal: Journal,
  clock: Pick<Clock, 'now'>,
  proof: 'journal' | 'repositories' = 'journal',
): Catalogue =>
  project({
    proof,
    records: journal.records({ types: catalogueTypes, brief: true }),
    views: journal.views(),
    own: journal,
    now: clock.now(),
  });

/** A state snapshot in a repository's listing. */
export interface ListedState {
  readonly snapshot: string;
  readonly time: Date;
  readonly installation: string | undefined;
}

/**
 * Which states of a repository are worth reading: of each installation those newer than what was read before or was
 * made here (the journal has it), newest first. One that proves itself is enough, since a lineage is whole in each of
 * its states; where it does not, the next one is tried, so that a false state hides no true one. An own state that the
 * journal does not know is read too: this machine may have been put back.
 */
export function statesToRead(
  journal: Journal,
  repository: string,
  listed: readonly ListedState[],
): readonly (readonly ListedState[])[] {
  const view = journal.views().find((v: View) => v.repository === repository);
  const known = new Set(view?.heads.map((h) => h.snapshot));
  for (const { body } of journal.entries({ type: 'state.stored', own: true }))
    if (body['repository'] === repository) known.add(body['snapshot'] as string);
  const unread = [...Map.groupBy(listed, (s) => s.installation).values()].map((of) => {
    const newestFirst = of.toSorted((a, b) => b.time.getTime() - a.time.getTime());
    const read = newestFirst.findIndex((s) => known.has(s.snapshot));
    return read === -1 ? newestFirst : newestFirst.slice(0, read);
  });
  return unread.filter((states) => states.length > 0);
}

/**
 * State snapshots that a journal of the union says were stored: whoever wrote them went on since, so that a lineage
 * that is known this far reaches further than they do. A true old state that somebody stored anew is not among them,
 * and neither is what came after it.
 */
export const storedStates = (journal: Pick<Journal, 'entries'>): ReadonlySet<string> =>
  new Set([...journal.entries({ type: 'state.stored' })].map((e) => String(e.body['snapshot'])));

export interface FetchedState {
  readonly repository: string;
  readonly snapshot: string;
  /** Where the snapshot's tree was restored. */
  readonly directory: string;
}
export interface Merged {
  readonly accepted: readonly (Head & { readonly repository: string; readonly added: number })[];
  /** States that the root does not vouch for, and states that are cut, rewritten or unreadable: each said once. */
  readonly findings: readonly Finding[];
}

/**
 * Takes fetched states into the union. One that does not prove itself is a finding, never an error: what others put
 * into a repository must not keep ours from working.
 */
export function mergeStates(journal: Journal, states: Iterable<FetchedState>): Merged {
  const accepted: Merged['accepted'][number][] = [];
  const findings: Finding[] = [];
  for (const { repository, snapshot, directory } of states) {
    const where = `${repository} ${snapshot.slice(0, 8)}`;
    try {
      const reading = readState(directory, { root: journal.root, system: journal.system, where });
      const { head } = reading.header;
      const added = journal.importState({ repository, snapshot, head }, linesOf(journal, reading));
      accepted.push({ ...head, repository, added });
    } catch (e) {
      if (!(e instanceof RepriseError) || !isRefusal(e)) throw e;
      const verdict = e.code === 'journal.newer' ? 'unable' : 'fail';
      findings.push(judge(verdict, 'catalogue.state-refused', where, { code: e.code, repository }));
    }
  }
  return { accepted, findings };
}

/** What is already here need not be gone through again. */
const linesOf = (journal: Journal, reading: StateReading) =>
  journal.knows(reading.header.head.hash) ? [] : reading.lines();

const isRefusal = ({ code }: RepriseError): boolean =>
  code.startsWith('state.') || code === 'journal.newer' || code === 'journal.other-system';
