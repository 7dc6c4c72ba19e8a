import type { Finding } from '@reprise/contracts';

import { inSitu } from '../recovery/place.ts';
import { rebuild } from '../recovery/rebuild.ts';
import { serviceState, startService } from '../recovery/services.ts';
import type { ServiceState } from '../services/service.ts';
import { groupsLeftApart, judgeOverlap } from './beforehand.ts';
import type { Deps } from './deps.ts';
import { isAlive, isOwedStart } from './left-down.ts';
import { placeStep, type PlaceOutput } from './placing.ts';
import {
  chooseStep,
  componentOf,
  crewOf,
  isStanding,
  keepStep,
  logOf,
  restoreComponent,
  targetAt,
  validate,
  type CommonArgs,
} from './recovering.ts';
import { counted, type OpenRepository } from './repositories.ts';
import type { Recipe, Step, StepContext } from './step.ts';

export interface RestoreArgs extends CommonArgs {
  readonly component: string;
  /** `--point`; otherwise the newest (no later than `until`). */
  readonly point: string | null;
}

/**
 * One component's data, back in its place and compared with what was recorded; nothing else is started. A service that
 * had to be stopped for it, or that a recovery that did not end had stopped, runs again afterwards. A server that the
 * data goes into is made where there is none, as the plan says: in another directory there never is one.
 *
 *     choose, place → before:<c> → rebuild:<c> → restore:<c> → after:<c> → state
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
      perform: async (at): Promise<Before> => {
        await judgeOverlap(deps, args, [name], at.output<PlaceOutput>('place'), at);
        return {
          state: await serviceState(crew.tools, await targetAt(crew, name, at)),
          owed: args.place === inSitu.label && isOwedStart(deps, name, isAlive),
          findings: await groupsLeftApart(deps, [name], at.output<PlaceOutput>('place'), at),
        };
      },
    },
    ...(rebuildsFirst(deps, name)
      ? [
          {
            name: `rebuild:${name}`,
            after: [`before:${name}`],
            host,
            perform: async (at: StepContext) => ({
              was: await rebuild(crew.tools, await targetAt(crew, name, at), logOf(at)),
            }),
          },
        ]
      : []),
    {
      name: `restore:${name}`,
      after: [rebuildsFirst(deps, name) ? `rebuild:${name}` : `before:${name}`],
      host,
      still: async (at) => await isStanding(deps, crew, name, at, args.point),
      perform: async (at) => await restoreComponent(deps, crew, name, at),
    },
    {
      name: `after:${name}`,
      after: [`restore:${name}`],
      host,
      perform: async (at) => {
        const { state, owed = false } = at.output<Before>(`before:${name}`);
        if (state !== 'running' && !owed) return { findings: [] };
        return { findings: await startService(crew.tools, await targetAt(crew, name, at), logOf(at)) };
      },
    },
  ];
  const names = steps.map((s) => s.name);
  return {
    name: 'restore',
    args: { ...args },
    steps: [...steps, keepStep(deps, open, { crew, names: [name] }, names)],
  };
}

/**
 * Does `restore` make the server first? Only one that data goes into while it runs, or what has no data of its own; and
 * only with the plan's own command: a server that another way would make may well be running.
 */
export function rebuildsFirst(deps: Deps, name: string): boolean {
  const { common, kind, protections } = componentOf(deps, name);
  if (common.rebuild?.from !== 'command') return protections.length === 0 && common.rebuild !== undefined;
  const methods = Object.values(deps.kinds.get(kind)?.methods ?? {});
  return protections.length === 0 || methods.some((m) => m.traits.restoresInto === 'running');
}

interface Before {
  readonly state: ServiceState;
  /** Stopped by an earlier recovery that did not end. */
  readonly owed?: boolean;
  /** Named alone by a person: done, and said. */
  readonly findings?: readonly Finding[];
}
