import type { RunReport } from '@reprise/contracts';

import { canonical } from '../journal/canonical.ts';
import type { RunRecord } from '../journal/journal.ts';
import type { Repository } from '../repository/repository.ts';
import type { Deps } from './deps.ts';
import { execute, type Moment, type RunOutcome } from './engine.ts';
import { isOver } from './overtaken.ts';
import { settle } from './settle.ts';
import type { Recipe } from './step.ts';

export interface PerformOptions {
  readonly signal: AbortSignal;
  /** Names that only one run may have at a time: components, repositories. */
  readonly locks: readonly string[];
  readonly slots?: number;
  readonly at?: ((moment: Moment, step: string) => void) | undefined;
}
export interface Performed {
  readonly outcome: RunOutcome;
  /** An interrupted or failed run of the same command was continued. */
  readonly resumed: boolean;
  /** How the life before had ended. */
  readonly before: 'interrupted' | 'failed' | null;
}

/** Arguments that say when a command was typed do not make it another command. */
const sameCommand = (args: Readonly<Record<string, unknown>>): string =>
  canonical({ ...args, requested_at: null });

/**
 * What every command that changes something does: puts right what a dead run left (services, orphans), continues an
 * interrupted run of the same recipe, arguments and plan, else begins one. `make` gets the arguments of the run that is
 * carried on: those of its first life.
 */
export async function perform<A extends Readonly<Record<string, unknown>>>(
  deps: Deps,
  command: { readonly name: string; readonly args: A; readonly make: (args: A) => Recipe },
  options: PerformOptions,
): Promise<Performed> {
  await settle(deps, options.signal);
  const earlier = unfinished(deps, command);
  const outcome = await carryOn(
    deps,
    command.make((earlier?.args as A | undefined) ?? command.args),
    earlier?.run,
    options,
  );
  const before = earlier === undefined ? null : earlier.state === 'failed' ? 'failed' : 'interrupted';
  return { outcome, resumed: earlier !== undefined, before };
}

/**
 * The run that the same command goes on with: an interrupted one; of a recovery also a failed one, whose restored
 * components are its own and need no consent. Not one that is over. Nor one that was refused before it did anything:
 * there is nothing to go on with.
 */
function unfinished(
  deps: Deps,
  { name, args }: { readonly name: string; readonly args: Readonly<Record<string, unknown>> },
): RunRecord | undefined {
  const runs = deps.journal.runs({ mine: true });
  const last = runs.findLast((r) => r.recipe === name && sameCommand(r.args) === sameCommand(args));
  if (last === undefined || last.plan !== deps.plan.hash) return undefined;
  if (name !== 'recover' && name !== 'restore') return last.state === 'interrupted' ? last : undefined;
  return !isOver(deps.journal, last) &&
    !nothingDone(deps, last) &&
    (last.state === 'interrupted' || last.state === 'failed')
    ? last
    : undefined;
}

const refusals: ReadonlySet<string | null> = new Set(['recovery.refused', 'place.occupied']);
const nothingDone = ({ journal }: Pick<Deps, 'journal'>, { run, error }: RunRecord): boolean =>
  refusals.has(error) &&
  [...journal.entries({ run, types: ['place.claimed', 'consent.given'] })].length === 0;

/** Begins a run, or with `run` goes on with that one. */
export async function carryOn(
  deps: Deps,
  recipe: Recipe,
  run: string | undefined,
  { signal, locks, slots = 2, at }: PerformOptions,
): Promise<RunOutcome> {
  const { journal, clock, home, log } = deps;
  const engine = { journal, clock, home, plan: deps.plan.hash, slots, log, at: at ?? deps.at };
  return await execute(recipe, engine, signal, { locks, ...(run !== undefined && { run, resume: true }) });
}

/** How a run went, for `--json`. */
export function runReport(
  deps: Deps,
  { run, steps, findings }: RunOutcome,
  repositories: readonly Repository[],
): RunReport {
  return {
    run,
    steps: steps.map(({ step, state, error }) => ({
      step,
      state,
      error: error === null ? null : { code: error.code, ...error.text(deps.language) },
    })),
    findings: [...findings],
    restic_calls: Object.fromEntries(repositories.map((r) => [r.name, r.invocations])),
  };
}
