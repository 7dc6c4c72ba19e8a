import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { RepriseError } from '../lib/errors/index.ts';
import { journalEntries } from './journal.ts';
import { openBare } from './testing/bare.ts';

test('of a run that there is, its entries; one that there is not is refused before anything is shown', async () => {
  await using bare = await openBare();
  const run = randomUUID();
  const started = { recipe: 'backup', plan: null, args: {}, pid: 1 };
  bare.deps.journal.append('run.started', started, { run, step: null });
  bare.deps.journal.append('run.resumed', { pid: 1 }, { run: randomUUID(), step: null });
  const show = (of: string | null, types: readonly string[] = []) =>
    [...journalEntries(bare.deps, { run: of, types, after: null })].map((e) => e.type);
  expect(show(run)).toEqual(['run.started']);
  expect(show(run, ['run.resumed'])).toEqual([]);
  expect(show(null, ['run.resumed'])).toEqual(['run.resumed']);
  for (const none of ['nope', run.slice(0, 8), randomUUID()])
    expect(() => journalEntries(bare.deps, { run: none, types: [], after: null })).toThrow(
      new RepriseError('journal.unknown-run', { run: none }),
    );
});
