import type { StatusReport } from '@reprise/contracts';

import { words } from '../../lib/i18n/index.ts';
import { levelText, recipeText, runStateText } from '../../lib/i18n/steps.ts';
import { timeText } from '../../lib/quantities.ts';
import type { Look } from '../session.ts';
import { findingLines, localTime, paint, table } from './layout.ts';

const paints = { green: 'green', amber: 'yellow', red: 'red', unknown: 'yellow' } as const;
type Component = StatusReport['components'][number];

/** The first screen: one line for each component, what is wrong below it, with the command that mends it. */
export function statusText(report: StatusReport, look: Look): string {
  const { language } = look;
  const t = words(language);
  const label = (c: StatusReport['colour']): string => paint(look, paints[c], t[`colour.${c}`]);
  const rows = [
    [
      '',
      t['status.component'],
      t['status.loss'],
      t['status.time'],
      t['status.newest'],
      t['status.level'],
      t['status.drill'],
      t['status.copies'],
    ],
    ...report.components.map((c) => [label(c.colour), ...cells(c, report.at, look)]),
  ];
  const seen = report.repositories.map(
    (r) => `${r.repository} ${r.seen_at === null ? t['status.never'] : localTime(r.seen_at, language)}`,
  );
  return [
    `${label(report.colour)}  ${t['status.title']({ system: report.system, at: localTime(report.at, language) })}`,
    '',
    ...table(rows),
    '',
    t['status.legend'],
    t['status.seen']({ list: seen.join(' · ') }),
    ...report.open_runs.map((r) =>
      t['status.open']({
        recipe: recipeText(r.recipe, language),
        state: runStateText(r.state, language),
        since: localTime(r.started_at, language),
        run: r.run.slice(0, 8),
      }),
    ),
    ...(report.findings.length === 0 ? [] : ['', ...report.findings.flatMap((f) => findingLines(f, look))]),
  ].join('\n');
}

function cells(c: Component, now: string, look: Look): readonly string[] {
  const { language } = look;
  const t = words(language);
  const time = (ms: number | null): string => (ms === null ? '?' : timeText(ms, language));
  const goal = (ms: number | null): string => (ms === null ? '–' : timeText(ms, language));
  const loss = c.rpo.actual_ms === null ? t['status.everything'] : time(c.rpo.actual_ms);
  const newest =
    c.newest === null
      ? t['status.never']
      : timeText(Math.max(0, Date.parse(now) - Date.parse(c.newest.as_of)), language);
  const { total, media, off_site, verified } = c.copies;
  return [
    c.component,
    `${loss} / ${goal(c.rpo.objective_ms)}`,
    `${time(c.rto.actual_ms)} / ${goal(c.rto.objective_ms)}`,
    newest,
    c.newest === null ? '–' : levelText(c.newest.level, language),
    c.drilled_at === null
      ? t['status.never']
      : timeText(Math.max(0, Date.parse(now) - Date.parse(c.drilled_at)), language),
    `${total}·${media}·${off_site}·${verified}`,
  ];
}
