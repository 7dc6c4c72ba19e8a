import type { Point, PointsReport } from '@reprise/contracts';

import { words } from '../../lib/i18n/index.ts';
import { levelText } from '../../lib/i18n/steps.ts';
import { sizeText, timeText } from '../../lib/quantities.ts';
import type { Look } from '../session.ts';
import { localTime, table } from './layout.ts';

export function pointsText(report: PointsReport, look: Look, now: Date): string {
  const { language } = look;
  const t = words(language);
  const lines: string[] = [];
  if (report.points.length === 0) lines.push(t['points.none']);
  else lines.push(...listed(report.points, look, now));
  if (report.forks.length > 0) lines.push('', t['points.forks'], ...listed(report.forks, look, now));
  if (report.as_of !== null) lines.push('', t['points.seen']({ at: localTime(report.as_of, language) }));
  return lines.join('\n');
}

function listed(points: readonly Point[], look: Look, now: Date): readonly string[] {
  const { language } = look;
  const t = words(language);
  return table([
    [
      t['points.point'],
      t['points.as-of'],
      t['points.age'],
      t['points.size'],
      t['points.method'],
      t['points.level'],
      t['points.copies'],
      t['points.drilled'],
    ],
    ...points.map((p) => [
      p.id,
      localTime(p.as_of.from, language),
      timeText(Math.max(0, now.getTime() - Date.parse(p.as_of.from)), language),
      sizeText(p.bytes, language),
      p.method,
      p.verdict === 'pass'
        ? levelText(p.level, language)
        : t['points.bad']({ verdict: t[`findings.${p.verdict}`] }),
      p.copies
        .filter((c) => c.committed === true)
        .map((c) =>
          c.verdict === 'pass'
            ? c.repository
            : `${c.repository} (${t['points.bad']({ verdict: t[`findings.${c.verdict}`] })})`,
        )
        .join(', '),
      p.drilled_at === null ? '–' : localTime(p.drilled_at, language),
    ]),
  ]);
}
