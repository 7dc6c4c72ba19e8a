import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { beforeEach, expect, onTestFinished, test } from 'vitest';

import type { Host } from '../../hosts/host.ts';
import { localHost } from '../../hosts/local.ts';
import { systemClock } from '../../lib/clock.ts';
import type { Context } from '../kind.ts';
import { FilesSpec } from './spec.ts';
import { treeOf } from './tree.ts';
import { clear } from './vacancy.ts';
import { walk } from './walk.ts';

const { signal } = new AbortController();
let root = '';
/** A host that is nobody in particular, on which `root` is a file system of its own. */
let at: Context;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-walk-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  root = join(folder, 'volume');
  for (const path of ['lost+found', 'a/private', 'a/b/cache', 'a/b/other']) {
    mkdirSync(join(root, path), { recursive: true });
    writeFileSync(join(root, path, 'x'), '');
  }
  for (const path of [folder, root]) chmodSync(path, 0o777);
  for (const path of ['lost+found', 'a/private', 'a/b/cache']) chmodSync(join(root, path), 0o000);
  const local = localHost({ run: null, scratchRoot: join(folder, 'scratch'), clock: systemClock });
  const host: Partial<Host> = {
    run: async (command, s) =>
      await local.run(process.getuid?.() === 0 ? { ...command, user: 'nobody' } : command, s),
    stat: async (path, s) => {
      const found = await local.stat(path, s);
      return found === undefined || path === dirname(root) ? found : { ...found, id: `ext4:${found.id}` };
    },
  };
  at = { host: Object.assign(Object.create(local) as Host, host), signal } as Context;
});

async function paths(excludes: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  const tree = await treeOf(FilesSpec.parse({ path: root, excludes }), at);
  for await (const batch of walk(at.host, tree, signal)) found.push(...batch.map((e) => e.path));
  return found.toSorted();
}

test('what is left out by name is not entered, the folder of the file system among it', async () => {
  const left = ['', 'a', 'a/b', 'a/b/other', 'a/b/other/x'];
  expect(await paths(['./a/private', 'cache'])).toEqual(left);
  expect(await paths(['a//private/', './a/b/cache', '.', './.', './'])).toEqual(left);
});

test('what is to be captured and cannot be entered is an error', async () => {
  await expect(paths(['./a/private'])).rejects.toMatchObject({ code: 'process.failed' });
  await expect(paths(['./private', 'cache'])).rejects.toMatchObject({ code: 'process.failed' });
  await expect(paths(['cache', 'rivate'])).rejects.toMatchObject({ code: 'process.failed' });
});

test('a volume is emptied without entering that folder', async () => {
  for (const path of ['a', 'a/b', 'a/private', 'a/b/cache', 'a/b/other']) chmodSync(join(root, path), 0o777);
  await clear(FilesSpec.parse({ path: root }), at, 'wipe', 'x');
  expect(readdirSync(root)).toEqual(['lost+found']);
});
