import type { Inventory } from '@reprise/contracts';

import { failed, passed, unable, type CheckKind, type CheckOf, type Probing } from './check.ts';
import { queryOf } from './sql.ts';

/** How many rows a table has: at least `min`, or exactly as many as were recorded at capture. */
export const rowsCheck: CheckKind<'rows'> = {
  subject: (check) => check.table,
  expected: (check, at) =>
    check.min === undefined ? (recorded(check, at)?.toString() ?? null) : `≥ ${check.min}`,
  probe: async (check, at) => {
    const exact = recorded(check, at);
    if (check.min === undefined && exact === null) return unable('not-recorded');
    const value = await queryOf(at, check.database, `select count(*) from ${quoted(check.table)}`);
    if (typeof value !== 'string') return value;
    const rows = Number(value);
    if (!Number.isSafeInteger(rows)) return failed('value', value);
    if (check.min !== undefined) return rows >= check.min ? passed(value) : failed('fewer', value);
    return rows === exact ? passed(value) : failed('differs', value);
  },
};

/**
 * `[schema.]table` as an SQL name: each piece in double quotes, which PostgreSQL and SQLite both read as written.
 * A piece may already be quoted ("odd.name"), so that it can contain a dot.
 */
export function quoted(table: string): string {
  const pieces = table.match(/"(?:[^"]|"")*"|[^."]+/g) ?? [table];
  return pieces.map((p) => (p.startsWith('"') ? p : `"${p}"`)).join('.');
}

const recorded = (check: CheckOf<'rows'>, at: Probing): number | null =>
  at.inventory === null ? null : recordedRows(at.inventory, check.table, check.database);

const counted = new Set(['table', 'partitioned', 'matview']);

/**
 * The rows of a table in an inventory, where exactly one item fits: by its name, quoted or not, with `public.` left
 * out or not; `database` narrows where several databases have it.
 */
export function recordedRows(
  inventory: Inventory,
  table: string,
  database: string | undefined,
): number | null {
  const bare = table.replaceAll('"', '');
  const names = new Set([bare, `public.${bare}`]);
  const found = inventory.items.filter(
    ({ type, name, values }) =>
      counted.has(type) &&
      names.has(name.replaceAll('"', '')) &&
      (database === undefined || values['database'] === undefined || values['database'] === database),
  );
  const rows = found.length === 1 ? found[0]?.values['rows'] : undefined;
  return typeof rows === 'number' ? rows : null;
}
