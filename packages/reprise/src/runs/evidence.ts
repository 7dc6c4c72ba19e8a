import type { RecoveryRecord } from '@reprise/contracts';

import { entriesAsOf } from '../evidence/as-of.ts';
import { recoveryRecord } from '../evidence/facts.ts';
import { recoveryMarkdown } from '../evidence/recovery-record.ts';
import { writeRecord } from '../evidence/write.ts';
import { loadSigningKey, type SigningKey } from '../journal/keys.ts';
import { isError, RepriseError } from '../lib/errors/index.ts';
import type { Deps } from './deps.ts';

type EvidenceDeps = Pick<Deps, 'plan' | 'journal' | 'home' | 'host'>;

/**
 * What came of a restore or a recovery, from the journal. Without a run: the last one of either.
 * Throws `report.unknown-run`.
 */
export function recordOf(deps: Pick<Deps, 'plan' | 'journal'>, run: string | null): RecoveryRecord {
  const id = run ?? lastRun(deps);
  // The head first: another process may go on with the run, and what it adds is not at or before this head.
  const head = deps.journal.head();
  return recoveryRecord(deps.plan.plan.system, entriesAsOf(deps.journal, id, head), head, id);
}

function lastRun({ journal }: Pick<Deps, 'journal'>): string {
  const runs = [...journal.runs({ recipe: 'recover' }), ...journal.runs({ recipe: 'restore' })];
  const last = runs.toSorted((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt)).at(-1);
  if (last === undefined) throw new RepriseError('report.unknown-run', { run: '–' });
  return last.run;
}

/**
 * Writes `$REPRISE_HOME/evidence/<run>.{md,json}` in the plan's language, signed where this installation has its key.
 * To be called after every restore and recovery, however it ended.
 */
export async function writeEvidence(deps: EvidenceDeps, record: RecoveryRecord, signal: AbortSignal) {
  const to = { host: deps.host('local', null), home: deps.home, signal };
  return await writeRecord(to, record, deps.plan.plan.language, signingKey(deps.home));
}

/** The same text for a terminal or another language; changes nothing. */
export const recordText = (deps: EvidenceDeps, record: RecoveryRecord, language: 'en' | 'fr'): string =>
  recoveryMarkdown(record, language, signingKey(deps.home)?.publicKey ?? null);

/** None on a machine that only reads: the record is then unsigned and says so. */
function signingKey(home: string): SigningKey | undefined {
  try {
    return loadSigningKey(home);
  } catch (e) {
    if (isError(e, 'keys.absent')) return undefined;
    throw e;
  }
}
