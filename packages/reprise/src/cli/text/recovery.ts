import type {
  RecoverReport,
  RecoverRunbookReport,
  RestoreReport,
  RestoreRunbookReport,
} from '@reprise/contracts';

import { words } from '../../lib/i18n/index.ts';
import type { Look } from '../session.ts';
import { next } from './layout.ts';
import { runLines } from './runs.ts';

/** `--dry-run`. */
export async function previewText(
  { runbook }: RestoreRunbookReport | RecoverRunbookReport,
  look: Look,
): Promise<string> {
  const { commands } = await import('../../app.ts');
  return (await commands.recoveryText()).runbookText(runbook, look.language);
}

/** The one table, what failed, where the evidence is. */
export async function recordedText(
  { record, run, evidence, resumed, before }: RestoreReport | RecoverReport,
  look: Look,
): Promise<string> {
  const { commands } = await import('../../app.ts');
  const t = words(look.language);
  return [
    ...(resumed ? [t[before === 'failed' ? 'run.resumed-failed' : 'run.resumed']] : []),
    (await commands.recoveryText()).resultTable(record, look.language),
    '',
    ...runLines(run, look),
    ...(evidence === null ? [] : [t['recovery.evidence']({ path: evidence.markdown })]),
    next(look, after[record.state]),
  ].join('\n');
}

/** What a failure needs is mended first; then the same command goes on with what is not back yet. */
const after = {
  finished: 'reprise report recovery',
  failed: 'reprise report recovery',
  interrupted: 'reprise resume',
  open: 'reprise resume',
} as const;
