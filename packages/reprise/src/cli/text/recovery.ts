import type {
  Finding,
  RecoverReport,
  RecoverRunbookReport,
  RestoreReport,
  RestoreRunbookReport,
} from '@reprise/contracts';

import { words } from '../../lib/i18n/index.ts';
import type { Look } from '../session.ts';
import { findingLines, localTime, next, paint } from './layout.ts';
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
  { record, run, evidence, resumed, before, waiting }: RestoreReport | RecoverReport,
  look: Look,
): Promise<string> {
  const { commands } = await import('../../app.ts');
  const t = words(look.language);
  return [
    ...(resumed ? [t[before === 'failed' ? 'run.resumed-failed' : 'run.resumed']] : []),
    (await commands.recoveryText()).resultTable(record, look.language),
    '',
    ...restoredLines(record, look),
    ...runLines(run, look),
    ...otherCopies(run.findings, look),
    ...leftStoppedLines(record, look),
    ...leftAsideLines(record, look),
    ...(evidence === null ? [] : [t['recovery.evidence']({ path: evidence.markdown })]),
    next(look, waiting?.command ?? after[record.state]),
  ].join('\n');
}

/** `restore` has no times to show: which data is back is what it is asked for. */
export const restoredLines = (
  { recipe, components }: Pick<RestoreReport['record'], 'recipe' | 'components'>,
  look: Look,
): readonly string[] =>
  components.flatMap(({ component, state, point, as_of: asOf }) =>
    recipe === 'restore' && state === 'restored' && point !== null && asOf !== null
      ? [
          words(look.language)['recovery.restored']({
            component,
            point,
            asOf: localTime(asOf.from, look.language),
          }),
        ]
      : [],
  );

/** Repositories that could not be read and which copy stood in: no failure, but to be mended before the next one. */
export const otherCopies = (findings: readonly Finding[], look: Look): readonly string[] =>
  findings
    .filter((f) => f.code === 'recovery.read-from' && f.verdict === 'pass' && f.params['others'] !== null)
    .flatMap((f) => findingLines(f, look));

/** A service that is down now and was up before is not left to be found in the evidence. */
export const leftStoppedLines = (
  { left_stopped: left = [] }: Pick<RestoreReport['record'], 'left_stopped'>,
  look: Look,
): readonly string[] =>
  left.map(({ service, components, command }) => {
    const said = { service, components: components.join(', '), command };
    return paint(look, 'red', `! ${words(look.language)['recovery.left-stopped'](said)}`);
  });

/** Live data that was put aside for what did not come back is not left to be searched for. */
export const leftAsideLines = (
  { left_aside: left = [] }: Pick<RestoreReport['record'], 'left_aside'>,
  look: Look,
): readonly string[] =>
  left.map((l) => paint(look, 'red', `! ${words(look.language)['recovery.left-aside'](l)}`));

/** What a failure needs is mended first; then the same command goes on with what is not back yet. */
const after = {
  finished: 'reprise report recovery',
  failed: 'reprise report recovery',
  interrupted: 'reprise resume',
  open: 'reprise resume',
} as const;
