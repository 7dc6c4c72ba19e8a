import { isError, RepriseError } from '../lib/errors/index.ts';
import type { Repository } from '../repository/repository.ts';
import { noting } from './damage.ts';
import type { Deps } from './deps.ts';
import { decide, type Decision } from './maintain-decide.ts';
import { recoveryKeysOf, revoke } from './recovery-keys.ts';
import type { OpenRepository } from './repositories.ts';
import { look, storeState } from './states.ts';
import type { Recipe, Step, StepContext } from './step.ts';

export interface MaintainArgs {
  readonly repositories: readonly string[];
  /** "n/t" of the packs read back this time. */
  readonly read: string;
  readonly prune: boolean;
}

/**
 * For each repository, with the maintainer's identity:
 *
 *     look → decide → state → forget → prune → revoke → check → state-after
 *
 * `revoke` (recovery keys that were made anew) and `check` wait for what is before them, however it ended: each needs
 * the repository for itself.
 *
 * The packs are read whether or not anything could be forgotten: a clock in doubt holds up retention, nothing else.
 * The state that says what is forgotten is stored before restic forgets it: a crash in between is finished by the next
 * `maintain`, and a catalogue that is rebuilt meanwhile does not list what may be gone.
 */
export function maintain(deps: Deps, args: MaintainArgs, opened: OpenRepository): Recipe {
  const steps = args.repositories.flatMap((r): Step[] => {
    const step = (
      name: string,
      after: string | null,
      perform: Step['perform'],
      settled: readonly string[] = [],
    ): Step => ({
      name: `${name}:${r}`,
      after: after === null ? [] : [`${after}:${r}`],
      settled: settled.map((s) => `${s}:${r}`),
      perform,
    });
    const revoking = (recoveryKeysOf(deps.journal, r)?.superseded.length ?? 0) > 0;
    return [
      step('look', null, async (at) => {
        await opened(r, at).unlock(at.signal);
        return await noting(r, 'repository.error', at, () => look(deps, opened(r, at), at));
      }),
      step('decide', 'look', async (at) => await decide(deps, r, opened(r, at), at)),
      step('state', 'decide', async (at) => await storeState(deps, opened(r, at), at)),
      step('forget', 'state', async (at) => await forget(deps, r, opened(r, at), at)),
      step('prune', 'forget', async (at) => {
        if (args.prune) await noting(r, 'repository.pack-damaged', at, () => opened(r, at).prune(at.signal));
        return { pruned: args.prune };
      }),
      ...(revoking
        ? [step('revoke', 'look', async (at) => await revoke(deps.journal, opened(r, at), at), ['prune'])]
        : []),
      step(
        'check',
        'look',
        async (at) => {
          const findings = await opened(r, at).check(at.signal, args.read);
          at.append('repository.maintained', {
            repository: r,
            read: args.read,
            pruned: hasPruned(at, r),
            findings: [...findings],
          });
          return { findings };
        },
        revoking ? ['prune', 'revoke'] : ['prune'],
      ),
      step('state-after', 'check', async (at) => await storeState(deps, opened(r, at), at)),
    ];
  });
  return { name: 'maintain', args: { ...args, repositories: [...args.repositories] }, steps };
}

function hasPruned(at: StepContext, r: string): boolean {
  const done = at.entries().findLast((e) => e.type === 'step.finished' && e.step === `prune:${r}`);
  return (done?.body['output'] as { readonly pruned: boolean } | undefined)?.pruned === true;
}

/** What a crash kept from being forgotten is in the next decision again: only what is still there is asked for. */
async function forget(
  deps: Deps,
  r: string,
  repository: Repository,
  at: StepContext,
): Promise<{ forgotten: number }> {
  const { forgotten, debris, states, doubt } = at.output<Decision>(`decide:${r}`);
  if (doubt !== null)
    throw new RepriseError('retention.clock-doubted', { repository: r, point: doubt.point });
  const there = new Set((await repository.snapshots(at.signal)).map((s) => s.id));
  const ids = [...forgotten.flatMap((f) => f.snapshots), ...debris, ...states].filter((id) => there.has(id));
  try {
    if (ids.length > 0) await repository.forget(ids, at.signal);
  } catch (e) {
    if (isError(e, 'repository.append-only')) await takeBack(deps, r, repository, forgotten, at);
    throw e;
  }
  return { forgotten: ids.length };
}

/** An identity that may only write has given up what it cannot delete: what is still whole there is listed again. */
async function takeBack(
  deps: Deps,
  r: string,
  repository: Repository,
  forgotten: Decision['forgotten'],
  at: StepContext,
): Promise<void> {
  const there = new Set((await repository.snapshots(at.signal)).map((s) => s.id));
  for (const { point, snapshots, parts } of forgotten)
    if (snapshots.every((id) => there.has(id)))
      at.append('point.copied', { point, repository: r, parts: [...parts] });
  await storeState(deps, repository, at);
}
