import { serviceState, startService } from '../recovery/services.ts';
import type { ServiceState } from '../services/service.ts';
import type { Deps } from './deps.ts';
import {
  chooseStep,
  crewOf,
  keepStep,
  placeStep,
  restoreComponent,
  targetAt,
  validate,
  type CommonArgs,
} from './recovering.ts';
import { counted, type OpenRepository } from './repositories.ts';
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
 *     choose, place → before:<c> → restore:<c> → after:<c> → state
 *
 * Throws at once what is wrong with the arguments.
 */
export function restore(deps: Deps, args: RestoreArgs, open: OpenRepository = counted(deps).open): Recipe {
  validate(deps, args, [args.component]);
  const name = args.component;
  const host = deps.plan.components.get(name)?.host ?? 'local';
  const crew = crewOf(deps, args, open, args.point);
  const steps: readonly Step[] = [
    chooseStep(deps, [name], args, args.point, []),
    placeStep(deps, args, []),
    {
      // Its own step, so that a run that goes on still knows what it stopped.
      name: `before:${name}`,
      after: ['choose', 'place'],
      host,
      perform: async (at): Promise<Before> => ({
        state: await serviceState(crew.tools, await targetAt(crew, name, at)),
      }),
    },
    {
      name: `restore:${name}`,
      after: [`before:${name}`],
      host,
      perform: async (at) => await restoreComponent(deps, crew, name, at),
    },
    {
      name: `after:${name}`,
      after: [`restore:${name}`],
      host,
      perform: async (at) => {
        if (at.output<Before>(`before:${name}`).state !== 'running') return { findings: [] };
        return { findings: await startService(crew.tools, await targetAt(crew, name, at)) };
      },
    },
  ];
  const names = steps.map((s) => s.name);
  return { name: 'restore', args: { ...args }, steps: [...steps, keepStep(deps, open, crew.sources, names)] };
}

interface Before {
  readonly state: ServiceState;
}
