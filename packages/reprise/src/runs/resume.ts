import { exitCodes, worstExit, type ExitCode, type ResumeReport } from '@reprise/contracts';

import type { RunRecord } from '../journal/journal.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { inBoth } from '../lib/i18n/index.ts';
import { recipeText } from '../lib/i18n/steps.ts';
import type { Deps } from './deps.ts';
import { halfRestored } from './half-restored.ts';
import { isAlive, leftDown } from './left-down.ts';
import { isOver } from './overtaken.ts';
import { carryOn } from './perform.ts';
import { recipeOf, locksOf } from './recipes.ts';
import { settle } from './settle.ts';
import { waitingOf, type Waiting } from './waiting.ts';

/**
 * `reprise resume`: puts right what an interruption left, then carries every interrupted run on; with `abandon` it
 * closes them instead. A recovery that another has overtaken is closed, not carried on. One that failed is not carried
 * on either, but said where it left something down. Nor one that waits for a person: it is said what for, and what goes
 * on with it then. A run begun under another plan, or by another epoch, is not carried
 * on: `run.plan-changed`.
 */
export async function runResume(
  deps: Deps,
  { abandon }: { readonly abandon: boolean },
  signal: AbortSignal,
): Promise<ResumeReport> {
  const settled = await settle(deps, signal);
  const left = deps.journal.runs({ states: ['interrupted'], mine: true });
  const isAsking = (r: RunRecord): boolean => waitingOf(deps.journal, r) !== undefined;
  const continued: { run: string; recipe: string; exit: ExitCode }[] = [];
  const abandoned: string[] = [];
  for (const run of left) {
    if (abandon) abandoned.push(giveUp(deps, run.run));
    else if (isOver(deps.journal, run)) {
      deps.log(
        inBoth((t, language) =>
          t['log.overtaken']({ run: run.run, recipe: recipeText(run.recipe, language) }),
        ),
      );
      abandoned.push(giveUp(deps, run.run, 'run.overtaken'));
    } else if (!isAsking(run))
      continued.push({ run: run.run, recipe: run.recipe, exit: await goOn(deps, run, signal) });
  }
  if (abandon)
    for (let down = leftDown(deps, isAlive); down !== undefined; down = leftDown(deps, isAlive))
      abandoned.push(giveUp(deps, down.run));
  // What nobody is told of any more keeps its components from being captured all the same.
  for (const component of abandon ? deps.plan.components.keys() : []) {
    const half = halfRestored(deps, [component]);
    const alive = deps.journal.openRuns().some((r) => r.run === half?.run);
    if (half !== undefined && !alive) abandoned.push(giveUp(deps, half.run));
  }
  const down = leftDown(deps, isAlive);
  const waiting = stillAsking(deps);
  return {
    v: 1,
    command: 'resume',
    exit: worstExit([
      ...continued.map((c) => c.exit),
      down === undefined ? 0 : 1,
      waiting.length === 0 ? 0 : exitCodes.refused,
    ]),
    settled: settled.map((s) => ({ ...s, services: [...s.services] })),
    continued,
    abandoned,
    left_down:
      down === undefined ? null : { ...down, components: [...down.components], services: [...down.services] },
    waiting: [...waiting],
  };
}

/** Whatever somebody is asked for at a terminal now is theirs to answer. */
function stillAsking({ journal, home }: Deps): readonly Waiting[] {
  const runs = journal.runs({ states: ['open', 'interrupted'], mine: true });
  return runs.filter((r) => !isAlive(r.run, home)).flatMap((r) => waitingOf(journal, r) ?? []);
}

/** `run.abandoned`: a person knows what it left down; after `run.overtaken` that is still said. */
function giveUp(
  { journal }: Deps,
  run: string,
  error: 'run.abandoned' | 'run.overtaken' = 'run.abandoned',
): string {
  journal.append('run.failed', { exit: 1, error }, { run, step: null });
  return run;
}

async function goOn(deps: Deps, run: RunRecord, signal: AbortSignal): Promise<ExitCode> {
  if (run.plan !== deps.plan.hash) {
    // Said, and the others are carried on all the same.
    const refused = new RepriseError('run.plan-changed', { run: run.run, recipe: run.recipe });
    const { message, hint } = refused.text(deps.language);
    deps.log(`${message} → ${hint}`);
    return refused.exit;
  }
  const recipe = recipeOf(deps, run);
  const outcome = await carryOn(deps, recipe, run.run, { signal, locks: locksOf(deps, run) });
  return outcome.exit;
}
