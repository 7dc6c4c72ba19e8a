import type {
  BackupReport,
  DueReport,
  MaintainReport,
  ResumeReport,
  RunReport,
  VerifyReport,
} from '@reprise/contracts';

import { words, type Messages } from '../../lib/i18n/index.ts';
import { levelText, recipeText, stepText } from '../../lib/i18n/steps.ts';
import { sizeText } from '../../lib/quantities.ts';
import type { Look } from '../session.ts';
import { findingLines, localTime, next } from './layout.ts';

/** What failed, what was left out because of it, and what was found on the way that is not plainly good. */
export function runLines({ steps, findings, restic_calls: calls }: RunReport, look: Look): readonly string[] {
  const t = words(look.language);
  const skipped = steps.filter((s) => s.state === 'skipped').map((s) => stepText(s.step, look.language));
  const list = Object.entries(calls).map(([r, n]) => `${r} ${n}`);
  return [
    ...steps.flatMap(({ step, error }) =>
      error === null ? [] : [t['run.failed']({ step: stepText(step, look.language), ...error })],
    ),
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
      level: levelText(p.level, look.language),
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

/** Nothing was due, nothing was done and nothing went wrong. */
export const isUneventful = ({ exit, due, runs }: DueReport): boolean =>
  exit === 0 && runs.length === 0 && due.every((u) => u.since === null && !u.overdue);

export function dueText(report: DueReport, look: Look): string {
  const { language } = look;
  const t = words(language);
  const now = report.due.filter((u) => u.since !== null);
  const lacking = (u: DueReport['due'][number]): string =>
    u.lacking.length === 0 ? '' : `  ${t['due.lacking']({ repositories: u.lacking.join(', ') })}`;
  return [
    ...(now.length === 0 ? [t['due.nothing']] : []),
    ...now.map(
      (u) =>
        t['due.unit']({ ...u, since: localTime(u.since ?? '', language) }) +
        lacking(u) +
        (u.overdue ? `  ${t['due.overdue']}` : ''),
    ),
    ...report.due
      .filter((u) => u.since === null && u.next !== null)
      .map((u) => t['due.next']({ ...u, next: localTime(u.next ?? '', language) }) + lacking(u)),
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
        ...(r.refused === null ? [] : [t['maintain.refused']({ why: doubtText(r.refused, t) })]),
      ].join(t['between']),
    ),
    ...runLines(report.run, look),
  ].join('\n');
}

export function verifyText(report: VerifyReport, look: Look): string {
  const t = words(look.language);
  return [
    ...(report.points.length === 0 ? [t['points.none']] : []),
    ...report.points.flatMap((p) => [
      t['verify.point']({
        ...p,
        level: p.level === null ? t['verify.unread'] : levelText(p.level, look.language),
      }),
      ...p.findings
        .filter((f) => f.verdict !== 'pass')
        .flatMap((f) => findingLines(f, look).map((l) => `    ${l}`)),
    ]),
    ...runLines(report.run, look),
  ].join('\n');
}

const downLines = ({ left_down: down }: ResumeReport, t: Messages): readonly string[] =>
  down === null || down === undefined
    ? []
    : [
        t['log.left-down']({
          ...down,
          components: down.components.join(', '),
          services: down.services.join(', '),
        }),
      ];

export function resumeText(report: ResumeReport, look: Look): string {
  const t = words(look.language);
  const lines = [
    ...report.settled.flatMap((s) => [
      t['resume.settled']({ ...s, recipe: recipeText(s.recipe, look.language) }),
      ...s.services.map((service) => t['resume.service'](service)),
    ]),
    ...report.continued.map((c) =>
      t['resume.continued']({ ...c, recipe: recipeText(c.recipe, look.language) }),
    ),
    ...report.abandoned.map((run) => t['resume.abandoned']({ run })),
    ...(report.waiting ?? []).map((w) =>
      t['resume.waits']({ ...w, recipe: recipeText(w.recipe, look.language) }),
    ),
    ...downLines(report, t),
  ];
  return lines.length === 0 ? t['resume.nothing'] : lines.join('\n');
}

/** Why nothing is forgotten; a reason of another version is shown as it is. */
export const doubtText = (why: string, t: Messages): string =>
  why === 'future' || why === 'stale' ? t[`maintain.doubt.${why}`] : why;
