import { RepriseError } from '../../lib/errors/index.ts';
import type { Context } from '../kind.ts';
import { openAccess } from './access.ts';
import { complaint, output } from './run.ts';
import type { PostgresSpec } from './spec.ts';

const timeout = '60s';

/**
 * The one value of a query: undefined where it gives no row, null for NULL, else its text as JSON writes it (`true`,
 * not `t`). The query is a subquery of ours, in a read-only session with a timeout: SELECT, VALUES, TABLE or WITH, one
 * statement. Throws `postgres.query` for more than one row or column, `postgres.sql` when the server refuses it.
 */
export async function query(
  spec: PostgresSpec,
  at: Context,
  database: string | undefined,
  sql: string,
): Promise<string | null | undefined> {
  const chosen = database ?? only(spec) ?? spec.connection.database;
  await using access = await openAccess(spec, at);
  // In argv as one command: psql then interprets neither variables nor backslash commands in it.
  const settings = `SET statement_timeout = '${timeout}'; SET default_transaction_read_only = on`;
  const wrapped = `SELECT (SELECT jsonb_agg(v.value) FROM json_each_text(row_to_json(reprise)) v) FROM (
${sql.replace(/[;\s]+$/, '')}
) reprise LIMIT 2`;
  const args = ['-X', '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1', '-v', 'VERBOSITY=terse'];
  const command = access.command('psql', chosen, [...args, '-c', settings, '-c', wrapped]);
  const { exit, stdout } = await output(at.host, command, at.signal);
  if (exit.code !== 0)
    throw new RepriseError('postgres.sql', { where: access.where, database: chosen, why: complaint(exit) });

  const rows = stdout.split('\n').filter((line) => line !== '');
  const [first] = rows;
  if (first === undefined) return undefined;
  const values = JSON.parse(first) as (string | null)[];
  if (rows.length > 1 || values.length !== 1)
    throw new RepriseError('postgres.query', { component: at.component, database: chosen });
  return values[0];
}

const only = (spec: PostgresSpec): string | undefined =>
  spec.databases !== 'all' && spec.databases.length === 1 ? spec.databases[0] : undefined;
