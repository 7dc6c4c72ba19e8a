import type { Journal, RunRecord } from '../journal/journal.ts';
import { recoveryCommand } from '../lib/command-line.ts';
import { inBoth } from '../lib/i18n/index.ts';
import type { Said } from '../lib/language.ts';
import type { ResolvedPlan } from '../plan/resolved.ts';
import { inSitu } from '../recovery/place.ts';
import { leftStopped } from '../recovery/services.ts';
import { isHeld } from './locks.ts';
import { capturedSince, isOver } from './overtaken.ts';

type IsAlive = (run: string, home: string) => boolean;
interface Past {
  readonly journal: Pick<Journal, 'home' | 'runs' | 'entries' | 'records'>;
  readonly plan: ResolvedPlan;
}

/** A recovery in the live system's own place that did not end: what it worked on is stopped, or half restored. */
export interface LeftDown {
  readonly run: string;
  readonly since: string;
  readonly components: readonly string[];
  /** Theirs that it stopped and that nobody started since; one that was down before, or that it started, is none. */
  readonly services: readonly string[];
  /** What goes on with it, as typed. */
  readonly command: string;
}

/**
 * No guardian undoes the stop before a restore: a service must not be started on half restored data. So whoever comes
 * next, with whatever command, is told, until the same command or another recovery has brought it back, a person has
 * given the run up (`resume --abandon`), or, of a run that failed and said so, what it left was captured since.
 */
export const leftDown = (past: Past, isAlive: IsAlive): LeftDown | undefined =>
  everyLeftDown(past, isAlive).next().value;

/**
 * Did a recovery that did not end stop this component's service, and is nothing else in that half restored? Then who
 * brings the component back starts the service too.
 */
export function isOwedStart(past: Past, component: string, isAlive: IsAlive): boolean {
  const serviceOf = (name: string): string | null => past.plan.components.get(name)?.service ?? null;
  const service = serviceOf(component);
  if (service === null) return false;
  const all = [...everyLeftDown(past, isAlive)];
  if (all.some((d) => d.components.some((c) => c !== component && serviceOf(c) === service))) return false;
  return all.some((d) => d.services.includes(service));
}

/** The newest first. */
function* everyLeftDown(
  { journal, plan }: Past,
  isAlive: IsAlive,
): Generator<LeftDown, undefined, undefined> {
  const recoveries = ['restore', 'recover'].flatMap((recipe) => journal.runs({ recipe, mine: true }));
  const back = new Set<string>();
  for (const run of recoveries.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))) {
    if (run.args['place'] !== 'in-situ') continue;
    const { down, closed } = traces(journal, run);
    const components = down.filter((c) => !back.has(c));
    for (const c of closed) back.add(c);
    if (components.length === 0 || isClosed({ journal, plan }, run, components, isAlive)) continue;
    const theirs = components.map((c) => plan.components.get(c)?.service ?? null);
    const stopped = leftStopped([...journal.entries({ run: run.run })], inSitu.label);
    yield {
      run: run.run,
      since: run.startedAt,
      components,
      services: [...stopped].filter((name) => theirs.includes(name)),
      command: commandOf(run, components, { goesOn: run.plan === plan.hash && !isOver(journal, run) }),
    };
  }
  return undefined;
}

function isClosed(
  { journal, plan }: Past,
  { run, state, error }: RunRecord,
  components: readonly string[],
  isAlive: IsAlive,
): boolean {
  if (state === 'open') return isAlive(run, journal.home);
  if (state !== 'failed') return state !== 'interrupted';
  if (error === 'run.abandoned') return true;
  const captured = capturedSince(journal, run);
  return components.every((c) => captured.has(c) || !plan.components.has(c));
}

/** Components whose restore began and whose service was not started again after it, and those where it was. */
function traces(
  journal: Pick<Journal, 'entries'>,
  { run, recipe }: RunRecord,
): { readonly down: readonly string[]; readonly closed: readonly string[] } {
  const closing = recipe === 'restore' ? 'after' : 'check';
  const begun = new Set<string>();
  const touched = new Set<string>();
  const refused = new Set<string>();
  const closed = new Set<string>();
  for (const { type, step, body } of journal.entries({ run })) {
    const [act, component = ''] = step?.split(':') ?? [];
    if (type === 'place.claimed' || type === 'consent.given') touched.add(String(body['component']));
    if (act === closing && type === 'step.finished') closed.add(component);
    if (act !== 'restore') continue;
    if (type === 'step.started') begun.add(component);
    if (type === 'step.failed') refused.add(component);
    else refused.delete(component);
  }
  const down = [...begun].filter((c) => !closed.has(c) && (touched.has(c) || !refused.has(c)));
  return { down, closed: [...closed] };
}

/**
 * The same command goes on with the run; under another plan, or after another recovery overtook it, it is a new one,
 * which needs consent for what is there.
 */
const commandOf = (
  { recipe, args }: RunRecord,
  components: readonly string[],
  { goesOn }: { readonly goesOn: boolean },
): string => recoveryCommand(recipe, args, goesOn ? [] : components);

export const leftDownText = ({ run, since, components, services, command }: LeftDown): Said =>
  inBoth((t) =>
    t['log.left-down']({
      run,
      since,
      components: components.join(', '),
      services: services.join(', '),
      command,
    }),
  );

/** Does a process carry this run on? By its lock: a process's number may be another's by now. */
export const isAlive: IsAlive = (run, home) => isHeld(home, `run-${run}`);
