import type { Forecast, Measured, RecoveryRecord, Runbook } from '@reprise/contracts';

import { wordsOf } from '../lib/findings/index.ts';
import { words, type Messages } from '../lib/i18n/index.ts';
import { placeText } from '../lib/i18n/steps.ts';
import type { Language } from '../lib/language.ts';
import { sizeText, timeText } from '../lib/quantities.ts';

type RunbookStep = Runbook['steps'][number];

/** `--dry-run` as a person reads it, one line a step and what it would meet below. */
export function runbookText(runbook: Runbook, language: Language): string {
  const t = words(language);
  const lines = [
    t['runbook.title']({ system: runbook.system, place: placeText(runbook.place, language) }),
    '',
  ];
  for (const [i, step] of runbook.steps.entries()) {
    lines.push(
      `${String(i + 1).padStart(3)}. ${sentence(step, t, language)} – ${duration(step.predicted, t, language)}`,
    );
    for (const line of details(step, t, language)) lines.push(`     ${line}`);
  }
  lines.push('', t['runbook.whole']({ time: duration(runbook.predicted, t, language) }));
  if (runbook.spread_ms !== null && runbook.steps.filter((s) => s.restore !== null).length > 1)
    lines.push(t['runbook.spread']({ spread: timeText(runbook.spread_ms, language) }));
  for (const f of runbook.findings) lines.push(wordsOf(f, language).message);
  return `${lines.join('\n')}\n`;
}

function sentence(step: RunbookStep, t: Messages, language: Language): string {
  const component = step.component ?? '';
  const title = step.title ?? '';
  switch (step.act) {
    case 'rebuild':
      return t['runbook.rebuild']({ component });
    case 'check':
      return t['runbook.check']({ component });
    case 'decision':
      return t['runbook.decision']({ title, owner: step.owner ?? t['runbook.anybody'] });
    case 'command':
      return t['runbook.command']({ title });
    case 'restore':
      break;
  }
  const { restore } = step;
  if (restore === null) return t['runbook.no-data']({ component });
  return t['runbook.restore']({
    component,
    point: restore.point,
    age: timeText(restore.age_ms, language),
    bytes: sizeText(restore.bytes, language),
    from: restore.repositories.join(' → '),
  });
}

function details(
  { component, restore, findings }: RunbookStep,
  t: Messages,
  language: Language,
): readonly string[] {
  const said = findings.map((f) => wordsOf(f, language).message);
  if (restore === null) return said;
  const found = restore.found ?? '?';
  const would = {
    restore: t['runbook.would.restore'],
    'put-aside': t['runbook.would.put-aside']({ found }),
    refuse: t['runbook.would.refuse']({ found, component: component ?? '' }),
    unknown: t['runbook.would.unknown'],
  }[restore.would];
  const room =
    restore.scratch_bytes === null || restore.scratch_bytes === 0
      ? []
      : [t['runbook.scratch']({ bytes: sizeText(restore.scratch_bytes, language) })];
  return [would, ...room, ...said];
}

function duration(predicted: Forecast | null, t: Messages, language: Language): string {
  if (predicted === null) return t['runbook.time.unknown'];
  const time = timeText(predicted.ms, language);
  return predicted.basis === 'measured'
    ? t['runbook.time']({ time })
    : t['runbook.time.extrapolated']({ time });
}

/** Component, RPO objective and actual, RTO objective and actual, verdict; the whole system last. Columns aligned. */
export function resultTable(record: RecoveryRecord, language: Language): string {
  const t = words(language);
  const time = (ms: number | null | undefined): string =>
    ms === null || ms === undefined ? '–' : timeText(ms, language);
  const line = (
    name: string,
    rpo: Measured | null,
    rto: Measured | null,
    state: string,
  ): readonly string[] => [
    name,
    time(rpo?.objective_ms),
    time(rpo?.actual_ms),
    time(rto?.objective_ms),
    time(rto?.actual_ms),
    rpo === null || rto === null ? state : t[`measured.${worse(rpo.verdict, rto.verdict)}`],
  ];
  const rows = [
    [
      t['table.component'],
      t['table.rpo'],
      t['table.rpo-actual'],
      t['table.rto'],
      t['table.rto-actual'],
      t['table.verdict'],
    ],
    ...record.components.map((c) =>
      c.state === 'in-service'
        ? line(c.component, c.rpo, c.rto, t['state.in-service'])
        : line(c.component, null, null, t[`state.${c.state}`]),
    ),
    ...(record.whole === null ? [] : [line(t['table.whole'], record.whole.rpo, record.whole.rto, '')]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((r) => r[column]?.length ?? 0)));
  return rows
    .map((r) =>
      r
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const severity: readonly Measured['verdict'][] = ['met', 'within-tolerance', 'unknown', 'missed'];
const worse = (a: Measured['verdict'], b: Measured['verdict']): Measured['verdict'] =>
  severity.indexOf(a) > severity.indexOf(b) ? a : b;
