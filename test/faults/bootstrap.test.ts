import { existsSync, globSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

import { expect, test } from 'vitest';

import type { Result } from '../world/world.ts';
import { type Arena, entriesIn, makeArena } from './arena.ts';

/** Another machine: a folder of its own, the same repositories. */
function machine({ world }: Arena) {
  const folder = join(world.dir, 'machine');
  return {
    folder,
    home: join(folder, 'home'),
    plan: join(folder, 'reprise.yaml'),
    args: ['bootstrap', join(world.dir, 'copy')],
    input: `${world.recoveryKey}\n`,
  };
}

async function again(arena: Arena): Promise<void> {
  await arena.back('one');
  const { folder } = machine(arena);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}

/** What is right afterwards: one new installation, and its own keys open every repository and show the same points. */
async function right(arena: Arena, result: Result, points: readonly string[], label: string): Promise<void> {
  const { home, plan } = machine(arena);
  const said = `${label}: ${result.stdout}\n${result.stderr}`;
  const known = result.error === 'bootstrap.not-needed';
  expect(known || result.code === 0, said).toBe(true);
  const opened = entriesIn(home).filter((e) => e.type === 'epoch.opened');
  expect(opened.length, `${label}: an epoch for the first installation, one for this`).toBe(2);
  expect(existsSync(join(home, 'superseded')) ? globSync(`${home}/superseded/*`) : [], label).toEqual([]);
  // Reading every repository with its own machine keys, not with the recovery key.
  await arena.world.ok(['catalogue', 'rebuild'], { home, plan });
  const listed = (await arena.world.ok(['points'], { home, plan })).json.points as { readonly id: string }[];
  expect(listed.map((p) => p.id).toSorted(), label).toEqual(points);
}

test(
  'bootstrap, killed at every start of restic that finds another state, and when each of its files appears',
  {
    timeout: 1_200_000,
  },
  async () => {
    await using arena = await makeArena({ without: ['config', 'db'] });
    const { world, programs } = arena;
    await world.ok(['backup']);
    await arena.keep('one');
    const points = (await world.points()).map((p) => p.id).toSorted();
    const { args, input, home, plan, folder } = machine(arena);

    await again(arena);
    programs.watch([folder, join(world.dir, 'primary'), join(world.dir, 'copy')]);
    programs.clear();
    const whole = await world.run(args, { input, home, plan });
    const starts = programs.starts();
    await right(arena, whole, points, 'undisturbed');
    const files = [
      'reprise.yaml',
      'home/journal.sqlite',
      'home/keys/repository-primary',
      'home/keys/repository-copy',
    ];
    const say = (line: string): void => void process.stdout.write(`${line}\n`);
    const failures: string[] = [];
    const one = async (label: string, kill: () => Promise<Result>): Promise<void> => {
      const began = performance.now();
      try {
        const first = await kill();
        expect(first.code, `${label}: that moment never came`).toBe(null);
        const second = await world.run(args, { input, home, plan });
        await right(arena, second, points, label);
        say(`${label}  ok ${((performance.now() - began) / 1000).toFixed(1)} s ${second.error ?? ''}`);
      } catch (e) {
        say(`${label}  FAILED`);
        failures.push(`${label}: ${(e as Error).message}`);
      }
    };
    let last: string | undefined;
    for (const [i, start] of starts.entries()) {
      const label = `before restic ${i + 1}: ${start.argv.split(' ').find((a) => /^[a-z]+$/.test(a)) ?? ''}`;
      if (start.found === last) {
        say(`${label}  = the one before`);
        continue;
      }
      last = start.found;
      await one(label, async () => {
        await again(arena);
        programs.killAt(1 + i, 'before');
        return await world.run(args, { input, home, plan });
      });
    }
    for (const file of files)
      await one(`when ${file} appears`, async () => {
        await again(arena);
        const { child, result } = await world.start(args, { input, home, plan });
        while (!existsSync(join(folder, file)) && child.exitCode === null) await turn();
        child.kill('SIGKILL');
        return await result;
      });
    expect(failures.join('\n\n')).toBe('');
  },
);
