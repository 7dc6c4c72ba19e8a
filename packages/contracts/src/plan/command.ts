import { z } from 'zod';

import { Duration } from '../units.ts';
import { AbsolutePath, argv, EnvName } from './values.ts';

/** Where a secret is found at the moment it is needed; the plan itself never holds one. */
export const SecretRef = z
  .union([
    z.strictObject({ env: EnvName.describe('Name of the variable, not its value') }),
    z.strictObject({ file: AbsolutePath.describe('Readable by its owner alone (mode 0600)') }),
    z.strictObject({ command: argv.describe('Program and arguments; the first line it prints') }),
  ])
  .meta({
    id: 'SecretRef',
    description: 'A secret from an environment variable, a file or the output of a command',
  });
export type SecretRef = z.output<typeof SecretRef>;

/** A command line of a service, a rebuild or a check. */
export const PlanCommand = z
  .strictObject({
    argv: argv.describe('Program and arguments; no shell unless it is named'),
    user: z.string().optional().describe('Run as this user (default: the user that runs Reprise)'),
    cwd: AbsolutePath.optional().describe('Working directory'),
    env: z.record(EnvName, z.string()).default({}).describe('Added to the environment; no secrets here'),
    secrets: z
      .record(EnvName, SecretRef)
      .default({})
      .describe('Secrets put in the environment of exactly this process'),
    timeout: Duration.default(300_000).describe('Ended, and failed, after this long'),
  })
  .meta({ id: 'PlanCommand', description: 'A program that is run, without a shell' });
export type PlanCommand = z.output<typeof PlanCommand>;
