import type { BackupPreviewReport, MaintainPreviewReport } from '@reprise/contracts';

import { words } from '../../lib/i18n/index.ts';
import { sizeText, timeText } from '../../lib/quantities.ts';
import type { Look } from '../session.ts';
import { findingLines, next } from './layout.ts';
import { doubtText } from './runs.ts';

/** `backup --dry-run`. */
export function captureText({ units }: BackupPreviewReport, look: Look): string {
  const { language } = look;
  const t = words(language);
  if (units.length === 0) return t['preview.none'];
  const lines = units.flatMap((u) => [
    t['preview.unit']({
      unit: u.unit,
      repositories: u.repositories.join(', '),
      size: u.bytes === null ? t['preview.unknown'] : sizeText(u.bytes, language),
      time: u.predicted === null ? t['preview.unknown'] : timeText(u.predicted.ms, language),
    }),
    ...(u.hold === null
      ? []
      : [t['preview.hold']({ how: t[`preview.hold.${u.hold.how}`], services: u.hold.services.join(', ') })]),
    ...u.findings.filter((f) => f.verdict !== 'pass').flatMap((f) => findingLines(f, look)),
    ...(u.error === null ? [] : [t['run.failed']({ step: u.unit, ...u.error })]),
  ]);
  return [...lines, next(look, 'reprise backup')].join('\n');
}

const retentionUnits = ['last', 'hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const;

/** `maintain --dry-run`. */
export function retentionText({ repositories }: MaintainPreviewReport, look: Look): string {
  const t = words(look.language);
  const lines = repositories.flatMap((r) => [
    t['preview.repository']({ repository: r.repository }),
    ...r.kept.map((k) =>
      t['preview.kept']({
        point: k.point,
        reasons: k.reasons.map((reason) => t[`keep.${reason}`]).join(', '),
      }),
    ),
    ...r.forgotten.map(({ point, rule }) =>
      t['preview.forgotten']({
        point,
        rule: retentionUnits
          .flatMap((unit) => ((rule?.[unit] ?? 0) > 0 ? [`${rule?.[unit]} ${t[`keep.${unit}`]}`] : []))
          .join(', '),
      }),
    ),
    ...(r.refused === null ? [] : [`  ${t['maintain.refused']({ why: doubtText(r.refused, t) })}`]),
    t['preview.rest']({
      debris: r.debris.length,
      states: r.states,
      revoked: r.revoked.length,
      read: r.read,
      prune: t[r.pruned ? 'preview.yes' : 'preview.no'],
    }),
  ]);
  return [...lines, next(look, 'reprise maintain')].join('\n');
}
