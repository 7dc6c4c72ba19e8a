import type { Explanation, PlanCheckReport, PlanExplainReport } from '@reprise/contracts';

import { words, type Messages } from '../../lib/i18n/index.ts';
import { timeText } from '../../lib/quantities.ts';
import type { Look } from '../session.ts';
import { findingLines, localTime, next } from './layout.ts';

export function planCheckText(report: PlanCheckReport, look: Look): string {
  const t = words(look.language);
  if (report.system === null)
    return [
      ...report.problems.map((p) =>
        t['said.of']({
          what: `${p.at.file}:${p.at.line}:${p.at.column}${p.path === '' ? '' : ` ${p.path}`}`,
          message: `${p.message} ${p.hint}`,
        }),
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
    t['said.of']({ what: plan.system, message: objectives(plan.objectives, t, look) }),
    ...listed(plan.scope.covers, t['between'], (list) => t['explain.covers']({ list })),
    ...listed(plan.scope.excludes, t['between'], (list) => t['explain.excludes']({ list })),
    ...plan.hosts
      .filter((h) => h.title !== null)
      .map((h) => t['explain.host']({ host: titled(h.host, h.title) })),
    '',
    ...plan.components.flatMap((c) => component(c, t, look)),
    ...plan.groups.map((g) => group(g, t, look)),
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

const listed = (
  items: readonly string[],
  between: string,
  say: (list: string) => string,
): readonly string[] => (items.length === 0 ? [] : [say(items.join(between))]);

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
    ...(c.data && c.captures.length === 0 ? [`  ${t['explain.no-captures']}`] : []),
    ...listed(c.depends_on, ', ', (list) => `  ${t['explain.depends']({ list })}`),
    ...c.captures.map(
      (k) =>
        `  ${t['explain.capture']({ ...k, protection: titled(k.protection, k.title), method: k.method ?? '?', next: k.next[0] === undefined ? '–' : localTime(k.next[0], language), into: k.repositories.map((r) => titled(r.repository, r.title)).join(' → ') })}`,
    ),
    ...(c.restore === null
      ? []
      : [
          `  ${t['explain.restore']({ time: timeText(c.restore.ms, language), basis: t[`explain.${c.restore.basis}`] })}`,
        ]),
    ...(c.checks.length === 0 ? [`  ${t['explain.no-checks']}`] : []),
    ...c.checks.map((k) => `  ${t['explain.check']({ ...k, owner: k.owner ?? '–' })}`),
  ];
}

const group = (g: Explanation['groups'][number], t: Messages, { language }: Look): string =>
  t['explain.group']({
    group: titled(g.group, g.title),
    members: g.members.join(' → '),
    hold:
      g.hold === null || g.hold.how === 'none'
        ? null
        : {
            how: g.hold.how,
            services: g.hold.services.join(', '),
            max: timeText(g.hold.max_ms, language),
          },
  });

const scenario = (s: Explanation['scenarios'][number], t: Messages, look: Look): readonly string[] => [
  '',
  t['explain.scenario']({
    name: s.scenario,
    title: s.title,
    severity: s.severity === null ? '' : ` (${s.severity})`,
  }),
  `  ${objectives(s.objectives, t, look)}`,
  ...s.symptoms.map((symptom) => `  – ${symptom}`),
  ...s.steps.map((step, i) => {
    const what = step.act === 'recover' && step.text === 'all' ? t['explain.everything'] : step.text;
    const time = step.duration_ms === null ? null : timeText(step.duration_ms, look.language);
    const about = joined([step.owner, time]);
    return `  ${i + 1}. ${what}${about === '' ? '' : ` (${about})`}`;
  }),
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
