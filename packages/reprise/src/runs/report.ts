import type { RecoveryEvidenceReport } from '@reprise/contracts';

import type { Deps } from './deps.ts';
import { recordOf, recordText, writeEvidence } from './evidence.ts';

/**
 * `reprise report recovery [run]`: the record of a restore or recovery, the last one by default, from the journal
 * alone, in the plan's language; `write` puts it (again) into `$REPRISE_HOME/evidence`. Throws `report.unknown-run`.
 */
export async function reportRecovery(
  deps: Deps,
  { run, write }: { readonly run: string | null; readonly write: boolean },
  signal: AbortSignal,
): Promise<RecoveryEvidenceReport> {
  const record = recordOf(deps, run);
  const { language } = deps.plan.plan;
  const evidence = write ? await writeEvidence(deps, record, signal) : null;
  return {
    v: 1,
    command: 'report',
    exit: 0,
    language,
    record,
    text: recordText(deps, record, language),
    evidence,
  };
}
