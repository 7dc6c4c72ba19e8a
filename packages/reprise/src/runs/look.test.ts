import { randomUUID } from 'node:crypto';
import { cpSync } from 'node:fs';

import { afterAll, expect, test } from 'vitest';

import { Bench, scribble } from '../journal/fixtures.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { judge } from '../lib/findings/index.ts';
import type { Repository } from '../repository/repository.ts';
import { rebuildCatalogue } from './catalogue-rebuild.ts';
import { look } from './states.ts';
import { openBare } from './testing/bare.ts';

const bench = new Bench();
afterAll(() => bench[Symbol.dispose]());

/** A repository that lists these states of one installation, the first as the newest, and says which were restored. */
function listing(
  installation: string,
  states: Readonly<Record<string, string>>,
  broken: Readonly<Record<string, Error>> = {},
) {
  const restored: string[] = [];
  const names = Object.keys(states);
  const repository = {
    name: 'primary',
    url: '/backups',
    snapshots: async () =>
      names.map((id, i) => ({
        id,
        time: new Date(Date.UTC(2026, 0, 1) - i * 1000),
        host: 'shop',
        tags: { form: 'state', installation, run: 'r' },
      })),
    restore: async (id: string, into: string) => {
      restored.push(id);
      if (id in broken) throw broken[id];
      cpSync(states[id] ?? '', into, { recursive: true });
      return { bytes: 0, files: 0 };
    },
  } as unknown as Repository;
  return { repository, restored };
}

/** Three states of a maintainer, oldest first; each names those before it. */
async function lineage() {
  const maintainer = await bench.installation({ role: 'maintainer' });
  const folders: string[] = [];
  for (const snapshot of ['m1', 'm2', 'm3']) {
    scribble(maintainer, 2);
    folders.push(bench.state(maintainer));
    maintainer.append(
      'state.stored',
      { repository: 'primary', head: maintainer.head(), snapshot },
      { run: null, step: null },
    );
  }
  const [m1, m2, m3] = folders as [string, string, string];
  const reach = bench.read(m3).header.head.hash;
  return {
    installation: maintainer.installation,
    m1,
    m2,
    m3,
    reach,
    [Symbol.asyncDispose]: async () => await maintainer[Symbol.asyncDispose](),
  };
}

test.for(['look', 'rebuild'] as const)(
  '%s: a true old state, stored anew as the newest, hides no newer one',
  async (how) => {
    await using of = await lineage();
    await using writer = await bench.installation();
    const { repository, restored } = listing(of.installation, {
      replayed: of.m1,
      m3: of.m3,
      m2: of.m2,
      m1: of.m1,
    });
    const plan = { plan: { system: 'shop', repositories: { primary: {} } } } as never;
    await using bare = await openBare({ journal: writer, plan, repository: () => repository });
    const step = bare.step('00000000-0000-4000-8000-00000000000a', 'look');
    if (how === 'look') await look(bare.deps, repository, step);
    else await rebuildCatalogue(bare.deps, { from: null }, step.signal);
    expect(writer.knows(of.reach)).toBe(true);
    expect(restored).toEqual(['replayed', 'm3']); // what it names as earlier costs nothing
  },
);

const damages = [
  new RepriseError('repository.damaged', { repository: 'primary', what: 'blob 1a2b not found' }),
  new RepriseError('repository.snapshot-missing', { repository: 'primary', what: 'm3' }),
];

test.for(damages)(
  'look: a state whose data is gone ($code) is a finding, and the one before it is read',
  async (damage) => {
    await using of = await lineage();
    await using writer = await bench.installation();
    const { repository, restored } = listing(of.installation, { m3: of.m3, m2: of.m2 }, { m3: damage });
    const plan = { plan: { system: 'shop', repositories: { primary: {} } } } as never;
    await using bare = await openBare({ journal: writer, plan, repository: () => repository });
    const { findings, imported } = await look(bare.deps, repository, bare.step(randomUUID(), 'look'));
    expect(restored).toEqual(['m3', 'm2']);
    expect(imported).toBeGreaterThan(0);
    expect(findings).toEqual([
      judge('fail', 'catalogue.state-refused', 'primary m3', { code: damage.code, repository: 'primary' }),
    ]);
  },
);

test('look: a repository out of reach is not a damaged state', async () => {
  await using of = await lineage();
  await using writer = await bench.installation();
  const away = new RepriseError('repository.absent', { repository: 'primary', url: '/backups' });
  const { repository } = listing(of.installation, { m3: of.m3, m2: of.m2 }, { m3: away });
  const plan = { plan: { system: 'shop', repositories: { primary: {} } } } as never;
  await using bare = await openBare({ journal: writer, plan, repository: () => repository });
  await expect(look(bare.deps, repository, bare.step(randomUUID(), 'look'))).rejects.toBe(away);
});

test('a snapshot that cannot be read is a finding, not a line of restic’s', async () => {
  await using writer = await bench.installation();
  const plan = { plan: { system: 'shop', repositories: { primary: {} } } } as never;
  const repository = {
    name: 'primary',
    snapshots: async (_: AbortSignal, filter: { unread(id: string): void }) => {
      ['5e08c60f', '2c974a57'].forEach((id) => filter.unread(id));
      return await Promise.resolve([]);
    },
  } as unknown as Repository;
  await using bare = await openBare({ journal: writer, plan, repository: () => repository });
  const { findings } = await look(bare.deps, repository, bare.step(randomUUID(), 'look'));
  expect(findings).toEqual([
    judge('unable', 'repository.snapshot-unread', 'primary', { snapshots: '5e08c60f, 2c974a57' }),
  ]);
});
