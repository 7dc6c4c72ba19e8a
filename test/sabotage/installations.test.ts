import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { must } from '../testbed/process.ts';
import { makeWorld, type World } from '../world/world.ts';
import { liars, nothingNew, passes, sabotaged, type Liars } from './harness.ts';

/** Others write into the repository as well: a maintainer, a successor, an intruder. */
let world: World;
let tools: Liars;
beforeAll(async () => {
  world = await makeWorld({ copy: false, without: ['db'] });
  tools = await liars();
  await world.ok(['backup']);
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await tools?.[Symbol.asyncDispose]();
});

const primary = (): string => join(world.dir, 'primary');
async function machine(name: string) {
  const cwd = join(world.dir, name);
  await mkdir(cwd);
  return { cwd, home: join(cwd, '.reprise'), plan: join(cwd, 'reprise.yaml') };
}
const restic = async (...args: string[]): Promise<string> =>
  await must(['restic', '-r', primary(), ...args], {
    env: { ...world.env, RESTIC_PASSWORD: world.recoveryKey },
  });
async function snapshots(tag: string): Promise<{ id: string; tags: string[] }[]> {
  return JSON.parse(await restic('snapshots', '--json', '--no-lock', '--tag', tag)) as never;
}

test('a maintainer elsewhere while a backup runs: its parts are not swept', async () => {
  const elsewhere = await machine('maintainer');
  const key = { input: `${world.recoveryKey}\n` };
  await world.ok(['maintain', '--join', primary()], { ...elsewhere, ...key });
  const parts = await snapshots('part');
  // The first part of the group is stored; the second is held up while the maintainer works.
  const { result: running } = await held(world, ['backup', 'app']);
  const before = await snapshots('part');
  expect(before.length).toBe(parts.length + 1);
  await world.ok(['maintain'], elsewhere);
  const after = await snapshots('part');
  expect(after.map((s) => s.id)).toEqual(before.map((s) => s.id));
  await writeFile(join(world.dir, 'go'), '');
  expect((await running).code).toBe(0);
  const made = (await world.rebuiltPoints()).slice(0, 2);
  await world.restores(made);
}, 240_000);

async function held(of: World, args: readonly string[]) {
  // `find` looks at the folder before the first part too (preflight): the flag is set when a part is there.
  const count = (await snapshots('part')).length;
  await tools.lie(
    'find',
    `n=$(ls '${primary()}/snapshots' | wc -l); if [ $n -gt $(cat '${of.dir}/count') ]; then touch '${of.dir}/waits'; while [ ! -e '${of.dir}/go' ]; do sleep 0.05; done; fi; exec "$real" "$@"`,
  );
  const all = (await readdir(join(primary(), 'snapshots'))).length;
  await writeFile(join(of.dir, 'count'), String(all));
  const { result } = await of.start(args, { path: [tools.path] });
  await expect
    .poll(async () => (await snapshots('part')).length > count && (await exists(join(of.dir, 'waits'))), {
      timeout: 30_000,
      interval: 200,
    })
    .toBe(true);
  return { result }; // not awaited: it waits for `go`
}
const exists = async (file: string): Promise<boolean> =>
  await readFile(file).then(
    () => true,
    () => false,
  );

describe('a state that is not ours', () => {
  /** Stored as the newest state of our installation; what was newest is gone. */
  async function replace(folder: string): Promise<string> {
    const states = await snapshots('state');
    const newest = states.at(-1);
    const tags = (newest?.tags ?? []).flatMap((tag) => ['--tag', tag]);
    await must(['restic', '-r', primary(), 'backup', '.', '-q', '--host', 'world', ...tags], {
      cwd: folder,
      env: { ...world.env, RESTIC_PASSWORD: world.recoveryKey },
    });
    await restic('forget', '-q', newest?.id ?? '');
    return (await snapshots('state')).at(-1)?.id ?? '';
  }
  async function refused(forged: string, name: string, error: string): Promise<void> {
    const other = { ...(await machine(name)), input: `${world.recoveryKey}\n` };
    await sabotaged(
      world,
      ['bootstrap', primary(), '--state', forged.slice(0, 12)],
      { exit: 1, error, restores: ['config'] },
      other,
    );
  }

  test('an intruder’s own, well signed by another key', async () => {
    await using intruder = await makeWorld({ copy: false, without: ['db', 'app'] });
    await intruder.ok(['backup']);
    const folder = join(world.dir, 'forged');
    const env = { ...world.env, RESTIC_PASSWORD: intruder.recoveryKey };
    await must(
      [
        'restic',
        '-r',
        join(intruder.dir, 'primary'),
        'restore',
        '-q',
        '--tag',
        'state',
        'latest',
        '--target',
        folder,
      ],
      { env },
    );
    await world.ok(['backup', 'config']);
    await refused(await replace(folder), 'fresh', 'bootstrap.no-state');
  });

  test('ours, rewritten', async () => {
    const folder = join(world.dir, 'rewritten');
    await world.ok(['backup', 'config']);
    await restic('restore', '-q', '--tag', 'state', 'latest', '--target', folder);
    for (const file of await readdir(folder, { recursive: true })) {
      if (!file.endsWith('.ndjson')) continue;
      const text = await readFile(join(folder, file), 'utf8');
      await writeFile(join(folder, file), text.replaceAll('"component":"config"', '"component":"Config"'));
    }
    await refused(await replace(folder), 'fresher', 'state.rewritten');
  });

  test('true old ones, stored anew as the newest, hide no newer one', async () => {
    const folder = join(world.dir, 'old');
    await restic('restore', '-q', (await snapshots('state')).at(-1)?.id ?? '', '--target', folder);
    await world.ok(['backup', 'config']);
    const newest = (await snapshots('state')).at(-1);
    const tags = (newest?.tags ?? []).flatMap((tag) => ['--tag', tag]);
    for (let i = 0; i < 4; i++)
      await must(['restic', '-r', primary(), 'backup', '.', '-q', '--host', 'world', ...tags], {
        cwd: folder,
        env: { ...world.env, RESTIC_PASSWORD: world.recoveryKey },
      });
    const other = { ...(await machine('replayed')), input: `${world.recoveryKey}\n` };
    const { json } = await world.ok(['bootstrap', primary(), '--list'], other);
    expect(json.candidates[0]).toMatchObject({ snapshot: newest?.id, valid: true });
  });

  test('control: the true one', async () => {
    await world.ok(['backup', 'config']);
    const other = { ...(await machine('true')), input: `${world.recoveryKey}\n` };
    const { json } = await world.ok(['bootstrap', primary(), '--list'], other);
    expect(json.candidates[0].valid).toBe(true);
  });
});

test('the old installation that wakes after a new one took over makes no point', async () => {
  const before = await world.points();
  const asleep = join(world.dir, 'asleep');
  await cp(world.home, asleep, { recursive: true });
  const successor = { ...(await machine('successor')), input: `${world.recoveryKey}\n` };
  // Killed once its first state is stored, which is the newest from then on: the same command goes on.
  const killed = { ...successor, env: { REPRISE_TEST_KILL: 'after-finished@state:primary' } };
  expect((await world.run(['bootstrap', primary()], killed)).code).toBe(null);
  await world.ok(['bootstrap', primary()], successor);
  await sabotaged(world, ['backup', 'config'], {
    exit: 4,
    error: 'journal.superseded',
    restores: ['config'],
  });
  // Who knows it may: what is made then is a fork, and not chosen.
  expect(await forks()).toEqual([]);
  await world.ok(['backup', 'config', '--fork']);
  await world.ok(['catalogue', 'rebuild']);
  expect(await forks()).toHaveLength(1);
  expect((await world.points()).map((p) => p.id)).toEqual(before.map((p) => p.id));
  await nothingNew(world, await world.points(), { restores: ['config'] });
  // Control: the successor backs up.
  await passes({ ...world, ...wrapped(successor) }, ['backup', 'config']);
});

const forks = async (): Promise<unknown[]> => (await world.ok(['points'])).json.forks;

/** The world as another machine sees it. */
function wrapped(on: {
  cwd: string;
  home: string;
  plan: string;
}): Pick<World, 'ok' | 'run' | 'points' | 'rebuiltPoints' | 'restores'> {
  const ok: World['ok'] = async (args, o) => await world.ok(args, { ...on, ...o });
  const points: World['points'] = async (c) =>
    (await ok(['points', ...(c === undefined ? [] : [c])])).json.points;
  return {
    ok,
    points,
    run: async (args, o) => await world.run(args, { ...on, ...o }),
    rebuiltPoints: async (c) => (await ok(['catalogue', 'rebuild']), await points(c)),
    restores: async (of) => {
      for (const { component, id } of of)
        await ok(['restore', component, '--point', id, '--to', `directory:${join(on.cwd, 'restored')}`]);
    },
  };
}
