import { Duration } from '@reprise/contracts';
import { z } from 'zod';

/** One SQLite database: the file and, beside it, its write-ahead log. */
export const SqliteSpec = z.strictObject({
  path: z
    .string()
    .regex(/^\/[^\0]*[^\0/]$/, {
      error: ({ input }) => (/^\/.*\/$|^\/$/s.test(String(input)) ? 'file-path' : 'absolute-path'),
    })
    .describe('The database file; absolute'),
  run_as: z.string().min(1).optional().describe('System user that opens it (default: the owner of the file)'),
  busy_timeout: Duration.default(10_000).describe('How long a lock of another program is waited for'),
  allow_empty: z
    .boolean()
    .default(false)
    .describe('A database without a row, though the newest point has some, is not an error'),
});
export type SqliteSpec = z.output<typeof SqliteSpec>;
