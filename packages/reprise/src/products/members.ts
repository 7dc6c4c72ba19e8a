import type { Inventory } from '@reprise/contracts';

import type { Traits } from '../kinds/kind.ts';

/** A member's part in the product: `db.db`, `files.tree`. */
export const prefixed = (member: string, name: string): string => `${member}.${name}`;

/** One inventory of several: each item keeps its type, its name tells whose it is. */
export const merged = (
  all: readonly { readonly member: string; readonly inventory: Inventory }[],
): Inventory => ({
  v: 1,
  items: all.flatMap(({ member, inventory }) =>
    inventory.items.map((item) => ({ ...item, name: prefixed(member, item.name) })),
  ),
});

/** A member's own inventory out of the product's. */
export function memberOf(member: string, inventory: Inventory): Inventory {
  const start = prefixed(member, '');
  return {
    v: 1,
    items: inventory.items.flatMap((item) =>
      item.name.startsWith(start) ? [{ ...item, name: item.name.slice(start.length) }] : [],
    ),
  };
}

/** Instants of one form (RFC 3339, UTC, ms) sort as text. */
export const earliest = (all: readonly string[]): string => all.toSorted()[0] ?? '';
export const latest = (all: readonly string[]): string => all.toSorted().at(-1) ?? '';
/** An offset that both have; else it is not known. */
export const both = (a: number | null, b: number | null): number | null => (a === b ? a : null);

const consistency = ['fuzzy', 'crash', 'transaction'] as const;
const levels = ['stored', 'read', 'parsed'] as const;

/** What two methods together can promise. */
export const weakest = (a: Traits, b: Traits): Traits => ({
  restoresInto: a.restoresInto === 'stopped' || b.restoresInto === 'stopped' ? 'stopped' : 'running',
  consistency: lower(consistency, a.consistency, b.consistency),
  chain: a.chain === 'full' && b.chain === 'full' ? 'full' : 'incremental',
  needsService: a.needsService || b.needsService,
  inspects: lower(levels, a.inspects, b.inspects),
});

const lower = <T>(order: readonly T[], a: T, b: T): T => (order.indexOf(a) <= order.indexOf(b) ? a : b);
