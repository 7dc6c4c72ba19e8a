import { serviceState, startService } from '../recovery/services.ts';
import { Sources } from '../recovery/sources.ts';
import type { ServiceState } from '../services/service.ts';
import type { Deps } from './deps.ts';
import {
  chooseStep,
  consentsOf,
  placeStep,
  recoveryDeps,
  restoreComponent,
  targetAt,
  validate,
  type CommonArgs,
} from './recovering.ts';
import type { Recipe, Step } from './step.ts';

export interface RestoreArgs extends CommonArgs {
  readonly component: string;
  /** `--point`; otherwise the newest (no later than `until`). */
  readonly point: string | null;
}

/**
 * One component's data, back in its place and compared with what was recorded; nothing else is started. A service that
 * had to be stopped for it runs again afterwards.
 *
 *     choose, place → before:<c> → restore:<c> → after:<c>
 *
 * Throws at once what is wrong with the arguments.
 */
export function restore(deps: Deps, args: RestoreArgs): Recipe {
  validate(deps, args, [args.component]);
  const name = args.component;
  const host = deps.plan.components.get(name)?.host ?? 'local';
  const consents = consentsOf(args);
  const sources = new Sources(recoveryDeps(deps));
  const steps: readonly Step[] = [
    chooseStep(deps, [name], args, args.point, []),
    placeStep(deps, args, []),
    {
      // Its own step, so that a run that goes on still knows what it stopped.
      name: `before:${name}`,
      after: ['choose', 'place'],
      host,
      perform: async (at): Promise<Before> => ({
        state: await serviceState(recoveryDeps(deps), await targetAt(deps, name, at)),
      }),
    },
    {
      name: `restore:${name}`,
      after: [`before:${name}`],
      host,
      perform: async (at) => await restoreComponent(deps, name, at, { consents, sources, point: args.point }),
    },
    {
      name: `after:${name}`,
      after: [`restore:${name}`],
      host,
      perform: async (at) => {
        if (at.output<Before>(`before:${name}`).state !== 'running') return { findings: [] };
        return { findings: await startService(recoveryDeps(deps), await targetAt(deps, name, at)) };
      },
    },
  ];
  return { name: 'restore', args: { ...args }, steps };
}

interface Before {
  readonly state: ServiceState;
}
