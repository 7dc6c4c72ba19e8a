import { expect, test } from 'vitest';

import type { Traits } from '../kinds/kind.ts';
import { both, earliest, latest, memberOf, merged, weakest } from './members.ts';

test('a member finds its own inventory again, and nobody else’s', () => {
  const one = { v: 1 as const, items: [{ name: 'tree', type: 'tree', values: { n: 1 } }] };
  const two = { v: 1 as const, items: [{ name: 'db.tree', type: 'table', values: { n: 2 } }] };
  const all = merged([
    { member: 'a', inventory: one },
    { member: 'b', inventory: two },
  ]);
  expect(all.items.map((i) => i.name)).toEqual(['a.tree', 'b.db.tree']);
  expect([memberOf('a', all), memberOf('b', all), memberOf('db', all)]).toEqual([
    one,
    two,
    { v: 1, items: [] },
  ]);
});

test('together two methods promise what the weaker one does', () => {
  const strong: Traits = {
    restoresInto: 'running',
    consistency: 'transaction',
    chain: 'full',
    needsService: false,
    inspects: 'parsed',
  };
  const weak: Traits = {
    restoresInto: 'stopped',
    consistency: 'fuzzy',
    chain: 'incremental',
    needsService: true,
    inspects: 'read',
  };
  expect(weakest(strong, weak)).toEqual(weak);
  expect(weakest(weak, strong)).toEqual(weak);
  expect(weakest(strong, strong)).toEqual(strong);
});

test('times span all members; an offset counts only where they agree', () => {
  const [a, b] = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z'];
  expect([earliest([b, a]), latest([b, a])]).toEqual([a, b]);
  expect([both(1, 1), both(1, 2), both(null, 1)]).toEqual([1, null, null]);
});
