import { z } from 'zod';

/**
 * Kinds that a plan may name though this version cannot act on them: `plan check` says `unable`, with the line;
 * a command that would act on one refuses (`plan.unsupported`). A kind of the registry takes precedence.
 */
export const plannedKinds: ReadonlyMap<string, z.ZodObject> = new Map([
  [
    'volume',
    z.strictObject({
      volume: z.string().min(1).describe('Name of the container engine’s volume'),
      excludes: z.array(z.string().min(1)).default([]).describe('Not these paths, relative to the volume'),
    }),
  ],
]);

/** Methods that a plan may name likewise, by kind: points they would make do not count. */
export const plannedMethods: ReadonlyMap<string, readonly string[]> = new Map([
  ['postgres', ['physical', 'incremental', 'wal', 'schema']],
]);
