import { exitCodes, type KitReport, type Plan, type Point } from '@reprise/contracts';

import type { HandStep } from '../kinds/kind.ts';
import { words } from '../lib/i18n/index.ts';
import type { Language } from '../lib/language.ts';
import { momentText } from '../lib/quantities.ts';
import type { ResolvedComponent } from '../plan/resolved.ts';
import { partPath } from '../repository/restorable.ts';
import { secretsIn } from './bootstrap-secrets.ts';
import type { Deps } from './deps.ts';
import { ordered } from './recover.ts';

/**
 * `reprise kit`: one page to print and keep with the recovery key: where the repositories are, where the secrets are,
 * and how each component is restored with restic and native tools alone. In the plan's language. Holds no secret: the
 * recovery key is written in by hand.
 */
export function recoveryKit(deps: Deps): KitReport {
  const { language } = deps.plan.plan;
  const t = words(language);
  const { system, document, people, roles } = deps.plan.plan;
  const newest = new Map<string, Point>();
  for (const p of deps.points())
    if (!p.fork && !p.future && p.verdict === 'pass' && !newest.has(p.component)) newest.set(p.component, p);
  const lines = [
    t['kit.title']({ system }),
    '',
    t['kit.made']({
      at: momentText(deps.clock.now().toISOString(), language),
      installation: deps.journal.installation,
    }),
    ...(document.classification === undefined
      ? []
      : [t['kit.classification']({ text: document.classification })]),
    '',
    heading(t['kit.key']),
    t['kit.key.blank'],
    '',
    heading(t['kit.with-reprise']),
    ...Object.entries(deps.plan.plan.repositories).map(([, r]) => `    reprise bootstrap ${quoted(r.url)}`),
    t['kit.with-reprise.then'],
    '',
    heading(t['kit.repositories']),
    ...Object.entries(deps.plan.plan.repositories).flatMap(([name, r]) => [
      t['kit.repository']({ name, url: r.url, role: t[`kit.role.${r.role}`], offSite: r.off_site }),
    ]),
    '',
    heading(t['kit.secrets']),
    t['kit.secrets.machine']({ path: `${deps.home}/keys` }),
    ...[...secretsIn({ ...deps.plan.plan, components: Object.fromEntries(deps.plan.components) }, '')].map(
      ({ path, ref }) =>
        `    ${t['said.of']({ what: path, message: 'env' in ref ? `$${ref.env}` : 'file' in ref ? ref.file : `${t['kit.command']} ${ref.command[0]}` })}`,
    ),
    '',
    heading(t['kit.restic']),
    t['kit.restic.how'],
    '',
    ...inOrder(deps).flatMap((c) => componentPage(deps, c, newest.get(c.name), language)),
    heading(t['kit.people']),
    ...Object.entries(roles).flatMap(([role, r]) => [
      ...[r.primary, r.secondary].flatMap((id) => {
        const person = id === undefined ? undefined : people[id];
        return person === undefined
          ? []
          : [`    ${t['said.of']({ what: r.title ?? role, message: reach(person) })}`];
      }),
      ...r.responsibilities.map((text) => `        – ${text}`),
    ]),
    '',
  ];
  return { v: 1, command: 'kit', exit: exitCodes.done, language, text: `${lines.join('\n')}\n` };
}

/** As they are to be restored: whoever follows the page by hand begins at its top. */
export function inOrder(deps: Deps): readonly ResolvedComponent[] {
  const names = ordered(deps, [...deps.plan.components.keys()]).map((s) => s.component);
  return [...new Set(names)].flatMap((name) => deps.plan.components.get(name) ?? []);
}

const reach = ({ name, phone, email, organisation }: Plan['people'][string]): string =>
  [name, phone, email, organisation].filter((x) => x !== undefined).join(', ');
const heading = (text: string): string => `${text}\n${'-'.repeat(text.length)}`;
const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

function componentPage(
  deps: Deps,
  c: ResolvedComponent,
  point: Point | undefined,
  language: Language,
): readonly string[] {
  const t = words(language);
  const title = heading(t['kit.component']({ component: c.name, kind: c.kind }));
  if (point === undefined) {
    const rebuilt = c.protections.length === 0;
    return [title, rebuilt ? t['kit.rebuilt'] : t['kit.no-point'], ''];
  }
  const method = deps.kinds.get(c.kind)?.methods[point.method];
  const steps = method?.byHand(point, c.spec) ?? [];
  const copies = point.copies.filter(
    (copy) => copy.committed === true && deps.plan.plan.repositories[copy.repository] !== undefined,
  );
  return [
    title,
    t['kit.point']({ point: point.id, asOf: momentText(point.as_of.from, language, 'second') }),
    ...copies.flatMap(({ repository, parts }) => {
      const snapshots = new Map(parts.map((p) => [p.name, p.snapshot]));
      const url = deps.plan.plan.repositories[repository]?.url ?? '';
      return [
        '',
        t['kit.from']({ repository }),
        ...steps.flatMap((step, i) => [
          `  ${i + 1}. ${step[language]}`,
          `     ${filled(step, deps, c.name, url, snapshots)}`,
        ]),
      ];
    }),
    '',
  ];
}

/** The shell of a step, with what stands for itself in this repository. */
function filled(
  { shell }: HandStep,
  deps: Deps,
  component: string,
  url: string,
  snapshots: ReadonlyMap<string, string>,
): string {
  const { system } = deps.plan.plan;
  return shell.replaceAll(
    /\{\{(restic|snapshot|path)(?::([^}]*))?\}\}/g,
    (_, what: string, part: string | undefined) => {
      if (what === 'restic') return `restic -r ${quoted(url)}`;
      if (what === 'snapshot') return snapshots.get(part ?? '')?.slice(0, 16) ?? '?';
      return quoted(partPath(system, component, part ?? ''));
    },
  );
}
