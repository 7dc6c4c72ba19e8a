import { readFile, stat } from 'node:fs/promises';

import { exitOf, type RecoveryCheckReport, type RecoveryEvidenceReport } from '@reprise/contracts';

import { checkRecord } from '../evidence/check-record.ts';
import { notARecord, readRecord } from '../evidence/read-record.ts';
import { RepriseError } from '../lib/errors/index.ts';
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

/**
 * `reprise report recovery --check <file>`: the record of a run, as somebody has it, against its own signature and the
 * journal here. Changes nothing, asks no repository. Throws `report.not-a-record`, `journal.newer`.
 */
export async function checkRecovery(
  { journal }: Pick<Deps, 'journal'>,
  { file }: { readonly file: string },
  signal: AbortSignal,
): Promise<RecoveryCheckReport> {
  const read = readRecord(await textOf(file, signal), file);
  const { run, head } = read.record;
  const findings = [...checkRecord(journal, read, signal)];
  return { v: 1, command: 'report', exit: exitOf(findings), file, run, head, key: read.key, findings };
}

/** A record has a line for each entry of one run. */
const maxRecordBytes = 64 * 1024 * 1024;

async function textOf(file: string, signal: AbortSignal): Promise<string> {
  const failed = (e: NodeJS.ErrnoException): never => {
    signal.throwIfAborted();
    throw new RepriseError('report.not-a-record', { file, why: e.code ?? e.message }, { cause: e });
  };
  const found = await stat(file).catch(failed); // a pipe would be waited for
  if (!found.isFile()) throw notARecord(file, (t) => t['why.no-file']({ path: file }));
  if (found.size > maxRecordBytes) throw notARecord(file, (t) => t['why.too-large']({ path: file }));
  const bytes = await readFile(file, { signal }).catch(failed);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notARecord(file, (t) => t['why.file-not-utf8']({ file }));
  }
}
