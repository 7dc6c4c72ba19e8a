import type { Finding, Point } from '@reprise/contracts';
import { expect, test } from 'vitest';

import type { FileStat } from '../../hosts/host.ts';
import { wordsOf } from '../../lib/findings/index.ts';
import type { Context } from '../kind.ts';
import { compareFile, judgeContents } from './compare.ts';
import { type Contents, inventoryOf } from './contents.ts';
import { valueOf } from './query.ts';

const was: Contents = {
  tables: new Map([
    ['entry', { type: 'table', rows: 3 }],
    ['words', { type: 'virtual', rows: null }],
  ]),
  userVersion: 1,
  applicationId: 2,
  pages: 10,
  pageSize: 4096,
  schema: 'a'.repeat(64),
  integrity: 'ok',
  judged: true,
  foreignKeys: 0,
};
const failures = (is: Partial<Contents>) =>
  judgeContents({ ...was, ...is }, was, 'db')
    .filter((f) => f.verdict === 'fail')
    .map((f) => f.code);

test('the same is a pass in everything', () => {
  expect(judgeContents(was, was, 'db').every((f) => f.verdict === 'pass')).toBe(true);
});

test('each difference fails for what it is', () => {
  expect(failures({ integrity: 'row 3 missing from index' })).toEqual(['sqlite.integrity']);
  expect(failures({ schema: 'b'.repeat(64) })).toEqual(['sqlite.schema']);
  expect(failures({ foreignKeys: 1 })).toEqual(['sqlite.foreign-keys']);
  expect(failures({ userVersion: 9 })).toEqual(['sqlite.identity']);
  expect(failures({ applicationId: 9 })).toEqual(['sqlite.identity']);
  expect(failures({ tables: new Map([['words', { type: 'virtual', rows: null }]]) })).toEqual([
    'sqlite.rows',
  ]);
  expect(failures({ tables: new Map([...was.tables, ['entry', { type: 'table', rows: 2 }]]) })).toEqual([
    'sqlite.rows',
  ]);
});

test('a missing table without a count is missed as well', () => {
  expect(failures({ tables: new Map([['entry', { type: 'table', rows: 3 }]]) })).toEqual(['sqlite.rows']);
});

const verdict = (is: Contents, of: Contents) =>
  judgeContents(is, of, 'db').find((f) => f.code === 'sqlite.integrity')?.verdict;

test('what never could be judged stays unable; what could be and cannot now is damage', () => {
  const unjudged = { ...was, judged: false, integrity: 'no such function: f' };
  expect(verdict(unjudged, unjudged)).toBe('unable');
  expect(verdict(unjudged, was)).toBe('fail');
});

test('one literal is a value; more are not', () => {
  expect(valueOf("'it''s, two\nlines'")).toBe("it's, two\nlines");
  expect(valueOf('NULL')).toBeNull();
  expect(valueOf("'NULL'")).toBe('NULL');
  expect(valueOf('-1.5e+10')).toBe('-1.5e+10');
  expect(valueOf("X'00ff'")).toBe('00ff');
  for (const more of ["'a','b'", '1,2', '1\n2', 'NULL\nNULL']) expect(valueOf(more)).toBeUndefined();
});

test('a file of another length is said in both languages', async () => {
  const stat = { type: 'file', size: 100, mode: 0o600, uid: 0, gid: 0, id: '1:1' } satisfies FileStat;
  const point = { inventory: inventoryOf(was, stat, stat) } as Point;
  const at = { component: 'db', host: { stat: async () => stat } } as unknown as Context;
  const [found] = await compareFile('/copy.db', point, at);
  expect(found?.verdict).toBe('fail');
  expect(wordsOf(found as Finding, 'en').message).toBe('integrity_check: 100 of 40960 bytes');
  expect(wordsOf(found as Finding, 'fr').message).toBe('integrity_check : 100 octets sur 40960');
});
