import { type Explanation, formatDuration } from '@reprise/contracts';

import { type Messages, words } from '../lib/i18n/index.ts';
import type { Language } from '../lib/language.ts';

/** `plan explain` as a person reads it. Times of runs in the protection's own time zone. */
export function renderExplanation(plan: Explanation, language: Language): string {
  const w = words(language);
  return [
    w['plan.explain.title']({ system: plan.system }),
    '',
    ...plan.components.flatMap((c) => [...component(c, w, language), '']),
    ...plan.groups.flatMap((g) => [group(g, w), '']),
    w['plan.explain.order'],
    ...plan.recovery.map((level, i) => `  ${i + 1}. ${level.join(', ')}`),
    ...plan.scenarios.flatMap((s) => ['', ...scenario(s, w)]),
  ].join('\n');
}

const time = (ms: number | null, w: Messages): string =>
  ms === null ? w['plan.explain.none'] : formatDuration(ms);

function component(c: Explanation['components'][number], w: Messages, language: Language): readonly string[] {
  const head = `${c.component} (${c.kind}${c.tier === null ? '' : `, ${c.tier}`})${c.title === null ? '' : `: ${c.title}`}`;
  return [
    head,
    `  ${w['plan.explain.objectives']({ rpo: time(c.objectives.rpo_ms, w), rto: time(c.objectives.rto_ms, w) })}`,
    `  ${w['plan.explain.where']({ host: c.host, service: c.service ?? '–' })}`,
    ...(c.data ? [] : [`  ${w['plan.explain.no-data']}`]),
    ...(c.data && c.captures.length === 0 ? [`  ${w['plan.explain.no-captures']}`] : []),
    ...c.captures.flatMap((capture) => captured(capture, w, language)),
    ...(c.depends_on.length === 0
      ? []
      : [`  ${w['plan.explain.after']({ names: c.depends_on.join(', ') })}`]),
    c.checks.length === 0
      ? `  ${w['plan.explain.no-checks']}`
      : `  ${w['plan.explain.checks']({ names: c.checks.map((k) => k.name).join(', ') })}`,
  ];
}

function captured(
  c: Explanation['components'][number]['captures'][number],
  w: Messages,
  language: Language,
): readonly string[] {
  const format = new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
    timeZone: c.timezone,
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  const next = c.next.map((at) => format.format(new Date(at))).join(' · ');
  return [
    `  ${w['plan.explain.captured']({ protection: c.protection, method: c.method ?? '?', schedule: c.schedule, timezone: c.timezone })}`,
    `    ${w['plan.explain.next']({ next })}`,
    ...c.repositories.map((r) => `    → ${r.repository} (${r.role}): ${retention(r.retention, w)}`),
  ];
}

function retention(
  rule: Explanation['components'][number]['captures'][number]['repositories'][number]['retention'],
  w: Messages,
): string {
  if (rule === null) return w['plan.explain.for-ever'];
  return Object.entries(rule)
    .filter(([, n]) => n > 0)
    .map(([unit, n]) => `${n} ${w[`plan.explain.${unit as keyof typeof rule}`]}`)
    .join(', ');
}

const group = (g: Explanation['groups'][number], w: Messages): string =>
  w['plan.explain.group']({
    group: g.group,
    members: g.members.join(', '),
    hold:
      g.hold === null || g.hold.how === 'none'
        ? null
        : { how: g.hold.how, services: g.hold.services.join(', '), max: formatDuration(g.hold.max_ms) },
  });

const scenario = (s: Explanation['scenarios'][number], w: Messages): readonly string[] => [
  `${s.scenario}: ${s.title} (${w['plan.explain.objectives']({ rpo: time(s.objectives.rpo_ms, w), rto: time(s.objectives.rto_ms, w) })})`,
  ...s.steps.map((step, i) => {
    const about = [
      step.owner ?? '',
      step.duration_ms === null ? '' : formatDuration(step.duration_ms),
    ].filter((x) => x !== '');
    const text = step.act === 'recover' ? w['plan.explain.recover']({ what: step.text }) : step.text;
    return `  ${i + 1}. ${text}${about.length === 0 ? '' : ` (${about.join(', ')})`}`;
  }),
];
