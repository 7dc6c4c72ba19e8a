import type { Finding, Measured, RecoveryRecord } from '@reprise/contracts';

import { retold } from '../lib/errors/index.ts';
import { wordsOf } from '../lib/findings/index.ts';
import { words, type Messages } from '../lib/i18n/index.ts';
import { stepText } from '../lib/i18n/steps.ts';
import type { Language } from '../lib/language.ts';
import { sizeText, timeText } from '../lib/quantities.ts';
import { bullets, escape, table } from './markdown.ts';

/** The recovery record as a person reads it; `key`: the public key that signed the JSON form, null for none. */
export function recoveryMarkdown(record: RecoveryRecord, language: Language, key: string | null): string {
  const t = words(language);
  const title = record.recipe === 'restore' ? t['record.title.restore'] : t['record.title'];
  return [
    `# ${escape(title({ system: record.system }))}`,
    `**${verdict(record, t)}**`,
    `## ${t['record.facts']}`,
    asked(record, t),
    `## ${t['record.objectives']}`,
    objectives(record, t, language),
    t['record.measure'],
    `## ${t['record.points']}`,
    restored(record, t, language),
    `## ${t['record.consents']}`,
    consents(record, t),
    ...errors(record, t, language),
    ...leftStopped(record, t),
    ...decisions(record, t, language),
    `## ${t['record.findings']}`,
    findings(record, t, language),
    `## ${t['record.timeline']}`,
    timeline(record, t, language),
    `## ${t['record.proof']}`,
    proof(record, t, key),
    '',
  ].join('\n\n');
}

function verdict({ recipe, state, exit, components }: RecoveryRecord, t: Messages): string {
  const of = recipe === 'restore' ? 'record.restore' : 'record.verdict';
  const end = exit === 0 ? 'finished' : 'findings';
  if (state === 'finished') return t[`${of}.${end}`];
  const untouched =
    components.length > 0 && components.every((c) => c.state === 'refused' || c.state === 'unfinished');
  if (state === 'failed' && untouched && components.some((c) => c.state === 'refused'))
    return t[`${of}.refused`];
  return t[`${of}.${state}`];
}

const utc = (at: string): string => at.replace('T', ' ').replace(/\.\d+Z$|Z$/, '');
const label = (place: string, t: Messages): string =>
  place === 'in-situ' ? t['record.place.in-situ'] : place;

const asked = (r: RecoveryRecord, t: Messages): string =>
  table(
    ['', ''],
    [
      [t['record.run'], r.run],
      [t['record.scenario'], r.scenario ?? t['record.none']],
      [t['record.place'], label(r.place, t)],
      [t['record.requested'], `${utc(r.requested_at)} UTC`],
      [t['record.lost'], r.lost_at === null ? t['record.not-given'] : `${utc(r.lost_at)} UTC`],
      [t['record.until'], r.until === null ? t['record.none'] : `${utc(r.until)} UTC`],
      ...(r.incident_began === null ? [] : [[t['record.incident'], `${utc(r.incident_began)} UTC`]]),
      [t['record.ended'], r.ended_at === null ? t['record.none'] : `${utc(r.ended_at)} UTC`],
      [t['record.exit'], r.exit === null ? t['record.none'] : String(r.exit)],
    ],
  );

function objectives(r: RecoveryRecord, t: Messages, language: Language): string {
  const time = (ms: number | null | undefined): string =>
    ms === null || ms === undefined ? t['record.none'] : timeText(ms, language);
  const cells = (m: Measured | null): readonly string[] => [
    time(m?.objective_ms),
    time(m?.actual_ms),
    m === null ? t['record.none'] : t[`measured.${m.verdict}`],
  ];
  const head = (which: string): readonly string[] =>
    [t['record.objective'], t['record.actual'], t['record.verdict']].map((w) => `${which} ${w}`);
  return table(
    [t['record.component'], t['record.state'], ...head(t['record.rpo']), ...head(t['record.rto'])],
    [
      ...r.components.map((c) => [c.component, t[`state.${c.state}`], ...cells(c.rpo), ...cells(c.rto)]),
      ...(r.whole === null ? [] : [[t['record.whole'], '', ...cells(r.whole.rpo), ...cells(r.whole.rto)]]),
    ],
  );
}

function restored(r: RecoveryRecord, t: Messages, language: Language): string {
  const rows = table(
    [
      t['record.component'],
      t['record.point'],
      t['record.as-of'],
      t['record.repository'],
      t['record.bytes'],
      t['record.took'],
    ],
    r.components.map((c) => [
      c.component,
      c.point ?? t['record.none'],
      c.as_of === null ? t['record.none'] : utc(c.as_of.from),
      c.repository ?? t['record.none'],
      c.bytes === null ? t['record.none'] : sizeText(c.bytes, language),
      c.restore_ms === null ? t['record.none'] : timeText(c.restore_ms, language),
    ]),
  );
  if (r.spread_ms === null || r.components.length < 2) return rows;
  return `${rows}\n\n${t['record.spread']({ spread: timeText(r.spread_ms, language) })}`;
}

function consents(r: RecoveryRecord, t: Messages): string {
  const given = r.components.flatMap(({ component, consent }) =>
    consent === null
      ? []
      : [
          t['record.consent']({
            at: `${utc(consent.at)} UTC`,
            component,
            how: t[`record.consent.${consent.how}`],
            renamed: consent.renamed ?? t['record.consent.unnamed'],
          }),
        ],
  );
  return given.length === 0 ? t['record.no-consents'] : bullets(given);
}

function errors(r: RecoveryRecord, t: Messages, language: Language): readonly string[] {
  const failed = r.components.flatMap((c) =>
    c.error === null
      ? []
      : [t['said.of']({ what: c.component, message: `${retold(c.error, language)} (${c.error.code})` })],
  );
  return failed.length === 0 ? [] : [`## ${t['record.errors']}`, bullets(failed)];
}

/** The service that is down is what a reader must not miss. */
const leftStopped = ({ left_stopped: left = [] }: RecoveryRecord, t: Messages): readonly string[] =>
  left.length === 0
    ? []
    : [`## ${t['record.left-stopped']}`, bullets(left.map((l) => leftStoppedText(l, t)))];

const leftStoppedText = (
  { service, components, command }: NonNullable<RecoveryRecord['left_stopped']>[number],
  t: Messages,
): string => t['recovery.left-stopped']({ service, components: components.join(', '), command });

function decisions(r: RecoveryRecord, t: Messages, language: Language): readonly string[] {
  if (r.decisions.length === 0) return [];
  const one = (d: RecoveryRecord['decisions'][number]): string =>
    [`${utc(d.at)} UTC`, stepText(d.step, language), t[`record.${d.answer}`], d.role, d.comment]
      .filter((x) => x !== null && x !== '')
      .join(' – ');
  return [`## ${t['record.decisions']}`, bullets(r.decisions.map(one))];
}

const ofTheWhole = new Set([
  'recovery.objective',
  'recovery.group-mixed',
  'recovery.group-apart',
  'recovery.passed-over',
]);
function findings(r: RecoveryRecord, t: Messages, language: Language): string {
  const line = (f: Finding): string => {
    const { message, notProven } = wordsOf(f, language);
    const limits = notProven === null ? '' : ` *${escape(t['record.does-not-prove']({ text: notProven }))}*`;
    return `- **${t[`record.${f.verdict}`]}** ${escape(message)}${limits}`;
  };
  const own = r.findings.filter((f) => ofTheWhole.has(f.code));
  const parts = [
    ...r.components
      .filter((c) => c.findings.length > 0)
      .map((c) => `### ${c.component}\n\n${c.findings.map(line).join('\n')}`),
    ...(own.length === 0 ? [] : [`### ${t['record.whole']}\n\n${own.map(line).join('\n')}`]),
  ];
  return parts.length === 0 ? t['record.none'] : parts.join('\n\n');
}

const timeline = (r: RecoveryRecord, t: Messages, language: Language): string =>
  table(
    [t['record.time'], t['record.event'], t['record.step'], '#'],
    r.timeline.map(({ at, type, step, seq }) => [
      at.slice(0, 23).replace('T', ' '),
      event(type, t),
      step === null ? '' : stepText(step, language),
      String(seq),
    ]),
  );

const event = (type: string, t: Messages): string => {
  const said = (t as unknown as Readonly<Record<string, unknown>>)[`event.${type}`];
  return typeof said === 'string' ? said : type;
};

const proof = ({ head, run }: RecoveryRecord, t: Messages, key: string | null): string =>
  [
    t['record.head'](head),
    `\`${head.hash}\``,
    key === null ? t['record.unsigned'] : t['record.signed']({ key: `\`${key}\`` }),
    t['record.check']({ run }),
  ].join('\n\n');
