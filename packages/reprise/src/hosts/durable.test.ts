import { existsSync, fstatSync, readlinkSync } from 'node:fs';
import { type FileHandle, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { makeAll, makeFolder, renameDurably, writeAtomically } from './files.ts';

/** What was flushed to the disk, when: nothing else shows a missing fsync but a power cut. */
let folder = '';
const { signal } = new AbortController();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reprise-durable-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function flushed<T>(
  act: () => Promise<T>,
  look: (path: string, size: number) => string,
): Promise<readonly string[]> {
  await using any = await open(folder);
  const prototype = Object.getPrototypeOf(any) as FileHandle;
  const seen: string[] = [];
  const real: (this: FileHandle) => Promise<void> = Reflect.get(prototype, 'sync');
  const spy = vi.spyOn(prototype, 'sync').mockImplementation(async function sync(this: FileHandle) {
    seen.push(look(readlinkSync(`/proc/self/fd/${this.fd}`), fstatSync(this.fd).size));
    await real.call(this);
  });
  try {
    await act();
  } finally {
    spy.mockRestore();
  }
  return seen;
}

test('a file is flushed whole before it is renamed, and the folder after', async () => {
  const path = join(folder, 'state');
  await writeFile(path, 'old');
  const order = await flushed(
    () => writeAtomically(path, 'brand new', 0o600, undefined, signal),
    (what, size) => (what === folder ? 'folder' : `${size} bytes beside`),
  );
  expect(order).toEqual(['9 bytes beside', 'folder']);
  expect(await readFile(path, 'utf8')).toBe('brand new');
});

test('a name as long as a file system takes can be written, in any script', async () => {
  const name = '漢'.repeat(85); // 255 bytes
  await writeAtomically(join(folder, name), 'x', 0o600, undefined, signal);
  expect(await readFile(join(folder, name), 'utf8')).toBe('x');
});

test('the old content is there while the new is flushed', async () => {
  const path = join(folder, 'other');
  const order = await flushed(
    () => writeAtomically(path, 'new', 0o600, undefined, signal),
    (what) => `${what === folder ? 'folder' : 'file'}: ${existsSync(path) ? 'there' : 'not there'}`,
  );
  expect(order).toEqual(['file: not there', 'folder: there']);
});

test('new folders and renames are flushed in the folders that name them', async () => {
  const below = join(folder, 'a/b');
  expect(
    await flushed(
      () => makeFolder(below, 0o700),
      (what) => what,
    ),
  ).toEqual([join(folder, 'a'), folder]);
  expect(
    await flushed(
      () => renameDurably(below, join(folder, 'c')),
      (what) => what,
    ),
  ).toEqual([folder, join(folder, 'a')]);
  expect(
    await flushed(
      () => makeFolder(below, 0o700),
      (what) => what,
    ),
  ).toEqual([join(folder, 'a')]);
});

test.each(['/proc/nothing-here/below', '/sys/nothing-here/below'])(
  'a folder that %s cannot have is refused, not tried for ever',
  { timeout: 5000 },
  async (path) => {
    await expect(makeFolder(path, 0o755)).rejects.toMatchObject({ code: 'path.failed' });
  },
);

test('a folder is made with its parents once, and never in place of a file', async () => {
  const path = join(folder, 'made/a/b');
  expect(await makeAll(path, 0o755)).toBe(join(folder, 'made'));
  expect(await makeAll(path, 0o755)).toBeUndefined();
  await writeFile(join(path, 'file'), '');
  await expect(makeAll(join(path, 'file'), 0o755)).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeAll(join(path, 'file/below'), 0o755)).rejects.toMatchObject({ code: 'ENOTDIR' });
  const both = await Promise.all([1, 2].map(async () => await makeAll(join(folder, 'both/a'), 0o755)));
  expect(both).toContain(join(folder, 'both'));
});
