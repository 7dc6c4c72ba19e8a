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
