import { dirname, join, resolve } from 'node:path';

import type { Context, Place } from '../kinds/kind.ts';
import type { Log } from '../lib/language.ts';
import type { ResolvedComponent } from '../plan/resolved.ts';
import type { Deps } from './deps.ts';

/** What `init` and `bootstrap` put beside the plan. */
function ownFiles({ home, plan }: Pick<Deps, 'home' | 'plan'>): readonly string[] {
  const file = resolve(plan.file);
  return [home, file, join(dirname(file), '.gitignore')];
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
  return {
    system: deps.plan.plan.system,
    component: component.name,
    host: component.service === null ? deps.host(component.host, run) : await service.enter(signal),
    service,
    signal,
    clock: deps.clock,
    log,
    never: [deps.home],
    ...(place.kind === 'in-situ' && { kept: ownFiles(deps) }),
    secret: (ref) => deps.secret(ref, signal),
  };
}
