import { SecretRef } from '@reprise/contracts';
import { z } from 'zod';

const AbsolutePath = z.string().regex(/^\/[^\0]*$/, { error: 'absolute-path' });
/** As the server takes it: any text but NUL, at most 63 bytes. */
const DatabaseName = z
  .string()
  .min(1)
  .refine((name) => !name.includes('\0') && Buffer.byteLength(name) <= 63, { error: 'database-name' });

/** Where the server answers, and as whom. Source: PostgreSQL manual, "libpq – Parameter Key Words". */
export const PostgresSpec = z.strictObject({
  connection: z
    .strictObject({
      host: z
        .string()
        .min(1)
        .default('/var/run/postgresql')
        .describe('Address, or the directory of the Unix socket (starts with /)'),
      port: z.int().min(1).max(65_535).default(5432),
      user: z
        .string()
        .min(1)
        .max(63)
        .default('postgres')
        .describe('A superuser, or a member of pg_read_all_data with BYPASSRLS'),
      password: SecretRef.optional().describe('Without it: peer, trust or certificate authentication'),
      database: DatabaseName.default('postgres').describe('Maintenance database'),
      sslmode: z.enum(['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']).optional(),
    })
    .prefault({}),
  run_as: z.string().min(1).optional().describe('System user that runs the tools (peer authentication)'),
  databases: z
    .union([z.literal('all'), z.array(DatabaseName).min(1)])
    .default('all')
    .describe('All that users made, or these'),
  allow_empty: z
    .boolean()
    .default(false)
    .describe('A database without a row, though the newest point has some, is not an error'),
  bin: AbsolutePath.optional().describe('Directory of psql, pg_dump, pg_dumpall and pg_restore'),
  jobs: z.int().min(1).max(64).default(2).describe('Connections of a parallel restore'),
});
export type PostgresSpec = z.output<typeof PostgresSpec>;
