import type { AsOf, Finding, Point } from '@reprise/contracts';

import { RepriseError, saidOf } from '../lib/errors/index.ts';
import { judge } from '../lib/findings/index.ts';
import { codeText } from '../lib/i18n/codes.ts';
import { inBoth, words } from '../lib/i18n/index.ts';
import { said } from '../lib/language.ts';
import type { ResolvedComponent } from '../plan/resolved.ts';
import { choosePoints, spreadOf, type Choice } from '../recovery/choose.ts';
import { restoreData, type Restored } from '../recovery/component.ts';
import type { Consents, RecoveryDeps, RunLog } from '../recovery/deps.ts';
import { parsePlace } from '../recovery/place.ts';
import { startUntouched } from '../recovery/services.ts';
import { Sources } from '../recovery/sources.ts';
import { standingOf, type Witness } from '../recovery/standing.ts';
import { targetOf, type Target } from '../recovery/target.ts';
import { Turns } from '../recovery/turns.ts';
import type { Consent } from '../recovery/vacancy.ts';
import { readFrom } from '../repository/restorable.ts';
import { contextOf } from './context.ts';
import type { Deps } from './deps.ts';
import { goneFromPlan } from './gone.ts';
import { placeOf, type PlaceOutput } from './placing.ts';
import { counted, type OpenRepository } from './repositories.ts';
import { storeState } from './states.ts';
import type { Step, StepContext } from './step.ts';

/** What `restore` and `recover` share: the arguments, and the steps before the first component. JSON, for the journal. */
export interface CommonArgs {
  /** No data later than this (RFC 3339). */
  readonly until: string | null;
  /** When the loss happened; without it, the request counts. */
  readonly lost_at: string | null;
  /** When the command was typed. */
  readonly requested_at: string;
  /** `in-situ` or `directory:/path`. */
  readonly place: string;
  /** `--replace`: components that may be put aside. */
  readonly replace: Readonly<Record<string, Consent>>;
}

export const recoveryDeps = (deps: Deps, open: OpenRepository = counted(deps).open): RecoveryDeps => ({
  clock: deps.clock,
  language: deps.language,
  plan: deps.plan,
  home: deps.home,
  kinds: deps.kinds,
  turns: new Turns(),
  repository: (name, run) => (run === null ? deps.repository(name, 'writer', run) : open(name, { run })),
  context: async (component, place, run, signal) => await contextOf(deps, component, place, run, signal),
  read: (repository, point, parts) => readFrom(repository, deps.plan.plan.system, point, parts),
  log: (line) => deps.log(line),
});

/** Throws `recovery.unknown-component`, `recovery.component-gone`, `recovery.replace-unused`, `recovery.unknown-time`, `place.unknown`, `place.unsafe`: before anything is done. */
export function validate(deps: Deps, args: CommonArgs, components: readonly string[]): void {
  parsePlace(args.place);
  for (const name of [...components, ...Object.keys(args.replace)]) componentOf(deps, name);
  const unused = Object.keys(args.replace).find((name) => !components.includes(name));
  if (unused !== undefined) throw new RepriseError('recovery.replace-unused', { component: unused });
  moment('--until', args.until);
  moment('--lost-at', args.lost_at);
}

export function componentOf(deps: Deps, name: string): ResolvedComponent {
  const component = deps.plan.components.get(name);
  if (component !== undefined) return component;
  const gone = goneFromPlan(deps, name);
  if (gone !== undefined) throw gone;
  throw new RepriseError('recovery.unknown-component', {
    name,
    known: [...deps.plan.components.keys()].join(', '),
  });
}

/** An instant as a person types it: a date and time with its zone. */
export function moment(option: string, text: string | null): Date | null {
  if (text === null) return null;
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)
    ? new Date(text)
    : undefined;
  if (at === undefined || Number.isNaN(at.getTime()))
    throw new RepriseError('recovery.unknown-time', { option, text });
  return at;
}

export const consentsOf = (args: CommonArgs): Consents => new Map(Object.entries(args.replace));

/** What the step `choose` leaves: a point, or why there is none, for every component. */
export interface Choices {
  readonly components: Readonly<
    Record<
      string,
      {
        readonly point: string | null;
        readonly as_of: AsOf | null;
        readonly because: Choice['because'];
        readonly missing: Choice['missing'];
      }
    >
  >;
  readonly spread_ms: number | null;
  readonly findings: readonly Finding[];
}

/**
 * Chosen once, so that a run that goes on after a crash restores the same points. Without `--until`, a point later than
 * the loss is not chosen either: it holds the loss.
 */
export function chooseStep(
  deps: Deps,
  names: readonly string[],
  args: CommonArgs,
  point: string | null,
  after: readonly string[],
): Step {
  return {
    name: 'choose',
    after,
    perform: async () => choices(deps, names, args, point),
  };
}

export function choices(
  deps: Deps,
  names: readonly string[],
  args: CommonArgs,
  point: string | null,
): Choices {
  const candidates = names.map((name) => ({ name, group: componentOf(deps, name).group }));
  const until = moment('--until', args.until) ?? moment('--lost-at', args.lost_at);
  const chosen = choosePoints(candidates, deps.points({ pending: true }), { until, point });
  const points = [...chosen.values()].flatMap((c) => c.point ?? []);
  return {
    components: Object.fromEntries(
      [...chosen].map(([name, { point: p, because, missing }]) => [
        name,
        { point: p?.id ?? null, as_of: p?.as_of ?? null, because, missing },
      ]),
    ),
    spread_ms: spreadOf(points),
    findings: [...mixedGroups(candidates, points), ...[...chosen.values()].flatMap(passedOver)],
  };
}

/**
 * Later data than what comes back exists and is not trusted, or does not fit: one finding for each reason, with the
 * newest of them. What belongs to no whole capture of its group is good, and is said as that.
 */
export const passedOver = ({ component, point: chosen, passedOver: later }: Choice): readonly Finding[] =>
  [...Map.groupBy(later, (l) => l.why)].flatMap(([why, points]) => {
    const [newest, ...more] = points.map((l) => l.point);
    if (chosen === null || newest === undefined) return [];
    return [
      judge(why === 'group' ? 'pass' : 'unable', 'recovery.passed-over', component, {
        reason: why,
        point: newest.id,
        as_of: newest.as_of.from,
        more: more.map((p) => p.id).join(', '),
        chosen: chosen.id,
        chosen_as_of: chosen.as_of.from,
      }),
    ];
  });

/** Members of a group from different captures: nobody checked that they fit together. */
const mixedGroups = (
  candidates: readonly { name: string; group: string | null }[],
  points: readonly Point[],
): readonly Finding[] =>
  [...Map.groupBy(candidates, (c) => c.group)].flatMap(([group, members]) => {
    const of = points.filter((p) => members.some((m) => m.name === p.component));
    if (group === null || of.length < 2 || new Set(of.map((p) => p.group?.id ?? p.id)).size === 1) return [];
    return [judge('unable', 'recovery.group-mixed', group, { group, spread_ms: spreadOf(of) ?? 0 })];
  });

/** The chosen point of a component; null where it has no data of its own. Throws when it has, but no point. */
export function chosenPoint(deps: Deps, name: string, chosen: Choices, asked: string | null): Point | null {
  const choice = chosen.components[name];
  const point = deps.points({ component: name }).find((p) => p.id === choice?.point);
  if (point !== undefined) return point;
  const component = componentOf(deps, name);
  if (component.protections.length === 0) {
    if (component.common.rebuild !== undefined) return null;
    throw new RepriseError('recovery.nothing-to-do', { component: name });
  }
  if (choice?.missing === 'unknown-id')
    throw new RepriseError('recovery.unknown-point', { component: name, point: asked ?? '?' });
  throw new RepriseError('recovery.no-point', { component: name, why: choice?.missing ?? 'uncommitted' });
}

/** What the steps of one run share. */
export interface Crew {
  readonly tools: RecoveryDeps;
  readonly consents: Consents;
  readonly sources: Sources;
  /** `--point`, as typed. */
  readonly point: string | null;
  /** Who can be asked. */
  readonly people: People;
}
export function crewOf(
  deps: Deps,
  args: CommonArgs,
  open: OpenRepository,
  point: string | null,
  people: People = {},
): Crew {
  const tools = recoveryDeps(deps, open);
  return { tools, consents: consentsOf(args), sources: new Sources(tools), point, people };
}

/** A person's answer to a step; undefined: nobody is there to ask. */
export interface People {
  decide?(
    ask: Ask,
  ): Promise<
    | { readonly answer: 'approved' | 'refused'; readonly role: string | null; readonly comment: string }
    | undefined
  >;
}
interface Ask {
  readonly step: string;
  readonly text: string;
  readonly owner: string | null;
}

/** What was approved in an earlier life of this run, else what is answered now, journaled; a refusal is asked again. */
export async function answered(
  ask: Ask,
  people: People,
  at: StepContext,
): Promise<'approved' | 'refused' | undefined> {
  const given = at.entries().findLast((e) => e.type === 'decision.given' && e.body['step'] === ask.step);
  const before = given?.body['answer'] as 'approved' | 'refused' | undefined;
  if (before === 'approved') return before;
  const now = await people.decide?.(ask);
  if (now !== undefined) at.append('decision.given', { step: ask.step, ...now });
  return now?.answer ?? before;
}

/** Is what this run restored of a component proven to lie there still? */
export async function isStanding(
  deps: Deps,
  crew: Crew,
  name: string,
  at: StepContext,
  asked: string | null,
): Promise<boolean> {
  const point = chosenPoint(deps, name, at.output<Choices>('choose'), asked);
  const { is } = await standingOf(await targetAt(crew, name, at), point?.inventory ?? null, at);
  return is === 'same';
}

export const targetAt = async (crew: Crew, name: string, at: StepContext): Promise<Target> =>
  await targetOf(crew.tools, name, placeOf(at.output<PlaceOutput>('place')), at.run, at.signal);

/** The step's own view of its run. */
export const logOf = (at: StepContext): RunLog => ({
  run: at.run,
  signal: at.signal,
  append: (type, body) => at.append(type, body),
  entries: () => at.entries(),
  others: () => at.others(),
});

/** The data of one component; for one without data of its own, what its rebuild made. */
export async function restoreComponent(
  deps: Deps,
  crew: Crew,
  name: string,
  at: StepContext,
): Promise<Restored> {
  const point = chosenPoint(deps, name, at.output<Choices>('choose'), crew.point);
  if (point !== null) {
    const text = words(deps.language)['ask.unproven'];
    const witness: Witness = async (of) =>
      (await answered(
        {
          step: `restore:${name}`,
          text: text({ ...of, first: said(of.first, deps.language) }),
          owner: null,
        },
        crew.people,
        at,
      )) === 'approved';
    return await restoreData(crew.tools, await targetAt(crew, name, at), point, logOf(at), {
      ...crew,
      witness,
    });
  }
  const findings = [judge('pass', 'recovery.rebuilt', name, { component: name })];
  return { point: null, as_of: null, repository: null, bytes: 0, ms: 0, findings };
}

/** Best effort: what does not start again is in the record as left stopped. */
async function startLeftUntouched(crew: Crew, names: readonly string[], at: StepContext): Promise<void> {
  const stopped = at.entries().flatMap((e) => (e.type === 'service.stopped' ? [e.body['component']] : []));
  try {
    const targets = names.filter((n) => stopped.includes(n)).map(async (n) => await targetAt(crew, n, at));
    await startUntouched(crew.tools, await Promise.all(targets), logOf(at));
  } catch (e) {
    at.signal.throwIfAborted();
    at.log(saidOf(e));
  }
}

/**
 * What a recovery stopped and did not touch runs again, however it went; then the journal of this run goes into every
 * repository that opens, a damaged one too: the record of a recovery must not be lost with the machine it was made on.
 * Best effort: a repository that is gone is said, and does not fail a recovery; the next backup stores the journal
 * anyway.
 */
export const keepStep = (
  deps: Deps,
  open: OpenRepository,
  { crew, names }: { readonly crew: Crew; readonly names: readonly string[] },
  settled: readonly string[],
): Step => ({
  name: 'state',
  after: [],
  settled,
  perform: async (at) => {
    await startLeftUntouched(crew, names, at);
    const stored: string[] = [];
    const failed: string[] = [];
    const { unopened } = crew.sources;
    for (const name of Object.keys(deps.plan.plan.repositories)) {
      const why = unopened.get(name);
      if (why !== undefined) {
        failed.push(name);
        at.log(inBoth((t, language) => t['said.of']({ what: name, message: codeText(why, language) })));
        continue;
      }
      try {
        await storeState(deps, open(name, at), at);
        stored.push(name);
      } catch (e) {
        at.signal.throwIfAborted();
        failed.push(name);
        at.log(inBoth((t, language) => t['said.of']({ what: name, message: saidOf(e)[language] })));
      }
    }
    return { stored, failed };
  },
});
