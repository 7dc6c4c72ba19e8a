import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { stateFile } from '../journal/segments.ts';
import type { Repository } from '../repository/repository.ts';
import { storeState, workFolder } from './states.ts';
import { openBare, type Bare } from './testing/bare.ts';

let bare: Bare;
beforeEach(async () => {
  bare = await openBare();
});
afterEach(async () => await bare[Symbol.asyncDispose]());

/** Takes a state, and gives back what `tamper` makes of its head. */
const repository = (tamper: (text: string) => string): Repository => {
  let text = '';
  return {
    name: 'near',
    backupTree: ({ root }: { root: string }) => {
      text = readFileSync(join(root, stateFile), 'utf8');
      return Promise.resolve({ snapshot: 'f'.repeat(64), bytes: 1, files: 1, added: 1 });
    },
    dump: () =>
      Promise.resolve({ body: Readable.from([Buffer.from(tamper(text))]), complete: Promise.resolve() }),
  } as never;
};
const stored = async (tamper: (text: string) => string) => {
  const run = randomUUID();
  const at = bare.step(run, 'state:near');
  const storing = storeState(bare.deps, repository(tamper), at);
  await storing.catch(() => {});
  return { storing, said: at.entries().filter((e) => e.type === 'state.stored') };
};

test('a state commits once it was read back from the repository', async () => {
  const head = bare.deps.journal.head();
  const { storing, said } = await stored((text) => text);
  expect((await storing).head).toEqual(head);
  expect(said).toMatchObject([{ body: { repository: 'near', head, snapshot: 'f'.repeat(64) } }]);
});

test.for([
  ['nothing', () => ''],
  ['an older one', (t: string) => t.replace(/"seq":\d+/, '"seq":1')],
  ['more than any state', () => 'x'.repeat(17 * 1024 * 1024)],
] as const)('a repository that gives back %s commits nothing', async ([, tamper]) => {
  const { storing, said } = await stored(tamper);
  await expect(storing).rejects.toMatchObject({ code: 'repository.damaged' });
  expect(said).toEqual([]);
});

test('the plan that was written for it does not stay, whichever way it ends', async () => {
  await stored((text) => text);
  await stored(() => '');
  expect(readdirSync(join(bare.home, 'tmp'))).toEqual([]);
  const folder = workFolder(bare.home, 'x');
  folder[Symbol.dispose]();
  expect(existsSync(folder.path)).toBe(false);
});
