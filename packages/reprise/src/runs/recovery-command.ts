import type {
  RecoverReport,
  RecoverRunbookReport,
  RestoreReport,
  RestoreRunbookReport,
} from '@reprise/contracts';

import type { Deps } from './deps.ts';
import { recordOf, writeEvidence } from './evidence.ts';
import { perform, runReport } from './perform.ts';
import { insistPlace } from './placing.ts';
import { locksOf } from './recipes.ts';
import { recover, type RecoverArgs } from './recover.ts';
import { type CommonArgs, type People } from './recovering.ts';
import { counted, type OpenRepository } from './repositories.ts';
import { restore, type RestoreArgs } from './restore.ts';
import { recoverRunbook, restoreRunbook, runbookExit } from './runbook.ts';
import type { Recipe } from './step.ts';
import { waitingOf } from './waiting.ts';

/**
 * `reprise restore`: an interrupted one of the same arguments is carried on. Evidence is written however it ends.
 * Throws what is wrong with the arguments (exit 2) and `run.locked`.
 */
export async function runRestore(deps: Deps, args: RestoreArgs, signal: AbortSignal): Promise<RestoreReport> {
  const command = { name: 'restore', args: { ...args } } as const;
  const rest = await carryOut(deps, { ...command, make: (same, open) => restore(deps, same, open) }, signal);
  return { v: 1, command: 'restore', ...rest };
}

/** `reprise recover`; `people` answers a scenario's decisions, where somebody is at the terminal. */
export async function runRecover(
  deps: Deps,
  args: RecoverArgs,
  people: People,
  signal: AbortSignal,
): Promise<RecoverReport> {
  const command = { name: 'recover', args: { ...args } } as const;
  const rest = await carryOut(
    deps,
    { ...command, make: (same, open) => recover(deps, same, people, open) },
    signal,
  );
  return { v: 1, command: 'recover', ...rest };
}

interface Command<A> {
  readonly name: 'restore' | 'recover';
  readonly args: A;
  readonly make: (args: A, open: OpenRepository) => Recipe;
}

async function carryOut<A extends CommonArgs & Readonly<Record<string, unknown>>>(
  deps: Deps,
  { name, args, make }: Command<A>,
  signal: AbortSignal,
): Promise<Omit<RestoreReport, 'v' | 'command'>> {
  const repositories = counted(deps);
  make(args, repositories.open); // wrong arguments are refused before anything is settled or locked
  await insistPlace(deps, args, signal);
  const locks = locksOf(deps, { recipe: name, args });
  const command = { name, args, make: (same: A) => make(same, repositories.open) };
  const { outcome, resumed, before } = await perform(deps, command, {
    signal,
    locks,
    slots: deps.plan.plan.recovery.parallel,
  });
  const record = recordOf(deps, outcome.run);
  const run = runReport(deps, outcome, repositories.all());
  // Its own signal: an interrupted run has a record too.
  const evidence = await writeEvidence(deps, record, AbortSignal.timeout(10_000));
  const itself = deps.journal.runs({ recipe: name, mine: true }).find((r) => r.run === outcome.run);
  const waiting = itself === undefined ? null : (waitingOf(deps.journal, itself) ?? null);
  return { exit: outcome.exit, run, resumed, before, record, evidence, waiting };
}

/** `reprise restore --dry-run`. */
export async function previewRestore(
  deps: Deps,
  args: RestoreArgs,
  signal: AbortSignal,
): Promise<RestoreRunbookReport> {
  const runbook = await restoreRunbook(deps, args, signal);
  return { v: 1, command: 'restore', exit: runbookExit(runbook), runbook };
}

/** `reprise recover --dry-run`. */
export async function previewRecover(
  deps: Deps,
  args: RecoverArgs,
  signal: AbortSignal,
): Promise<RecoverRunbookReport> {
  const runbook = await recoverRunbook(deps, args, signal);
  return { v: 1, command: 'recover', exit: runbookExit(runbook), runbook };
}
