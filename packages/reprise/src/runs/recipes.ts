import type { RunRecord } from '../journal/journal.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { backup, type BackupArgs } from './backup.ts';
import type { Deps } from './deps.ts';
import { maintain, type MaintainArgs } from './maintain.ts';
import { recover, type RecoverArgs } from './recover.ts';
import { counted } from './repositories.ts';
import { restore, type RestoreArgs } from './restore.ts';
import type { Recipe } from './step.ts';
import { unitsOf } from './units.ts';
import { verify, type VerifyArgs } from './verify.ts';

type Run = Pick<RunRecord, 'run' | 'recipe' | 'args'>;

/** The recipe of a run that is in the journal, made again from its arguments. */
export function recipeOf(deps: Deps, { run, recipe, args }: Run): Recipe {
  const of = <A>(): A => args as A;
  switch (recipe) {
    case 'backup':
      return backup(deps, of<BackupArgs>(), counted(deps).open);
    case 'verify':
      return verify(deps, of<VerifyArgs>(), counted(deps).open);
    case 'maintain':
      return maintain(deps, of<MaintainArgs>(), counted(deps, 'maintainer').open);
    case 'recover':
      return recover(deps, of<RecoverArgs>());
    case 'restore':
      return restore(deps, of<RestoreArgs>());
    default:
      throw new RepriseError('run.unknown-recipe', { run, recipe });
  }
}

const components = (names: Iterable<string>): string[] => [...names].map((c) => `component-${c}`);

/** What only one run may work on at a time. */
export function locksOf(deps: Deps, { recipe, args }: Pick<Run, 'recipe' | 'args'>): readonly string[] {
  switch (recipe) {
    case 'backup': {
      const { names, protection } = args as unknown as BackupArgs;
      return components(unitsOf(deps.plan, names, protection).flatMap((u) => u.components));
    }
    case 'restore':
      return components([(args as unknown as RestoreArgs).component]);
    case 'recover':
      return components(deps.plan.components.keys());
    case 'maintain':
      return (args as unknown as MaintainArgs).repositories.map((r) => `repository-${r}`);
    default:
      return [];
  }
}
