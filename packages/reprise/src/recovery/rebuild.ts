import type { Rebuild } from '@reprise/contracts';

import { RepriseError } from '../lib/errors/index.ts';
import { succeed } from './command.ts';
import type { RecoveryDeps, RunLog } from './deps.ts';
import { layGround } from './ground.ts';
import { followsPlace, placeEnvironment } from './place.ts';
import type { Target } from './target.ts';
import { asideSuffix } from './vacate.ts';

/**
 * Makes the empty server or place that data is restored into, with the plan's own command. Not run where what it
 * `creates` exists, or (without `creates`) where the service answers. A rebuild that was cut short in this run has
 * left something half made: it is moved aside and made anew.
 * Throws `rebuild.unsupported`, `place.live`, `recovery.command-failed`, `rebuild.not-created`.
 */
export async function rebuild(deps: RecoveryDeps, target: Target, record: RunLog): Promise<'made' | 'there'> {
  const { component, place, context } = target;
  const recipe = commandRecipe(component.name, component.common.rebuild);
  if (!followsPlace(deps.plan, component.service, place))
    throw new RepriseError('place.live', { component: component.name, what: 'rebuild', place: place.label });
  const creates = recipe.creates === undefined ? undefined : place.path(recipe.creates);
  if (await isThere(target, record, creates)) return 'there';

  const identity = rebuilding(creates);
  if (!claimed(target, record, identity))
    record.append('place.claimed', { component: component.name, place: place.label, identity });
  await layGround(deps, target, { user: recipe.command.user, creates: recipe.creates });
  const variables = placeEnvironment(deps.plan, component.service, place);
  await succeed(`rebuild ${component.name}`, recipe.command, variables, context, record.signal);
  if (creates !== undefined && (await context.host.stat(creates, record.signal)) === undefined)
    throw new RepriseError('rebuild.not-created', { component: component.name, path: creates });
  return 'made';
}

/** Is what a finished rebuild made still there? Without `creates` nobody can say: the checks do. */
export async function isRebuilt({ component, place, context }: Target): Promise<boolean> {
  const { creates } = commandRecipe(component.name, component.common.rebuild);
  return (
    creates === undefined || (await context.host.stat(place.path(creates), context.signal)) !== undefined
  );
}

type CommandRecipe = Extract<Rebuild, { from: 'command' }>;
function commandRecipe(component: string, recipe: Rebuild | undefined): CommandRecipe {
  if (recipe?.from !== 'command')
    throw new RepriseError('rebuild.unsupported', { component, from: recipe?.from ?? '?' });
  return recipe;
}

async function isThere(target: Target, record: RunLog, creates: string | undefined): Promise<boolean> {
  const { host, service, clock } = target.context;
  if (creates === undefined) return (await service.ready(record.signal)).verdict === 'pass';
  if ((await host.stat(creates, record.signal)) === undefined) return false;
  // It was not there when this run began to make it, and this step never finished: half made, or made and not recorded.
  if (!claimed(target, record, rebuilding(creates))) return true;
  await host.rename(creates, `${creates}.${asideSuffix(record, clock.now())}`, record.signal);
  return false;
}

const rebuilding = (creates: string | undefined): string => `rebuild:${creates ?? ''}`;
const claimed = ({ component, place }: Target, record: RunLog, identity: string): boolean =>
  record
    .entries()
    .some(
      ({ type, body }) =>
        type === 'place.claimed' &&
        body['component'] === component.name &&
        body['place'] === place.label &&
        body['identity'] === identity,
    );
