import { z } from 'zod';

import { Name } from '../units.ts';
import { PlanCommand } from './command.ts';
import { AbsolutePath, EnvName, title } from './values.ts';

export const PlanHost = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('local').describe('This machine'),
      title,
    }),
    z.strictObject({
      kind: z.literal('ssh').describe('Later'),
      title,
      address: z.string().describe('Name or address'),
      user: z.string().optional().describe('Who logs in'),
      port: z.int().optional().describe('Where its server listens'),
    }),
  ])
  .meta({ id: 'Host', description: 'Where commands and files are' });
export type PlanHost = z.output<typeof PlanHost>;

/**
 * Variables that follow the place of a recovery: in situ they have the values given here; in another place a path
 * becomes a path below its root and a port becomes a free one. Given as environment to every command of the service
 * and of the rebuild of components that use it.
 */
export const PlaceVariable = z.union([
  z.strictObject({ path: AbsolutePath.describe('Follows the root of the place') }),
  z.strictObject({ port: z.int().min(1).max(65_535).describe('A free one in another place') }),
]);

const host = Name.optional().describe('Default: local, or the only host');
const ready = PlanCommand.describe('Exit 0 when the service answers');

export const PlanService = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('none').describe('Cannot be stopped or started'),
      host,
    }),
    z.strictObject({
      kind: z.literal('command').describe('By commands of the plan'),
      host,
      start: PlanCommand.describe('Returns when it was started'),
      stop: PlanCommand.describe(
        'Returns when it is stopped; without `state` a recovery also runs it where the service does not answer: it may fail there, and must harm nothing else',
      ),
      ready,
      state: PlanCommand.optional().describe(
        'Prints running, stopped or paused; without it: running when ready, else stopped (before files are replaced, `stop` makes sure)',
      ),
      pause: PlanCommand.optional().describe('Stops writing without stopping'),
      resume: PlanCommand.optional().describe('Undoes pause'),
      place: z
        .record(EnvName, PlaceVariable)
        .default({})
        .describe('Environment variables that follow the place of a recovery'),
    }),
    z.strictObject({
      kind: z.literal('compose').describe('Later'),
      host,
      project: z.string().min(1).describe('Compose project'),
      file: AbsolutePath.optional().describe('Compose file'),
      service: z.string().min(1).describe('Service of the project'),
      ready: ready.optional(),
    }),
    z.strictObject({
      kind: z.literal('systemd').describe('Later'),
      host,
      unit: z.string().min(1).describe('Unit, with its ending'),
      ready: ready.optional(),
    }),
  ])
  .meta({ id: 'Service', description: 'What can be stopped, started, paused, asked if it is ready' });
export type PlanService = z.output<typeof PlanService>;
