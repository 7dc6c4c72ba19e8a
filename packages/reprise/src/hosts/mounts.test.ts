import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest';

import { systemClock } from '../lib/clock.ts';
import { mountIn } from './files.ts';
import { text } from './finish.ts';
import type { Host } from './host.ts';
import { localHost } from './local.ts';

/** What a host does where other file systems are mounted, and what it refuses to who is not root: only root can try. */
let folder = '';
let host: Host;
const { signal } = new AbortController();
const needsRoot = (t: TestContext): void =>
  t.skip(
    process.getuid?.() !== 0 || spawnSync('unshare', ['-m', 'true']).status !== 0,
    'needs root: mounts file systems',
  );
const mount = (...args: string[]): void =>
  expect(spawnSync('mount', args, { encoding: 'utf8' }).stderr).toBe('');
const umount = (path: string): void => void spawnSync('umount', ['-l', path]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reprise-mounts-'));
  await chmod(folder, 0o755);
  host = localHost({ run: null, scratchRoot: join(folder, 'scratch'), clock: systemClock });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('removing never reaches into a mounted file system, nor into a bind mount of the same one', async (t) => {
  needsRoot(t);
  await mkdir(join(folder, 'live'));
  await writeFile(join(folder, 'live/data'), 'x');
  const at = join(folder, 'tree/an odd\tname\n');
  await mkdir(at, { recursive: true });
  for (const how of [
    ['--bind', join(folder, 'live')],
    ['-t', 'tmpfs', 'tmpfs'],
  ]) {
    mount(...how, at);
    try {
      if (how[0] === '-t') await writeFile(join(at, 'data'), 'x');
      for (const path of [join(folder, 'tree'), at])
        await expect(host.remove(path, signal)).rejects.toMatchObject({
          code: 'path.mounted',
          exit: 4,
          params: { mount: at },
        });
      expect(await readdir(at)).toEqual(['data']);
    } finally {
      umount(at);
    }
  }
  // Through a symbolic link to the parent the mount is found as well.
  await host.remove(join(folder, 'tree'), signal);
  expect(await readdir(join(folder, 'live'))).toEqual(['data']);
});

test('a mount beside a folder of a longer name is none of its own', async () => {
  expect(await mountIn('/pro')).toBeUndefined();
  expect(await mountIn('/proc')).toBe('/proc');
  expect(await mountIn('/nowhere/at/all')).toBeUndefined();
});

test('what a claim has used already is not counted twice', async (t) => {
  needsRoot(t);
  const small = join(folder, 'small');
  await mkdir(small);
  mount('-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', small);
  try {
    const there = localHost({ run: null, scratchRoot: join(small, 'scratch'), clock: systemClock });
    const MiB = 1024 * 1024;
    const first = await there.scratch(40 * MiB, signal);
    await expect(there.scratch(30 * MiB, signal)).rejects.toMatchObject({ code: 'scratch.full' });
    await mkdir(join(first.path, 'below'));
    await writeFile(join(first.path, 'below/big'), Buffer.alloc(30 * MiB, 1));
    const second = await there.scratch(20 * MiB, signal);
    await expect(there.scratch(10 * MiB, signal)).rejects.toMatchObject({ code: 'scratch.full' });
    await first[Symbol.asyncDispose]();
    await second[Symbol.asyncDispose]();
    await using _all = await there.scratch(60 * MiB, signal);
  } finally {
    umount(small);
  }
});

test('a scratch folder that its user cannot reach is refused, and taken back', async (t) => {
  needsRoot(t);
  await mkdir(join(folder, 'closed'), { mode: 0o700 });
  const root = join(folder, 'closed/scratch');
  const inside = localHost({ run: null, scratchRoot: root, clock: systemClock });
  await expect(inside.scratch(1, signal, 'nobody')).rejects.toMatchObject({ code: 'scratch.unreachable' });
  expect(await readdir(root)).toEqual(['ledger.lock']);
});

test('who is not root runs commands as itself, and is told clearly that it cannot as others', async (t) => {
  needsRoot(t);
  const script = `
    import { localHost } from ${JSON.stringify(join(import.meta.dirname, 'local.ts'))};
    import { text } from ${JSON.stringify(join(import.meta.dirname, 'finish.ts'))};
    import { systemClock } from ${JSON.stringify(join(import.meta.dirname, '../lib/clock.ts'))};
    const { signal } = new AbortController();
    const host = localHost({ run: null, scratchRoot: '/nowhere', clock: systemClock });
    console.log((await text(host, { argv: ['id', '-un'], user: 'nobody' }, signal)).trim());
    await text(host, { argv: ['id', '-un'], user: 'root' }, signal).catch((e) => console.log(e.code, JSON.stringify(e.params)));`;
  const argv = [process.execPath, '--input-type=module', '-e', script] as [string, ...string[]];
  expect(await text(host, { argv, user: 'nobody' }, signal)).toBe(
    'nobody\nuser.forbidden {"user":"root","self":"nobody","host":"local"}\n',
  );
});
