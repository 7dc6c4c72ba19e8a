import { z } from 'zod';

import { PlanCommand } from './command.ts';
import { AbsolutePath } from './values.ts';

export const Rebuild = z
  .discriminatedUnion('from', [
    z.strictObject({
      from: z.literal('command').describe('A program that makes it'),
      command: PlanCommand.describe('Must be safe to run again'),
      creates: AbsolutePath.optional().describe('Not run where this exists'),
    }),
    z.strictObject({
      from: z.literal('image').describe('Later'),
      image: z.string().describe('Image with tag or digest'),
    }),
    z.strictObject({
      from: z.literal('git').describe('Later'),
      url: z.string().describe('Of the repository'),
      ref: z.string().describe('Branch, tag or commit'),
      into: AbsolutePath.describe('Folder that it is checked out into'),
    }),
    z.strictObject({
      from: z.literal('compose').describe('Later'),
      file: AbsolutePath.describe('Compose file'),
      services: z.array(z.string()).default([]).describe('Only these'),
    }),
  ])
  .meta({
    id: 'Rebuild',
    description:
      'How to have again what has no data of its own, or the empty server that data is restored into',
  });
export type Rebuild = z.output<typeof Rebuild>;
