import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { captured } from '../catalogue/fixtures.ts';
import { pointId } from '../catalogue/project.ts';
import { stateFile } from '../journal/segments.ts';
import { systemClock } from '../lib/clock.ts';
import type { Repository } from '../repository/repository.ts';
import { Catalogue } from './catalogue.ts';
import { look, storeState, workFolder } from './states.ts';
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

/** Looks into an empty repository so many hours later, as a run of its own or as `run`; gives what it abandoned. */
async function abandonedAfter(hours: number, run: string = randomUUID()): Promise<readonly unknown[]> {
  const clock = { ...systemClock, now: () => new Date(Date.now() + hours * 3_600_000) };
  const { journal } = bare.deps;
  const catalogue = new Catalogue(journal, clock);
  const points: Bare['deps']['points'] = (filter) => catalogue.points(filter);
  const deps = { journal, clock, home: bare.home, plan: bare.deps.plan, points } as Bare['deps'];
  const empty = { name: 'near', snapshots: () => Promise.resolve([]) } as never;
  const before = journal.head().seq;
  await look(deps, empty, bare.step(run, 'look:near'));
  return [...journal.entries({ type: 'point.abandoned' })].filter((e) => e.seq > before).map((e) => e.body);
}
/** A capture of now that no state has committed yet. */
function pending(component: string, run = randomUUID()): string {
  const at = new Date().toISOString();
  const cause = { run, step: `capture:${component}` };
  const body = { ...captured(component, `s-${component}`, at), repository: 'near' };
  const entry = bare.deps.journal.append('point.captured', body, cause);
  return pointId({ entry, hash: bare.deps.journal.head().hash });
}

test('a point that no state committed within a day is abandoned, once, and said so', async () => {
  const db = pending('db');
  expect(await abandonedAfter(23.9)).toEqual([]);
  expect(await abandonedAfter(24.1)).toEqual([{ point: db, reason: 'pending for more than 24 h' }]);
  expect(await abandonedAfter(48)).toEqual([]);
});

test('neither the point of the run that looks, nor one that a state has, is abandoned', async () => {
  const run = randomUUID();
  pending('web', run);
  expect(await abandonedAfter(25, run)).toEqual([]);
  await stored((text) => text);
  expect(await abandonedAfter(25)).toEqual([]);
});
