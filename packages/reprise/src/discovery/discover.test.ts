import { Readable } from 'node:stream';

import { Name } from '@reprise/contracts';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Command, Host, Running } from '../hosts/host.ts';
import type { AnyKind } from '../kinds/kind.ts';
import {
  apart,
  discover,
  divided,
  nameFor,
  nested,
  settled,
  uniquelyNamed,
  within,
  type Found,
} from './discover.ts';

const found = (name: string, kind: string, path: string, spec: object = {}): Found => ({
  name,
  kind,
  spec: { path, ...spec },
  because: '',
});

test('a database in a folder is captured by its own kind alone, with its log files', () => {
  const [db, folder] = settled(
    [found('db', 'sqlite', '/srv/data/a[1].db'), found('data', 'files', '/srv/data')],
    [],
  );
  expect(db?.spec).toEqual({ path: '/srv/data/a[1].db' });
  expect(folder?.spec['excludes']).toEqual(
    ['', '-wal', '-shm', '-journal'].map((end) => `./a\\[1].db${end}`),
  );
});

test('roots that overlap give each thing once; a folder within another is the outer’s', () => {
  const all = [
    found('db', 'sqlite', '/srv/a.db'),
    found('db', 'sqlite', '/link/a.db'),
    found('srv-config', 'files', '/srv', { preset: 'config' }),
    found('srv', 'files', '/srv'),
    found('up', 'files', '/srv/up'),
    found('up', 'files', '/link/up'),
    found('other', 'files', '/srv-2'),
    found('other-config', 'files', '/srv-3', { preset: 'config' }),
    found('within', 'files', '/srv-3/x'),
  ];
  const real = new Map([
    ['/link/a.db', '/srv/a.db'],
    ['/link/up', '/srv/up'],
  ]);
  expect(apart(all, real).map((f) => f.name)).toEqual(['db', 'srv', 'other', 'other-config', 'within']);
});

test('what is barred is neither a component nor in one', () => {
  const all = [
    found('pg', 'files', '/srv/pg'),
    found('srv', 'files', '/srv'),
    found('x', 'sqlite', '/srv/pg/x.db'),
  ];
  expect(settled(all, ['/srv/pg']).map((f) => [f.name, f.spec['excludes']])).toEqual([['srv', ['./pg']]]);
});

test('a configuration leaves out the folders that are components of their own', () => {
  const all = divided([
    found('srv-config', 'files', '/srv', { preset: 'config' }),
    found('up', 'files', '/srv/up[1]'),
    found('db', 'sqlite', '/srv/a.db'),
    found('other', 'files', '/srv-2'),
  ]);
  expect(all.map((f) => f.spec['excludes'])).toEqual([
    [String.raw`./up\[1]`],
    undefined,
    undefined,
    undefined,
  ]);
});

test('what lies in another component’s folder comes after the nearest such folder', () => {
  const all = nested([
    found('a', 'files', '/a'),
    found('b', 'files', '/a/b'),
    found('c', 'sqlite', '/a/b/c.db'),
  ]);
  expect(all.map((f) => f.after)).toEqual([undefined, 'a', 'b']);
});

test('names are plan names, each once, whatever was found', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
      const names = uniquelyNamed(texts.map((t) => found(t, 'files', '/x'))).map((f) => f.name);
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(Name.safeParse(name).success).toBe(true);
    }),
  );
  expect(nameFor('Éléments d’août')).toBe('elements-d-aout');
});

test('within is by folders, not by letters', () => {
  expect(within('/srv/a', '/srv/ab')).toBeUndefined();
  expect(within('/srv/a', '/srv/a/b')).toBe('b');
  expect(within('/srv/a', '/srv/a')).toBe('');
  expect(within('/srv/a', '/srv/a/..b')).toBe('..b');
});

/** A host whose programs print nothing, and end with `code`. */
const silent = (code: number): Host => {
  const run = ({ argv }: Command): Promise<Running> =>
    Promise.resolve({
      stdout: Readable.from(argv[0] === 'realpath' ? argv.slice(4).map((p) => Buffer.from(`${p}\0`)) : []),
      exit: Promise.resolve({ code: argv[0] === 'find' ? code : 0, signal: null, stderr: '' }),
    } as unknown as Running);
  return { run } as unknown as Host;
};
const kind = {
  name: 'files',
  async *discover() {
    yield { name: 'data', spec: { path: '/srv/data', excludes: ['./a.db'] }, because: '' };
  },
} as unknown as AnyKind;

test('a folder with nothing but databases is left out; one that cannot be looked through is not', async () => {
  const names = async (code: number): Promise<readonly string[]> => {
    const at = { kinds: new Map([['files', kind]]), roots: ['/srv'], never: [], log: () => {} };
    return (await discover({ ...at, host: silent(code) }, new AbortController().signal)).map((f) => f.name);
  };
  expect(await names(0)).toEqual([]);
  expect(await names(1)).toEqual(['data']);
});
