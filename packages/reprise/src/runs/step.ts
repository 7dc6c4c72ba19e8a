import type { BodyInput, EntryType, EntryV1 } from '@reprise/contracts';

import type { Log } from '../lib/language.ts';

/** What a step is given. `append` writes to the journal under this run and step. */
export interface StepContext {
  readonly run: string;
  readonly signal: AbortSignal;
  /** 1 for the first try; more after a crash or a resume. */
  readonly attempt: number;
  /** What a finished step returned, from the journal where it finished in an earlier life of this run. */
  output<T>(step: string): T;
  append<T extends EntryType>(type: T, body: BodyInput<T>): EntryV1;
  /** Entries of this run so far, for idempotence ("what did I claim before I was killed?"). */
  entries(): readonly EntryV1[];
  /** Where other runs of this installation claimed a place or restored into it since this one began. */
  others(): readonly EntryV1[];
  readonly log: Log;
}

/**
 * A named unit of work. Steps are at-least-once, so `perform` is idempotent; its output is JSON with integers only, and
 * is journaled. A step whose predecessor failed is not started; independent branches go on.
 */
export interface Step {
  /** Stable between lives of a run: `capture:db`, `copy:offsite`. */
  readonly name: string;
  readonly after: readonly string[];
  /** Steps that must have ended before, whichever way: what they made is taken along, their failure is not inherited. */
  readonly settled?: readonly string[];
  /** Bounds parallelism; steps of the same host share its slots. */
  readonly host?: string;
  /**
   * Asked of a step that finished in an earlier life of the run: is what it did still so? Where it is not, it is done
   * again. A finished step that cannot be asked is done again when one before it is.
   */
  still?(at: StepContext): Promise<boolean>;
  perform(at: StepContext): Promise<unknown>;
}

/** A recipe is a pure function of arguments and plan to steps: after a crash the same steps are made again. */
export interface Recipe {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly steps: readonly Step[];
}
