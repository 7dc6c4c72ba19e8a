import type {
  BackupReport,
  DueReport,
  MaintainReport,
  ResumeReport,
  RunReport,
  VerifyReport,
} from '@reprise/contracts';

import { words } from '../../lib/i18n/index.ts';
import { sizeText } from '../../lib/quantities.ts';
import type { Look } from '../session.ts';
import { findingLines, localTime, next } from './layout.ts';

/** What failed, what was left out because of it, and what was found on the way that is not plainly good. */
export function runLines({ steps, findings, restic_calls: calls }: RunReport, look: Look): readonly string[] {
  const t = words(look.language);
  const skipped = steps.filter((s) => s.state === 'skipped').map((s) => s.step);
  const list = Object.entries(calls).map(([r, n]) => `${r} ${n}`);
  return [
    ...steps.flatMap(({ step, error }) => (error === null ? [] : [t['run.failed']({ step, ...error })])),
    ...(skipped.length === 0 ? [] : [t['run.skipped']({ steps: skipped.join(', ') })]),
    ...findings.filter((f) => f.verdict !== 'pass').flatMap((f) => findingLines(f, look)),
    ...(list.length === 0 ? [] : [t['run.calls']({ list: list.join(', ') })]),
  ];
}

export function backupText(report: BackupReport, look: Look): string {
  const t = words(look.language);
  const made = report.points.map((p) =>
    t['backup.made']({
      point: p.id,
      size: sizeText(p.bytes, look.language),
      level: p.level,
      copies: p.copies
        .filter((c) => c.committed === true)
        .map((c) => c.repository)
        .join(', '),
    }),
  );
  return [
    ...(report.resumed ? [t['run.resumed']] : []),
    ...(made.length === 0 ? [t['backup.none']] : made),
    ...report.uncommitted.map((point) => t['backup.uncommitted']({ point })),
    ...runLines(report.run, look),
    next(look, t['backup.next']),
  ].join('\n');
}

export function dueText(report: DueReport, look: Look): string {
  const { language } = look;
  const t = words(language);
  const now = report.due.filter((u) => u.since !== null);
  return [
    ...(now.length === 0 ? [t['due.nothing']] : []),
    ...now.map(
      (u) =>
        t['due.unit']({ ...u, since: localTime(u.since ?? '', language) }) +
        (u.overdue ? `  ${t['due.overdue']}` : ''),
    ),
    ...report.due
      .filter((u) => u.since === null && u.next !== null)
      .map((u) => t['due.next']({ ...u, next: localTime(u.next ?? '', language) })),
    ...report.runs.map((r) => backupText(r, look)),
    ...(now.length > 0 && report.runs.length === 0 ? [next(look, 'reprise due --run')] : []),
  ].join('\n');
}

export function maintainText(report: MaintainReport, look: Look): string {
  const t = words(look.language);
  return [
    ...report.repositories.map((r) =>
      [
        t['maintain.repository']({
          ...r,
          forgotten: r.forgotten.length,
          debris: r.debris.length,
        }),
        ...(r.pruned ? [t['maintain.pruned']] : []),
        ...(r.read === null ? [] : [t['maintain.read']({ read: r.read })]),
        ...(r.refused === null ? [] : [t['maintain.refused']({ why: r.refused })]),
      ].join('; '),
    ),
    ...runLines(report.run, look),
  ].join('\n');
}

export function verifyText(report: VerifyReport, look: Look): string {
  const t = words(look.language);
  return [
    ...(report.points.length === 0 ? [t['points.none']] : []),
    ...report.points.flatMap((p) => [
      t['verify.point']({ ...p, level: p.level ?? t['verify.unread'] }),
      ...p.findings
        .filter((f) => f.verdict !== 'pass')
        .flatMap((f) => findingLines(f, look).map((l) => `    ${l}`)),
    ]),
    ...runLines(report.run, look),
  ].join('\n');
}

export function resumeText(report: ResumeReport, look: Look): string {
  const t = words(look.language);
  const lines = [
    ...report.settled.flatMap((s) => [
      t['resume.settled'](s),
      ...s.services.map((service) => t['resume.service'](service)),
    ]),
    ...report.continued.map((c) => t['resume.continued'](c)),
    ...report.abandoned.map((run) => t['resume.abandoned']({ run })),
  ];
  return lines.length === 0 ? t['resume.nothing'] : lines.join('\n');
}
