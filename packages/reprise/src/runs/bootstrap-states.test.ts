import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { afterAll, expect, test } from 'vitest';

import { Bench, scribble } from '../journal/fixtures.ts';
import { stateFile } from '../journal/segments.ts';
import { RepriseError } from '../lib/errors/index.ts';
import type { Repository } from '../repository/repository.ts';
import { furthest } from './bootstrap-search.ts';
import { lookingAt } from './bootstrap-states.ts';
import type { SetUp } from './setup.ts';

const bench = new Bench();
afterAll(() => bench[Symbol.dispose]());

const damaged = new RepriseError('repository.damaged', {
  repository: 'bootstrap',
  what: 'blob 1a2b not found',
});
const missing = new RepriseError('repository.snapshot-missing', { repository: 'bootstrap', what: 'new' });
const away = new RepriseError('repository.absent', { repository: 'bootstrap', url: '/backups' });

/** Two true states; what is asked of the newer one, its head or the whole, fails. */
async function searching(asked: 'head' | 'whole', error: RepriseError) {
  const writer = await bench.installation();
  scribble(writer, 2);
  const old = bench.state(writer);
  scribble(writer, 2);
  const states: Readonly<Record<string, string>> = { old, new: bench.state(writer) };
  await writer[Symbol.asyncDispose]();
  const refuse = (id: string, what: string): void => {
    if (id === 'new' && what === asked) throw error;
  };
  const repository = {
    name: 'bootstrap',
    url: '/backups',
    dump: async (id: string) => {
      refuse(id, 'head');
      const body = Readable.from([readFileSync(join(states[id] ?? '', stateFile))]);
      return await Promise.resolve({ body, complete: Promise.resolve() });
    },
    restore: async (id: string, into: string) => {
      refuse(id, 'whole');
      cpSync(states[id] ?? '', into, { recursive: true });
      return await Promise.resolve({ bytes: 0, files: 0 });
    },
  } as unknown as Repository;
  const setup = { home: bench.folder(), language: 'en' } as SetUp;
  const { signal } = new AbortController();
  const listed = Object.keys(states).map((id, i) => ({ id, time: new Date(i * 1000), installation: 'a' }));
  const looking = lookingAt(setup, repository, bench.root.publicKey, signal);
  return await furthest(listed, looking, { most: 10, first: 1 });
}

test.for([
  ['head', damaged],
  ['whole', damaged],
  ['head', missing],
  ['whole', missing],
] as const)('one state whose %s is gone keeps nobody from going on from another', async ([asked, error]) => {
  const { chosen, candidates } = await searching(asked, error);
  using reading = chosen?.reading;
  expect([chosen?.id, reading?.snapshot]).toEqual(['old', 'old']);
  expect(candidates.map((c) => [c.snapshot, c.valid, c.why])).toEqual([
    ['old', true, null],
    ['new', false, error.message],
  ]);
});

test.for(['head', 'whole'] as const)('a repository out of reach ends the search: %s', async (asked) => {
  await expect(searching(asked, away)).rejects.toBe(away);
});
