import { z } from 'zod';

import { Duration, Name } from '../units.ts';
import { PlanCheck } from './checks.ts';
import { Rebuild } from './rebuild.ts';
import { title } from './values.ts';

/** What every component has; its kind adds the rest. */
export const componentCommon = {
  title,
  tier: Name.optional().describe('Its objectives; default: those of the system'),
  host: Name.optional().describe('Default: that of its service, else local, else the only host'),
  service: Name.optional().describe('What must run or rest around it'),
  depends_on: z.array(Name).default([]).describe('Components that must be back before it'),
  captures: z
    .array(Name)
    .default([])
    .describe('Protections; a component of a group is captured with its group'),
  checks: z.array(PlanCheck).default([]).describe('Show that it works; without any nobody can say'),
  rebuild: Rebuild.optional().describe('How to have it, or its empty server, again'),
} as const;
const ComponentCommon = z.object(componentCommon);
export type ComponentCommon = z.output<typeof ComponentCommon>;
/** A component after the plan was read: the common part, and what its kind's spec says, under the kind's own keys. */
export type PlanComponent = ComponentCommon & { readonly kind: string; readonly [key: string]: unknown };

export const Group = z
  .strictObject({
    title,
    components: z.array(Name).min(1).describe('A component is in one group at most'),
    order: z.array(Name).default([]).describe('In which order they are captured; default: as listed'),
    captures: z.array(Name).default([]).describe('Protections of all of them'),
    hold: z
      .strictObject({
        services: z.array(Name).min(1).describe('What is stopped or paused during the capture'),
        how: z.enum(['none', 'pause', 'stop']).default('stop').describe('none: nothing is held'),
        max: Duration.default(300_000).describe(
          'The guardian lets go after this long, and the capture fails',
        ),
      })
      .optional()
      .describe('Services at rest while the group is captured'),
  })
  .meta({ id: 'Group', description: 'Components captured coherently' });
export type Group = z.output<typeof Group>;
