import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import type { Context, Place } from '../kinds/kind.ts';
import type { Log } from '../lib/language.ts';
import type { ResolvedComponent } from '../plan/resolved.ts';
import type { Deps } from './deps.ts';
import { ownPlaces } from './own-places.ts';

/** What `init` and `bootstrap` put beside the plan; as named, and behind symbolic links. */
async function ownFiles({ plan }: Pick<Deps, 'plan'>): Promise<readonly string[]> {
  const file = resolve(plan.file);
  const folders = [dirname(file), await realpath(dirname(file)).catch(() => dirname(file))];
  return [...new Set(folders)].flatMap((f) => [join(f, basename(file)), join(f, '.gitignore')]);
}

/** What a kind is given to work with a component at a place: where its service's files and tools are. */
export async function contextOf(
  deps: Deps,
  component: ResolvedComponent,
  place: Place,
  run: string | null,
  signal: AbortSignal,
  log: Log = deps.log,
): Promise<Context> {
  const service = deps.service(component.service, place, run);
  const never = await ownPlaces(deps.home, deps.plan);
  return {
    system: deps.plan.plan.system,
    component: component.name,
    host: component.service === null ? deps.host(component.host, run) : await service.enter(signal),
    service,
    signal,
    clock: deps.clock,
    log,
    never,
    ...(place.kind === 'in-situ' && { kept: [...never, ...(await ownFiles(deps))] }),
    secret: (ref) => deps.secret(ref, signal),
  };
}
