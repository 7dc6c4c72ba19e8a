import type { RunReport } from '@reprise/contracts';

import { canonical } from '../journal/canonical.ts';
import type { Repository } from '../repository/repository.ts';
import type { Deps } from './deps.ts';
import { execute, type Moment, type RunOutcome } from './engine.ts';
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
  /** An interrupted run of the same command was continued. */
  readonly resumed: boolean;
}

/**
 * What every command that changes something does: puts right what a dead run left (services, orphans), continues an
 * interrupted run of the same recipe, arguments and plan, else begins one.
 */
export async function perform(deps: Deps, recipe: Recipe, options: PerformOptions): Promise<Performed> {
  await settle(deps, options.signal);
  const earlier = deps.journal
    .runs({ recipe: recipe.name, states: ['interrupted'], mine: true })
    .findLast((r) => r.plan === deps.plan.hash && canonical(r.args) === canonical({ ...recipe.args }));
  const outcome = await execute(
    recipe,
    {
      journal: deps.journal,
      clock: deps.clock,
      home: deps.home,
      plan: deps.plan.hash,
      slots: options.slots ?? 2,
      log: deps.log,
      at: options.at,
    },
    options.signal,
    { locks: options.locks, ...(earlier && { run: earlier.run, resume: true }) },
  );
  return { outcome, resumed: earlier !== undefined };
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
