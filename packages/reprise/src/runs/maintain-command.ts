import { exitCodes, worstExit, type MaintainReport } from '@reprise/contracts';

import { RepriseError } from '../lib/errors/index.ts';
import type { Deps } from './deps.ts';
import type { Decision } from './maintain-decide.ts';
import { maintain, type MaintainArgs } from './maintain.ts';
import { perform, runReport } from './perform.ts';
import { counted } from './repositories.ts';

export interface MaintainOptions {
  /** Empty: all of the plan. */
  readonly repositories: readonly string[];
  /** "n/t"; null: today's slice, so that all packs are read within 30 days of daily maintenance. */
  readonly read: string | null;
  readonly prune: boolean;
}

/** `reprise maintain`: forget → prune → check, with the maintainer's identity. */
export async function runMaintain(
  deps: Deps,
  options: MaintainOptions,
  signal: AbortSignal,
): Promise<MaintainReport> {
  const names = namesOf(deps, options);
  const args: MaintainArgs = {
    repositories: [...names],
    read: options.read ?? sliceOf(deps.clock.now()),
    prune: options.prune,
  };
  const repositories = counted(deps, 'maintainer');
  const { outcome } = await perform(
    deps,
    { name: 'maintain', args: { ...args }, make: (same) => maintain(deps, same, repositories.open) },
    { signal, locks: names.map((r) => `repository-${r}`) },
  );
  return {
    v: 1,
    command: 'maintain',
    exit: worstExit([outcome.exit, exitCodes.done]),
    run: runReport(deps, outcome, repositories.all()),
    repositories: names.map((repository) => {
      const decision = outcome.output<Decision>(`decide:${repository}`);
      const done = outcome.steps.some((s) => s.step === `forget:${repository}` && s.state === 'finished');
      const checked = outcome.steps.some((s) => s.step === `check:${repository}` && s.state === 'finished');
      return {
        repository,
        kept: decision?.kept ?? 0,
        forgotten: done
          ? (decision?.forgotten ?? []).map((f) => ({ point: f.point, reason: 'retention' }))
          : [],
        debris: done ? [...(decision?.debris ?? [])] : [],
        states: done ? (decision?.states.length ?? 0) : 0,
        pruned: outcome.output<{ pruned: boolean }>(`prune:${repository}`)?.pruned ?? false,
        read: checked ? args.read : null,
        refused: decision?.doubt?.why ?? null,
      };
    }),
  };
}

/** The repositories asked for, or all of the plan. Throws `run.unknown-repository`. */
export function namesOf(
  { plan: { plan } }: Pick<Deps, 'plan'>,
  { repositories }: Pick<MaintainOptions, 'repositories'>,
): readonly string[] {
  const known = Object.keys(plan.repositories);
  const unknown = repositories.find((r) => !known.includes(r));
  if (unknown !== undefined)
    throw new RepriseError('run.unknown-repository', { name: unknown, known: known.join(', ') });
  return repositories.length > 0 ? repositories : known;
}

const slices = 30;
/** The day decides, so that a maintenance that is missed once is made up for a month later, not never. */
export const sliceOf = (now: Date): string =>
  `${(Math.floor(now.getTime() / 86_400_000) % slices) + 1}/${slices}`;
