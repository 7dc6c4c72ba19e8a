import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { expect } from 'vitest';

import type { Result, RunOptions, World } from '../world/world.ts';

/**
 * What must hold of every sabotaged command: how it ended, what it called the trouble, that what the repositories alone
 * prove (`catalogue rebuild`) holds no point that was not there before, and that an older point is restored whole.
 */
export interface Expected {
  /** null: killed. */
  readonly exit: number | null;
  readonly error: string | undefined;
  /** Appears in what is printed: which of the things that the code stands for. */
  readonly says?: RegExp;
  /** Ends the sabotage before the repositories are asked; it also ends if something fails. */
  readonly mend?: () => Promise<void> | void;
  /** Of these components the newest older point is restored; default: of the first. */
  readonly restores?: readonly string[];
  /** Of `catalogue rebuild`, where a repository is still in ruins; the points come from the other. Default 0. */
  readonly rebuild?: number;
}

export async function sabotaged(
  world: World,
  args: readonly string[],
  expected: Expected,
  options: RunOptions = {},
): Promise<Result> {
  const before = await world.points();
  let result: Result;
  try {
    result = await world.run(args, options);
  } finally {
    await expected.mend?.();
  }
  const said = `reprise ${args.join(' ')}\n${result.stdout}\n${result.stderr}`;
  expect({ exit: result.code, error: result.error }, said).toEqual({
    exit: expected.exit,
    error: expected.error,
  });
  if (expected.says !== undefined) expect(said).toMatch(expected.says);
  await nothingNew(world, before, expected);
  return result;
}

type Points = Awaited<ReturnType<World['points']>>;

/** The two promises that hold after any trouble. */
export async function nothingNew(
  world: World,
  before: Points,
  { restores = [before[0]?.component ?? ''], rebuild = 0 }: Pick<Expected, 'restores' | 'rebuild'> = {},
): Promise<void> {
  await world.ok(['catalogue', 'rebuild'], { exit: rebuild });
  const now = await world.points();
  expect(now.map((p) => p.id).toSorted()).toEqual(before.map((p) => p.id).toSorted());
  for (const component of restores) {
    const point = now.find((p) => p.component === component && !p.future && !p.fork);
    expect(point, `an older point of ${component}`).toBeDefined();
    await world.restores(point === undefined ? [] : [point]);
  }
}

/** The control: the same command without the sabotage makes a point of each component, and each is restored. */
export async function passes(
  world: World,
  args: readonly string[],
  options?: RunOptions & { readonly exit?: number },
): Promise<Result> {
  const before = new Set((await world.points()).map((p) => p.id));
  const result = await world.ok(args, options);
  const made = (await world.rebuiltPoints()).filter((p) => !before.has(p.id));
  expect(made.length).toBeGreaterThan(0);
  await world.restores(made);
  return result;
}

/**
 * A folder of programs that stand before the real ones. `lie(program, script)` makes one lie from now on: a shell
 * script in which `$real` is the true program; `tell(program)` makes it honest again.
 */
export interface Liars extends AsyncDisposable {
  readonly path: string;
  lie(program: string, script: string): Promise<void>;
  tell(program: string): Promise<void>;
}

/** `realIn`: the folder of the true programs, all of which are linked; undefined: whatever PATH finds. */
export async function liars(realIn?: string): Promise<Liars> {
  const path = await mkdtemp(join(tmpdir(), 'rp-liars-'));
  await chmod(path, 0o755);
  const tell = async (program: string): Promise<void> => {
    await rm(join(path, program), { force: true });
    if (realIn !== undefined) await symlink(join(realIn, program), join(path, program));
  };
  if (realIn !== undefined) for (const program of await readdir(realIn)) await tell(program);
  return {
    path,
    tell,
    async lie(program, script) {
      const real = realIn === undefined ? onPath(program, path) : `real='${join(realIn, program)}'`;
      await rm(join(path, program), { force: true });
      await writeFile(join(path, program), `#!/bin/sh\n${real}\n${script}\n`, { mode: 0o755 });
    },
    [Symbol.asyncDispose]: async () => await rm(path, { recursive: true, force: true }),
  };
}

const onPath = (program: string, liarsAt: string): string =>
  `PATH=$(echo "$PATH" | sed 's|${liarsAt}:||'); real=$(command -v ${program})`;

/** A PATH on which everything is found but these. */
export async function pathWithout(into: string, ...programs: readonly string[]): Promise<string> {
  await mkdir(into, { recursive: true });
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const links = new Map<string, string>();
  for (const folder of [...folders, '/usr/bin', '/bin'])
    for (const name of await readdir(folder).catch(() => []))
      if (!links.has(name) && !programs.includes(name)) links.set(name, join(folder, name));
  for (const [name, target] of links) await symlink(target, join(into, name));
  return into;
}
