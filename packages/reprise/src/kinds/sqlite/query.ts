import { RepriseError } from '../../lib/errors/index.ts';
import type { Context } from '../kind.ts';
import { ask, rows } from './cli.ts';
import { demandFound } from './file.ts';
import type { SqliteSpec } from './spec.ts';

/**
 * The one value of a query; undefined: no row, null: NULL. Read-only. Throws `sqlite.database` when another database
 * than `main` is asked for, `sqlite.not-one-value` for more rows or columns.
 */
export async function query(
  spec: SqliteSpec,
  at: Context,
  database: string | undefined,
  sql: string,
): Promise<string | null | undefined> {
  if (database !== undefined && database !== 'main')
    throw new RepriseError('sqlite.database', { path: spec.path, database });
  const { database: db } = await demandFound(spec, at);
  const answer = await ask(db, `PRAGMA query_only = 1;\n.mode quote\n${sql.trim().replace(/;*$/, ';')}`, at);
  if (answer === '') return undefined;
  const value = valueOf(answer.replace(/\r?\n$/, ''));
  if (value === undefined) throw new RepriseError('sqlite.not-one-value', { path: spec.path, query: sql });
  return value;
}

/**
 * Reads one SQL literal; undefined: there is more than one. Source: SQLite documentation, "Command Line Shell", .mode
 * quote.
 */
export function valueOf(text: string): string | null | undefined {
  if (text === 'NULL') return null;
  const string = /^'((?:[^']|'')*)'$/.exec(text)?.[1];
  if (string !== undefined) return string.replaceAll("''", "'");
  const blob = /^X'([0-9a-f]*)'$/i.exec(text)?.[1];
  if (blob !== undefined) return blob;
  return /^[-+0-9.eInf]+$/.test(text) ? text : undefined;
}

/** The first column of every row; null: NULL. Read-only. */
export async function rowsOf(
  spec: SqliteSpec,
  at: Context,
  sql: string,
): Promise<readonly (string | null)[]> {
  const { database: db } = await demandFound(spec, at);
  const one = sql.trim().replace(/;*$/, '');
  const script = `PRAGMA query_only = 1;\nSELECT json_array(CAST(c AS TEXT)) FROM (WITH q(c) AS (${one}) SELECT c FROM q);`;
  return rows(await ask(db, script, at)).map((row) => (row as [string | null])[0]);
}
