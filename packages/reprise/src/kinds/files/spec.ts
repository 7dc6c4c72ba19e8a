import { z } from 'zod';

/** A path or pattern below the root: not absolute, no `..`, no NUL. */
const Below = z
  .string()
  .min(1)
  .max(4096)
  .refine((p) => !p.startsWith('/') && !p.includes('\0') && !p.split('/').includes('..'), {
    error: 'path-below',
  });

/** A folder and everything in it that the patterns name. Patterns: see `patterns.ts`. */
export const FilesSpec = z.strictObject({
  path: z
    .string()
    .regex(/^\/[^\0]*[^\0/]\/*$/, {
      error: ({ input }) => (/^\/+$/.test(String(input)) ? 'not-root' : 'absolute-path'),
    })
    .describe('The folder; absolute, not / itself'),
  preset: z
    .enum(['none', 'config', 'secrets'])
    .default('none')
    .describe(
      'config, secrets: adds the usual files (.env, compose files, *.pem…) to includes; their content gives no digest',
    ),
  includes: z
    .array(Below)
    .default([])
    .describe('Only these; a name without / at any depth, else relative to the folder'),
  excludes: z
    .array(Below)
    .default([])
    .describe('Not these; likewise. An excluded folder excludes what is in it'),
  allow_empty: z.boolean().default(false).describe('An empty folder is not an error'),
  one_file_system: z.boolean().default(true).describe('Does not enter what is mounted inside the folder'),
});
export type FilesSpec = z.output<typeof FilesSpec>;
