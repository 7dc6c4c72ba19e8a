import type { Repository } from '../repository/repository.ts';
import type { Deps } from './deps.ts';
import type { StepContext } from './step.ts';

export type OpenRepository = (name: string, at: Pick<StepContext, 'run'>) => Repository;

/** One object a repository for the length of a command, so that its restic calls are counted together. */
export function counted(
  deps: Deps,
  identity: 'writer' | 'maintainer' = 'writer',
): { readonly open: OpenRepository; all(): readonly Repository[] } {
  const known = new Map<string, Repository>();
  return {
    open: (name, at) => {
      const repository = known.get(name) ?? deps.repository(name, identity, at.run);
      known.set(name, repository);
      return repository;
    },
    all: () => [...known.values()],
  };
}
