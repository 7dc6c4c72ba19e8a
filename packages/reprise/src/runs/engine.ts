import { randomUUID } from 'node:crypto';

import { exitOf, worstExit, type EntryV1, type ExitCode, type Finding } from '@reprise/contracts';

import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../lib/clock.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { inBoth } from '../lib/i18n/index.ts';
import { stepText } from '../lib/i18n/steps.ts';
import type { Log } from '../lib/language.ts';
import { timeText } from '../lib/quantities.ts';
import { lock, lockAll } from './locks.ts';
import { intoPlaces } from './overtaken.ts';
import type { Recipe, Step, StepContext } from './step.ts';

/** Where a process may die, for `test/faults`: each moment is a different state on disk. */
export type Moment = 'before-started' | 'after-started' | 'before-finished' | 'after-finished';

export interface EngineDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly home: string;
  /** SHA-256 of the plan, null for runs without one. */
  readonly plan: string | null;
  /** Steps that may run at the same time on one host. */
  readonly slots: number;
  readonly log: Log;
  readonly at?: ((moment: Moment, step: string) => void) | undefined;
}

export interface StepOutcome {
  readonly step: string;
  readonly state: 'finished' | 'failed' | 'skipped' | 'interrupted';
  readonly error: RepriseError | null;
}
export interface RunOutcome {
  readonly run: string;
  readonly exit: ExitCode;
  readonly findings: readonly Finding[];
  readonly steps: readonly StepOutcome[];
  output<T>(step: string): T | undefined;
}

/**
 * Carries a recipe out, or on: with `resume` the steps that the journal calls finished are not done again. A failed
 * step keeps those after it from starting; independent branches go on. Never throws for a failed step: the outcome has
 * its error. Throws `run.locked`.
 */
export async function execute(
  recipe: Recipe,
  deps: EngineDeps,
  signal: AbortSignal,
  options: { readonly run?: string; readonly resume?: boolean; readonly locks?: readonly string[] } = {},
): Promise<RunOutcome> {
  const run = options.run ?? randomUUID();
  using stack = new DisposableStack();
  stack.use(await lock(deps.home, `run-${run}`, { run, pid: process.pid }));
  stack.use(await lockAll(deps.home, options.locks ?? [], { run, pid: process.pid }));
  const { journal } = deps;
  const cause = { run, step: null };
  if (options.resume === true) journal.append('run.resumed', { pid: process.pid }, cause);
  else
    journal.append(
      'run.started',
      { recipe: recipe.name, plan: deps.plan, args: { ...recipe.args }, pid: process.pid },
      cause,
    );

  const state = new RunState(journal, run);
  if (!signal.aborted) await reopen(recipe.steps, state, deps, signal);
  await carryOut(recipe.steps, state, deps, signal);
  const outcome = summarise(recipe, state);
  close(outcome, deps, signal);
  return outcome;
}

/** What is known of a run's steps: from the journal of earlier lives, then from this one. */
class RunState {
  readonly outputs = new Map<string, unknown>();
  readonly attempts = new Map<string, number>();
  readonly outcomes = new Map<string, StepOutcome>();
  readonly journal: Journal;
  readonly run: string;

  constructor(journal: Journal, run: string) {
    this.journal = journal;
    this.run = run;
    for (const entry of journal.entries({ run })) this.#replay(entry);
  }

  #replay({ type, step, body }: EntryV1): void {
    if (step === null) return;
    if (type === 'step.started') this.attempts.set(step, body['attempt'] as number);
    if (type === 'step.finished') {
      this.outputs.set(step, body['output']);
      this.outcomes.set(step, { step, state: 'finished', error: null });
    }
  }

  attemptsOf(step: string): number {
    return this.attempts.get(step) ?? 0;
  }

  context(step: string, signal: AbortSignal, log: Log): StepContext {
    const { journal, run, outputs } = this;
    return {
      run,
      signal,
      attempt: this.attemptsOf(step),
      output: <T>(of: string): T => {
        if (!outputs.has(of))
          throw new Error(`step ${step} asks for the output of ${of}, which has not finished`);
        return outputs.get(of) as T;
      },
      append: (type, body) => journal.append(type, body, { run, step }),
      entries: () => [...journal.entries({ run })],
      others: () => intoPlaces(journal, run),
      log,
    };
  }
}

/**
 * A finished step whose work is gone since is to be done again, and so is what stands on it, unless that can say of
 * itself that it still holds. What took along what there was is done again when there may be more: when a step that it
 * waits to settle had failed or been skipped, and is tried now.
 */
async function reopen(
  steps: readonly Step[],
  state: RunState,
  deps: EngineDeps,
  signal: AbortSignal,
): Promise<void> {
  const lost = new Set<string>();
  for (const step of steps.filter((s) => state.outcomes.has(s.name))) {
    signal.throwIfAborted();
    const again = (name: string): boolean => lost.has(name) || !state.outcomes.has(name);
    const shaken = step.after.some((name) => lost.has(name)) || (step.settled ?? []).some(again);
    const holds = await (step.still?.(state.context(step.name, signal, deps.log)) ?? !shaken);
    if (holds) continue;
    lost.add(step.name);
    state.outcomes.delete(step.name);
  }
}

/**
 * Starts every step whose predecessors have finished, at most `slots` at a time on a host. An error outside a step's own
 * work (the journal cannot be written) stops all others before it is thrown on.
 */
async function carryOut(
  steps: readonly Step[],
  state: RunState,
  deps: EngineDeps,
  outer: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const running = new Set<Promise<void>>();
  try {
    await startReady(steps, state, deps, AbortSignal.any([outer, stop.signal]), running);
  } catch (e) {
    stop.abort(e);
    await Promise.allSettled(running);
    throw e;
  }
}

async function startReady(
  steps: readonly Step[],
  state: RunState,
  deps: EngineDeps,
  signal: AbortSignal,
  running: Set<Promise<void>>,
): Promise<void> {
  const waiting = steps.filter((s) => !state.outcomes.has(s.name));
  const busy = new Map<string, number>();
  const broken: unknown[] = [];
  const finished = (name: string): boolean => state.outcomes.get(name)?.state === 'finished';

  for (;;) {
    skipHopeless(waiting, state);
    const over = (name: string): boolean => state.outcomes.has(name);
    const ready = signal.aborted
      ? []
      : waiting.filter((s) => s.after.every(finished) && (s.settled ?? []).every(over));
    for (const step of ready) {
      const host = step.host ?? 'local';
      const used = busy.get(host) ?? 0;
      if (used >= deps.slots) continue;
      busy.set(host, used + 1);
      waiting.splice(waiting.indexOf(step), 1);
      const done = perform(step, state, deps, signal)
        .then(
          (outcome) => void state.outcomes.set(step.name, outcome),
          (e: unknown) => void broken.push(e),
        )
        .finally(() => {
          running.delete(done);
          busy.set(host, (busy.get(host) as number) - 1);
        });
      running.add(done);
    }
    if (running.size === 0) break;
    await Promise.race(running);
    // Kept, not only thrown: of two that end at the same moment the race tells of one.
    if (broken.length > 0) throw broken[0];
  }
  for (const step of waiting)
    state.outcomes.set(step.name, {
      step: step.name,
      state: signal.aborted ? 'interrupted' : 'skipped',
      error: null,
    });
}

/** A step after a failed, skipped or interrupted one is not started, and neither are those after it. */
function skipHopeless(waiting: Step[], state: RunState): void {
  const lost = (name: string): boolean => (state.outcomes.get(name)?.state ?? 'finished') !== 'finished';
  for (let found = true; found;) {
    found = false;
    for (const step of waiting.filter((s) => s.after.some(lost))) {
      waiting.splice(waiting.indexOf(step), 1);
      state.outcomes.set(step.name, { step: step.name, state: 'skipped', error: null });
      found = true;
    }
  }
}

/** One step: journaled before and after. The journal failing is not a failed step: it ends the run loudly. */
async function perform(
  step: Step,
  state: RunState,
  deps: EngineDeps,
  signal: AbortSignal,
): Promise<StepOutcome> {
  const { journal, clock } = deps;
  const cause = { run: state.run, step: step.name };
  const attempt = state.attemptsOf(step.name) + 1;
  deps.at?.('before-started', step.name);
  journal.append('step.started', { attempt }, cause);
  state.attempts.set(step.name, attempt);
  deps.at?.('after-started', step.name);
  deps.log(inBoth((_, language) => `▶ ${stepText(step.name, language)}`));
  const began = clock.monotonic();
  let output: unknown;
  try {
    output = (await step.perform(state.context(step.name, signal, deps.log))) ?? null;
  } catch (e) {
    const error = known(e, step.name, state.run, signal);
    const ms = clock.monotonic() - began;
    journal.append(
      'step.failed',
      { code: error.code, message: error.message, params: journalled(error.params), ms },
      cause,
    );
    deps.log(inBoth((_, language) => `✗ ${stepText(step.name, language)}  ${timeText(ms, language)}`));
    return { step: step.name, state: error.code === 'run.interrupted' ? 'interrupted' : 'failed', error };
  }
  deps.at?.('before-finished', step.name);
  const ms = clock.monotonic() - began;
  journal.append('step.finished', { output, ms }, cause);
  deps.log(inBoth((_, language) => `✓ ${stepText(step.name, language)}  ${timeText(ms, language)}`));
  state.outputs.set(step.name, output);
  deps.at?.('after-finished', step.name);
  return { step: step.name, state: 'finished', error: null };
}

/** Everything thrown becomes an error of the catalogue; what came of an abort is an interruption, not a failure. */
function known(e: unknown, step: string, run: string, signal: AbortSignal): RepriseError {
  if (signal.aborted) return new RepriseError('run.interrupted', { run }, { cause: e });
  if (e instanceof RepriseError) return e;
  const message = e instanceof Error ? e.message : String(e);
  return new RepriseError('run.unexpected', { step, message }, { cause: e });
}

/** A journal holds text, integers and what is made of them; another value would make the failure itself fail. */
const journalled = (params: object): Readonly<Record<string, unknown>> => {
  const plain = JSON.parse(
    JSON.stringify(params, (_key, value: unknown) =>
      typeof value === 'string'
        ? value.toWellFormed()
        : typeof value === 'number' && !Number.isSafeInteger(value)
          ? String(value)
          : value,
    ),
  ) as Readonly<Record<string, unknown>>;
  return plain;
};

function summarise(recipe: Recipe, state: RunState): RunOutcome {
  const steps = recipe.steps.map((s) => state.outcomes.get(s.name) as StepOutcome);
  const findings = steps.flatMap((s) => findingsIn(state.outputs.get(s.step)));
  const codes = steps.map((s): ExitCode =>
    s.error === null ? (s.state === 'interrupted' ? 130 : 0) : s.error.exit,
  );
  return {
    run: state.run,
    exit: worstExit([...codes, exitOf(findings)]),
    findings,
    steps,
    output: <T>(step: string) => state.outputs.get(step) as T | undefined,
  };
}

/** A step's output may carry `findings`: they count for the exit code. */
const findingsIn = (output: unknown): readonly Finding[] =>
  typeof output === 'object' && output !== null && 'findings' in output ? (output.findings as Finding[]) : [];

function close(outcome: RunOutcome, { journal }: EngineDeps, signal: AbortSignal): void {
  const cause = { run: outcome.run, step: null };
  const waits = outcome.steps.some((s) => s.error?.code === 'run.approval-missing');
  if (signal.aborted || outcome.steps.some((s) => s.state === 'interrupted'))
    journal.append('run.interrupted', { reason: 'signal' }, cause);
  else if (waits) return; // stays open: a person has not answered yet
  else {
    const failed = outcome.steps.find((s) => s.error !== null)?.error;
    const body = { exit: outcome.exit, findings: [...outcome.findings] };
    if (failed === undefined || failed === null) journal.append('run.finished', body, cause);
    else journal.append('run.failed', { ...body, error: failed.code }, cause);
  }
}
