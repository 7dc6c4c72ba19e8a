import { statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { must, run, until } from '../testbed/process.ts';
import { mountTmpfs, whyNoTmpfs } from '../testbed/tmpfs.ts';
import type { Result } from '../world/world.ts';
import { type Arena, makeArena } from './arena.ts';
import { answers, listed, orphansOf } from './trial.ts';

let arena: Arena;
beforeAll(async () => {
  arena = await makeArena({ copy: false, without: ['config', 'db'] });
  await arena.world.ok(['backup']);
});
afterAll(async () => await arena[Symbol.asyncDispose]());

test('two backups at once on one home: one is made, the other is refused and says who holds it', async () => {
  const { world } = arena;
  const before = (await listed(arena, false)).length;
  const both = await Promise.all([world.start(['backup']), world.start(['backup'])]);
  const results = await Promise.all(both.map((b) => b.result));
  const codes = results.map((r) => r.code ?? -1).toSorted((a, b) => a - b);
  // The second may also come when the first has ended: then both are whole.
  expect(
    [
      [0, 4],
      [0, 0],
    ],
    results.map((r) => r.stdout).join('\n'),
  ).toContainEqual(codes);
  for (const r of results.filter((x) => x.code === 4)) {
    expect(r.error).toBe('run.locked');
    expect(r.json.error.message).toMatch(/\d+/);
  }
  const made = (await listed(arena, true)).length - before;
  expect(made).toBe(2 * results.filter((r) => r.code === 0).length);
  expect(await world.answers()).toBe(true);
});

test('a second command leaves alone the run that is alive: its service stays held, its children live', async () => {
  const { world } = arena;
  const before = (await listed(arena, false)).length;
  const { child, result } = await world.start(['backup']);
  await until(
    async () => !(await world.answers()),
    20,
    () => 'never held',
    () => child.exitCode === null,
  );
  const other = await world.run(['resume']);
  expect(other.code, other.stdout).toBe(0);
  expect(other.json.settled).toEqual([]);
  expect((await result).code, 'undisturbed').toBe(0);
  expect((await listed(arena, false)).length).toBe(before + 2);
});

test('killed, and its children still storing: the same command ends them first, and no stored half is a point', async () => {
  const { world } = arena;
  // A restic that takes its time after Reprise has died.
  const slow = join(world.dir, 'slow');
  await mkdir(slow, { recursive: true });
  const real = join(arena.programs.path, 'restic');
  await writeFile(
    join(slow, 'restic'),
    `#!/bin/sh\ncase "$*" in *backup*component=uploads*) trap '' TERM; sleep 3;; esac\nexec ${real} "$@"\n`,
    { mode: 0o755 },
  );
  const before = (await listed(arena, false)).length;
  const { child, result } = await world.start(['backup'], { path: [slow] });
  await until(
    async () => orphansOf(arena).some((c) => c.includes('slow/restic')),
    20,
    () => 'never came to it',
    () => child.exitCode === null,
  );
  child.kill('SIGKILL');
  await result;
  expect(orphansOf(arena), 'left alone').not.toEqual([]);
  await answers(arena);
  await world.ok(['backup']);
  expect(orphansOf(arena)).toEqual([]);
  expect((await listed(arena, true)).length).toBe(before + 2);
});

test('the journal’s disk is full: a loud end, the service back, no point; with room again the same command goes on', async (ctx) => {
  const why = await whyNoTmpfs();
  if (why !== undefined) ctx.skip(why);
  const { world } = arena;
  const before = (await listed(arena, false)).length;
  await using small = await mountTmpfs({ bytes: 8 * 2 ** 20 });
  const home = join(small.path, 'home');
  await must(['cp', '-a', world.home, home]);
  const filler = join(small.path, 'filler');
  const fill = async (spare: number): Promise<void> => {
    await run(['sh', '-c', `rm -f ${filler}; cat /dev/zero >${filler} 2>/dev/null; true`]);
    await must(['truncate', '-s', String(Math.max(0, statSync(filler).size - spare * 1024)), filler]);
  };
  const loud = async ({ code, error, stdout }: Result, label: string): Promise<void> => {
    codes.push(`${label}: exit ${code}, ${error}`);
    expect(code, label).toBe(1);
    expect(error, stdout).toMatch(/^journal\.(full|not-writable)$/);
    await answers(arena);
  };
  const codes: string[] = [];
  // To the last byte; room to open the journal; to lock; for a few entries.
  for (const spare of [0, 32, 40, 64, 100]) {
    await fill(spare);
    await loud(await world.run(['backup'], { home }), `${spare} KiB`);
  }
  await rm(filler, { force: true });
  const { child, result } = await world.start(['backup'], { home });
  await until(
    async () => !(await world.answers()),
    20,
    () => 'never held',
    () => child.exitCode === null,
  );
  await fill(0);
  await loud(await result, 'full while the service is held');
  console.log(codes.join('\n'));
  await rm(filler, { force: true });
  expect((await world.ok(['backup'], { home })).code).toBe(0);
  await world.ok(['journal', 'verify'], { home });
  const points = (await world.ok(['points'], { home })).json.points as { run: string; component: string }[];
  for (const [, of] of Map.groupBy(points, (p) => p.run))
    expect(of.map((p) => p.component).toSorted(), 'a group is whole').toEqual(['notes', 'uploads']);
  expect(points.length).toBeGreaterThanOrEqual(before + 2);
  expect(await world.answers()).toBe(true);
});
