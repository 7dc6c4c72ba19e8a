import type { Entry } from './arena.ts';
import type { Start } from './programs.ts';

export const moments = ['before-started', 'after-started', 'before-finished', 'after-finished'] as const;
export type Moment = (typeof moments)[number];

export interface Position {
  readonly step: string;
  readonly moment: Moment;
  /** Where the same bytes lie on the disk: tried there. */
  readonly same: string | undefined;
}
/** What one step of an undisturbed run did. */
export interface StepTrace {
  readonly step: string;
  readonly started: Entry;
  readonly finished: Entry;
  /** Starts of programs while it, and no other step, was at work. */
  readonly starts: readonly Start[];
}
export interface Trace {
  readonly run: string;
  readonly steps: readonly StepTrace[];
  readonly starts: readonly Start[];
  readonly ms: number;
  readonly entries: readonly Entry[];
}

/** What a whole run did, from its journal and the counted starts. */
export function traceOf(entries: readonly Entry[], starts: readonly Start[], ms: number): Trace {
  const run = entries.findLast((e) => e.type === 'run.started')?.run ?? '';
  const own = entries.filter((e) => e.run === run);
  const windows = own
    .filter((e) => e.type === 'step.started')
    .map((started) => {
      const finished = own.find((e) => e.type === 'step.finished' && e.step === started.step);
      if (finished === undefined) throw new Error(`${started.step} did not finish in an undisturbed run`);
      return { step: started.step ?? '', started, finished };
    });
  const during = (at: number): string[] =>
    windows.filter((w) => w.started.at <= at && at <= w.finished.at).map((w) => w.step);
  return {
    run,
    ms,
    entries: own,
    starts,
    steps: windows.map((w) => ({
      ...w,
      starts: starts.filter((s) => {
        const steps = during(s.at);
        return steps.length === 1 && steps[0] === w.step;
      }),
    })),
  };
}

/**
 * Four moments of every step, in the order of the journal. Two are the same state on disk where the journal shows that
 * nothing lies between them: the end of a step and the beginning of the next one, when no other was at work; and an act
 * that wrote no entry and started no program.
 */
export function positionsOf({ steps, entries, starts }: Trace): readonly Position[] {
  const at = (seq: number): Entry | undefined => entries.find((e) => e.seq === seq);
  const busy = (e: Entry): boolean =>
    steps.some((s) => s.started.seq < e.seq && e.seq < s.finished.seq && s.step !== e.step);
  return steps.flatMap(({ step, started, finished }) => {
    const before = at(started.seq - 1);
    const alone = !busy(started) && !busy(finished);
    const followed = !busy(started) && before?.type === 'step.finished';
    const started_nothing = !starts.some((s) => started.at <= s.at && s.at <= finished.at);
    const idle = alone && finished.seq === started.seq + 1 && started_nothing && pure.test(step);
    return moments.map((moment): Position => {
      const same =
        moment === 'before-started' && followed
          ? `after-finished@${before.step}`
          : moment === 'before-finished' && idle
            ? `after-started@${step}`
            : undefined;
      return { step, moment, same };
    });
  });
}

/** Acts that touch neither files nor services: decisions alone. Others may write without a program. */
const pure = /^(choose|incident|system|decide:.*)$/;

/** `only`: a regular expression; those positions alone, such as `backup before-finished@state`. Throws where there are none to choose from. */
export function toTry(name: string, trace: Trace, only?: string): readonly Position[] {
  const all = positionsOf(trace);
  if (all.length === 0 && only === undefined) throw new Error(`${name}: no position to be killed at`);
  const wanted = new RegExp(only ?? '');
  return all.filter((p) => wanted.test(`${name} ${p.moment}@${p.step}`));
}

/** A program that moves data, in an undisturbed run. */
export interface Stream {
  /** Of all such starts of the run, from 1. */
  readonly nth: number;
  readonly program: string;
  readonly step: string;
  /** From its start to that of the next one, or the end of its step, milliseconds: each moment is in one alone. */
  readonly ms: number;
}

const moving = /^(backup|dump|restore|copy)\b/;
/** Does this start move data, or only ask? */
export const moves = ({ program, argv }: Start): boolean =>
  program === 'restic'
    ? moving.test(argv)
    : /^pg_(dump|restore)$/.test(program) && !/^(--version|-V)$/.test(argv);

const named = ({ program, argv }: Start): string =>
  program === 'restic' ? `restic ${moving.exec(argv)?.[0] ?? ''}` : program;

const either = (steps: readonly (string | null)[]): string => steps.join(' or ');

/** Where several steps were at work: until the first of them ended, so that it lies in its own in any case. */
export function streamsOf({ steps, starts }: Trace): readonly Stream[] {
  return starts.filter(moves).flatMap((s, i, all): Stream[] => {
    const during = steps.filter((w) => w.started.at <= s.at && s.at <= w.finished.at);
    if (during.length === 0) return [];
    const end = Math.min(...during.map((w) => w.finished.at), all[i + 1]?.at ?? Infinity);
    return [{ nth: i + 1, program: named(s), step: either(during.map((w) => w.step)), ms: end - s.at }];
  });
}

/**
 * What the death of a run fell into, by what it left: `restic backup in capture:db`. Null: into no stream; the step of the
 * last to start had finished, or one that may have been it.
 */
export function insideOf(entries: readonly Entry[], starts: readonly Start[]): string | null {
  const last = starts.findLast(moves);
  if (last === undefined) return null;
  const ends = new Map(entries.filter((e) => e.type === 'step.finished').map((e) => [e.step, e.at]));
  const during = entries
    .filter((e) => e.type === 'step.started' && e.at <= last.at && (ends.get(e.step) ?? Infinity) >= last.at)
    .map((e) => e.step);
  if (during.length === 0 || during.some((step) => ends.has(step))) return null;
  return `${named(last)} in ${either(during)}`;
}
