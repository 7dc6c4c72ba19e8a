import type { Inventory } from '@reprise/contracts';
import { expect, test } from 'vitest';

import { emptiedFindings, emptiedSince } from './emptied.ts';

type Item = Inventory['items'][number];
const table = (name: string, rows: number | null, more: Item['values'] = {}, type = 'table'): Item => ({
  name,
  type,
  values: { rows, ...more },
});
const of = (...items: Item[]): Inventory => ({ v: 1, items });
const lost = (before: Inventory, now: Inventory) =>
  emptiedSince(before, now).map((e) => [e.database, e.whole, e.before, e.tables.join(' ')]);

test('every table empty, or every table gone: the whole of it', () => {
  const before = of(table('a', 3), table('b', 4), table('c', 0));
  const empty = [[null, true, 7, 'a b']];
  expect(lost(before, of(table('a', 0), table('b', 0), table('c', 0)))).toEqual(empty);
  expect(lost(before, of(table('c', 0)))).toEqual(empty);
  expect(lost(before, of({ name: 'database', type: 'sqlite', values: {} }))).toEqual(empty);
});

test('one table emptied or gone: named', () => {
  const before = of(table('a', 3), table('b', 4));
  expect(lost(before, of(table('a', 3), table('b', 0)))).toEqual([[null, false, 7, 'b']]);
  expect(lost(before, of(table('a', 1)))).toEqual([[null, false, 7, 'b']]);
});

test('nothing lost: fewer rows, more, or none before', () => {
  expect(lost(of(table('a', 3)), of(table('a', 1), table('b', 9)))).toEqual([]);
  expect(lost(of(table('a', 0)), of())).toEqual([]);
  expect(lost(of(), of(table('a', 1)))).toEqual([]);
});

test('each database for itself', () => {
  const [app, shop] = [{ database: 'app' }, { database: 'shop' }];
  const before = of(table('public.t', 3, app), table('public.t', 4, shop));
  const there: Item = { name: 'app', type: 'database', values: {} };
  expect(lost(before, of(there, table('public.t', 0, app), table('public.t', 4, shop)))).toEqual([
    ['app', true, 3, 'public.t'],
  ]);
  expect(lost(before, of(there, table('public.t', 4, shop)))).toEqual([['app', true, 3, 'public.t']]);
  // Dropped, or no longer in the plan: said, and no reason to capture nothing.
  expect(lost(before, of(table('public.t', 4, shop)))).toEqual([['app', false, 3, 'public.t']]);
});

test('what comes and goes by itself does not count', () => {
  const before = of(
    table('kept', 1),
    table('whole', 5, {}, 'partitioned'),
    table('leaf', 5, { partition: true }),
    table('cache', 5, { unlogged: true }),
    table('view', null, {}, 'matview'),
    table('fts_data', 5, {}, 'shadow'),
    table('unread', null),
  );
  expect(lost(before, of(table('kept', 1), table('whole', 5, {}, 'partitioned')))).toEqual([]);
  expect(lost(before, of(table('kept', 1), table('whole', 0, {}, 'partitioned')))).toEqual([
    [null, false, 6, 'whole'],
  ]);
});

test('a finding names ten, and says how many more', () => {
  const many = Array.from({ length: 12 }, (_, i) => table(`t${i}`, 1));
  const [found] = emptiedFindings(emptiedSince(of(table('a', 1), ...many), of(table('a', 1))), 'db');
  expect(found).toMatchObject({ verdict: 'unable', subject: 'db', params: { more: 2, database: null } });
  expect(found?.params['tables']).toBe('t0, t1, t2, t3, t4, t5, t6, t7, t8, t9');
});
