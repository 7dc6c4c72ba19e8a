import type { Explanation, PlanCheckReport, PlanExplainReport } from '@reprise/contracts';

import { words, type Messages } from '../../lib/i18n/index.ts';
import { timeText } from '../../lib/quantities.ts';
import type { Look } from '../session.ts';
import { findingLines, localTime, next } from './layout.ts';

export function planCheckText(report: PlanCheckReport, look: Look): string {
  const t = words(look.language);
  if (report.system === null)
    return [
      ...report.problems.map(
        (p) =>
          `${p.at.file}:${p.at.line}:${p.at.column}${p.path === '' ? '' : ` ${p.path}`}: ${p.message} ${p.hint}`,
      ),
      t['plan.errors']({ file: report.file, count: report.problems.length }),
    ].join('\n');
  const count = (verdict: string): number => report.findings.filter((f) => f.verdict === verdict).length;
  return [
    ...report.findings.flatMap((f) => findingLines(f, look)),
    '',
    t['plan.judged']({ pass: count('pass'), fail: count('fail'), unable: count('unable') }),
    next(look, report.exit === 0 ? 'reprise backup' : 'reprise plan explain'),
  ].join('\n');
}

export function planText({ plan }: PlanExplainReport, look: Look): string {
  const t = words(look.language);
  return [
    `${plan.system}: ${objectives(plan.objectives, t, look)}`,
    ...list(plan.scope.covers, (l) => t['explain.covers']({ list: l })),
    ...list(plan.scope.excludes, (l) => t['explain.excludes']({ list: l })),
    ...plan.hosts
      .filter((h) => h.title !== null)
      .map((h) => t['explain.host']({ host: titled(h.host, h.title) })),
    '',
    ...plan.components.flatMap((c) => component(c, t, look)),
    ...plan.groups.map((g) =>
      t['explain.group']({
        group: titled(g.group, g.title),
        members: g.members.join(' → '),
        hold:
          g.hold === null
            ? ''
            : t['explain.hold']({
                services: g.hold.services.join(', '),
                how: g.hold.how,
                max: timeText(g.hold.max_ms, look.language),
              }),
      }),
    ),
    '',
    t['explain.order']({ parallel: plan.parallel }),
    ...plan.recovery.map((level, i) => `  ${i + 1}. ${level.join(', ')}`),
    ...plan.scenarios.flatMap((s) => scenario(s, t, look)),
    '',
    ...peopleLines(plan, t, look),
  ].join('\n');
}

/** A name, and what people call it. */
const titled = (name: string, title: string | null): string => (title === null ? name : `${name} (${title})`);

const list = (items: readonly string[], say: (joined: string) => string): readonly string[] =>
  items.length === 0 ? [] : [say(items.join('; '))];

const objectives = (o: Explanation['objectives'], t: Messages, { language }: Look): string => {
  const time = (ms: number | null): string => (ms === null ? '–' : timeText(ms, language));
  const kept = t['explain.objectives']({ rpo: time(o.rpo_ms), rto: time(o.rto_ms) });
  return o.availability === null ? kept : `${kept}, ${t['explain.availability']({ share: o.availability })}`;
};

function component(c: Explanation['components'][number], t: Messages, look: Look): readonly string[] {
  const { language } = look;
  return [
    `${c.component} (${c.kind}${c.tier === null ? '' : `, ${c.tier}`}) ${objectives(c.objectives, t, look)}${c.title === null ? '' : ` – ${c.title}`}`,
    ...(c.data ? [] : [`  ${t['explain.no-data']}`]),
    ...list(c.depends_on, (l) => `  ${t['explain.depends']({ list: l })}`),
    ...c.captures.map(
      (k) =>
        `  ${t['explain.capture']({ ...k, protection: titled(k.protection, k.title), method: k.method ?? '?', next: k.next[0] === undefined ? '–' : localTime(k.next[0], language), into: k.repositories.map((r) => titled(r.repository, r.title)).join(' → ') })}`,
    ),
    ...(c.restore === null
      ? []
      : [
          `  ${t['explain.restore']({ time: timeText(c.restore.ms, language), basis: t[`explain.${c.restore.basis}`] })}`,
        ]),
    ...c.checks.map((k) => `  ${t['explain.check']({ ...k, owner: k.owner ?? '–' })}`),
  ];
}

const scenario = (s: Explanation['scenarios'][number], t: Messages, look: Look): readonly string[] => [
  '',
  t['explain.scenario']({
    name: s.scenario,
    title: s.title,
    severity: s.severity === null ? '' : ` (${s.severity})`,
  }),
  `  ${objectives(s.objectives, t, look)}`,
  ...s.symptoms.map((symptom) => `  – ${symptom}`),
  ...s.steps.map((step, i) => `  ${i + 1}. ${step.text}${step.owner === null ? '' : ` (${step.owner})`}`),
];

function peopleLines(plan: Explanation, t: Messages, { language }: Look): readonly string[] {
  const reach = (id: string): string => {
    const p = plan.people.find((x) => x.person === id);
    return p === undefined
      ? id
      : [p.name, p.phone, p.email, p.organisation].filter((x) => x !== null).join(', ');
  };
  const { document: d } = plan;
  const document = joined([
    d.title,
    d.classification,
    d.version,
    d.owner,
    ...d.approvers,
    d.reviewed,
    ...d.standards,
  ]);
  return [
    ...plan.roles.map((r) =>
      t['explain.person']({
        role: r.title ?? r.role,
        names: [r.primary, r.secondary].flatMap((id) => (id === null ? [] : [reach(id)])).join(' / ') || '–',
      }),
    ),
    ...plan.suppliers.map((s) =>
      t['explain.supplier']({ text: joined([s.name, s.contact, s.availability, s.sla, s.contract]) }),
    ),
    ...plan.escalation.map((e) =>
      t['explain.escalation']({ after: timeText(e.after_ms, language), who: e.notify.join(', ') }),
    ),
    ...(document === '' ? [] : [t['explain.document']({ text: document })]),
  ];
}

const joined = (parts: readonly (string | null)[]): string =>
  parts.filter((x) => x !== null && x !== '').join(', ');
