import { z } from 'zod';

import { Name } from '../units.ts';
import { PlanCommand } from './command.ts';
import { AbsolutePath, EnvName, text } from './values.ts';

export const PlanHost = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('local').describe('This machine'),
      title: text.optional().describe('For people'),
    }),
    z.strictObject({
      kind: z.literal('ssh').describe('Later'),
      title: text.optional().describe('For people'),
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

export const PlanService = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('none').describe('Cannot be stopped or started'),
      host: Name.optional().describe('Default: local, or the only host'),
    }),
    z.strictObject({
      kind: z.literal('command').describe('By commands of the plan'),
      host: Name.optional().describe('Default: local, or the only host'),
      start: PlanCommand.describe('Returns when it was started'),
      stop: PlanCommand.describe('Returns when it is stopped'),
      ready: PlanCommand.describe('Exit 0 when the service answers'),
      state: PlanCommand.optional().describe(
        'Prints running, stopped or paused; without it: running when ready, else stopped',
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
      host: Name.optional().describe('Default: local, or the only host'),
      project: z.string().min(1).describe('Compose project'),
      file: AbsolutePath.optional().describe('Compose file'),
      service: z.string().min(1).describe('Service of the project'),
      ready: PlanCommand.optional().describe('Exit 0 when the service answers'),
    }),
    z.strictObject({
      kind: z.literal('systemd').describe('Later'),
      host: Name.optional().describe('Default: local, or the only host'),
      unit: z.string().min(1).describe('Unit, with its ending'),
      ready: PlanCommand.optional().describe('Exit 0 when the service answers'),
    }),
  ])
  .meta({ id: 'Service', description: 'What can be stopped, started, paused, asked if it is ready' });
export type PlanService = z.output<typeof PlanService>;
