import type { BootstrapReport, CatalogueRebuildReport, InitReport, KitCheckReport } from '@reprise/contracts';

import { words } from '../../lib/i18n/index.ts';
import type { Look } from '../session.ts';
import { findingLines, localTime, next } from './layout.ts';

export function initText(report: InitReport, look: Look): string {
  const t = words(look.language);
  const { plan: file, components, recovery_key: key } = report;
  const failed = report.exit !== 0;
  return [
    report.created ? t['init.wrote']({ file, components: components.length }) : t['init.kept']({ file }),
    ...components.map((c) => `  ${t['said.of']({ what: `${c.name} (${c.kind})`, message: c.because })}`),
    ...report.repositories.map(({ repository: name, state, error }) =>
      t[`init.repository.${state}`]({ name, error: error ?? '' }),
    ),
    ...report.superseded.map((s) => t['init.superseded']({ ...s, key: s.key.slice(0, 8) })),
    ...(key === null ? (failed ? [] : [t['init.key-before']]) : [t['init.key']({ key })]),
    '',
    next(look, t[!failed ? 'init.next' : key === null ? 'init.next-failed' : 'init.next-partly']),
  ].join('\n');
}

export function bootstrapText(report: BootstrapReport, look: Look): string {
  const { language } = look;
  const t = words(language);
  const done = report.plan !== null;
  return [
    ...report.candidates.map((c) => {
      const snapshot = c.snapshot.slice(0, 8);
      if (!c.valid) return t['bootstrap.foreign']({ snapshot, why: c.why ?? '' });
      const line = t['bootstrap.candidate']({
        ...c.head,
        snapshot,
        at: localTime(c.at, language),
        role: t[`role.${c.role}`],
      });
      return c.snapshot === report.chosen ? `${line}  ← ${t['bootstrap.chosen']}` : line;
    }),
    ...(report.unread === 0 ? [] : [t['bootstrap.unread']({ unread: report.unread })]),
    ...(done
      ? [
          '',
          t['bootstrap.done']({ plan: report.plan ?? '', epoch: report.epoch ?? 0, points: report.points }),
        ]
      : []),
    ...(report.missing.length === 0 ? [] : [t['bootstrap.missing'], ...report.missing.map((m) => `  ${m}`)]),
    ...(done ? ['', next(look, t['bootstrap.next'])] : []),
  ].join('\n');
}

export function kitCheckText({ repositories, findings, exit }: KitCheckReport, look: Look): string {
  const t = words(look.language);
  return [
    ...repositories.map(({ repository, opens, error }) =>
      opens ? t['kit.opens']({ repository }) : t['kit.fails']({ repository, error: error ?? '' }),
    ),
    ...findings.flatMap((f) => findingLines(f, look)),
    ...(exit === 0 ? [next(look, t['kit.next'])] : []),
  ].join('\n');
}

export function rebuiltText({ repositories, points }: CatalogueRebuildReport, look: Look): string {
  const t = words(look.language);
  return [
    ...repositories.map(({ repository, states, accepted, foreign, error }) =>
      error === null
        ? t['rebuild.repository']({ repository, states, accepted: accepted.length, refused: foreign })
        : t['rebuild.failed']({ repository, error }),
    ),
    t['rebuild.points']({ points }),
  ].join('\n');
}
