import type { Finding, Inventory } from '@reprise/contracts';

import { judge } from '../lib/findings/index.ts';

/** What a database lost since its newest point: names of its tables, and what became of it as a whole. */
export interface Emptied {
  /** null: the one database of a component whose kind has one. */
  readonly database: string | null;
  /**
   * It held rows and holds none, whether its tables are still there or not. Not one of several databases that is gone
   * itself: somebody dropped it, or the plan no longer names it.
   */
  readonly whole: boolean;
  /** Rows that the newest point has of it. */
  readonly before: number;
  /** Rows that it has of the tables below. */
  readonly lost: number;
  /** Tables that had rows and have none, or are gone. */
  readonly tables: readonly string[];
}

/**
 * Pure: what is there against the newest point, for every kind whose inventory counts the rows of its tables. Left out
 * is what comes and goes by itself: partitions (their table counts for them), tables that a crash empties (unlogged).
 */
export function emptiedSince(before: Inventory, now: Inventory): readonly Emptied[] {
  const [had, has] = [rowsOf(before), rowsOf(now)];
  return [...had].flatMap(([database, tables]) => {
    const total = sum(tables.values());
    const lost = [...tables].filter(([name, rows]) => rows > 0 && (has.get(database)?.get(name) ?? 0) === 0);
    if (lost.length === 0) return [];
    const there =
      database === null || now.items.some(({ name, type }) => type === 'database' && name === database);
    const whole = there && sum(has.get(database)?.values() ?? []) === 0;
    const rows = sum(lost.map(([, n]) => n));
    return [{ database, whole, before: total, lost: rows, tables: lost.map(([name]) => name) }];
  });
}

/** Tables with their rows, by database. */
function rowsOf(inventory: Inventory): ReadonlyMap<string | null, ReadonlyMap<string, number>> {
  const found = new Map<string | null, Map<string, number>>();
  for (const { name, type, values } of inventory.items) {
    const { rows, database, partition, unlogged } = values;
    if (type !== 'table' && type !== 'partitioned') continue;
    if (typeof rows !== 'number' || partition === true || unlogged === true) continue;
    const of = typeof database === 'string' ? database : null;
    const tables = found.get(of) ?? new Map<string, number>();
    found.set(of, tables.set(name, rows));
  }
  return found;
}

const sum = (rows: Iterable<number>): number => [...rows].reduce((a, b) => a + b, 0);

/** Named in a finding; how many more there are is said. */
const named = 10;

/** Queues and sessions drain every day: that is said. That most of a database went with them, somebody must confirm. */
export const emptiedFindings = (all: readonly Emptied[], component: string): readonly Finding[] =>
  all.map(({ database, tables, lost, before }) =>
    judge(lost * 2 > before ? 'unable' : 'pass', 'capture.emptied', component, {
      database,
      tables: tables.slice(0, named).join(', '),
      more: Math.max(0, tables.length - named),
    }),
  );
