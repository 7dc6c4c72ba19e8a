import { z } from 'zod';

import { Name } from '../units.ts';
import { SecretRef } from './command.ts';
import { Retention } from './objectives.ts';
import { EnvName, title } from './values.ts';

const Identity = z.strictObject({
  url: z.string().min(1).optional().describe('Where this identity reaches the repository, if elsewhere'),
  env: z.record(EnvName, SecretRef).default({}).describe('Backend credentials, given to restic alone'),
  password: SecretRef.optional().describe('Default: the machine key that `reprise init` made'),
});
export const PlanRepository = z
  .strictObject({
    title,
    url: z
      .string()
      .min(1)
      .describe('As restic writes it: a path, rest:…, sftp:…, s3:…, rclone:…; without credentials'),
    role: z.enum(['primary', 'copy']).default('primary').describe('Captured into, or copied into'),
    off_site: z.boolean().default(false).describe('Elsewhere: survives the loss of the site'),
    media: z
      .enum(['disk', 'object', 'tape', 'other'])
      .default('disk')
      .describe('What it is stored on, for the 3-2-1 rule'),
    writer: Identity.prefault({}).describe('May only append; lives on the protected host'),
    maintainer: Identity.prefault({}).describe('Forgets, prunes, checks: `reprise maintain`'),
    retention: Retention.optional().describe('Default: points are kept for ever'),
  })
  .meta({ id: 'Repository', description: 'A restic repository' });
export type PlanRepository = z.output<typeof PlanRepository>;

export const Protection = z
  .strictObject({
    title,
    schedule: z.string().min(1).describe('Five cron fields'),
    timezone: z.string().default('UTC').describe('Of the schedule, such as Europe/Paris'),
    methods: z.record(z.string(), z.string()).default({}).describe('Method by kind, where not the default'),
    repositories: z.array(Name).min(1).describe('The first is captured into; the others get a copy'),
    keep: Retention.optional().describe('Overrides the retention of the repositories for these points'),
  })
  .meta({ id: 'Protection', description: 'When, how and where captures are made' });
export type Protection = z.output<typeof Protection>;
