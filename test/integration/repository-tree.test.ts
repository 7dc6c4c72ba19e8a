import {
  chown,
  link,
  lstat,
  mkdir,
  open,
  readFile,
  readlink,
  readdir,
  rename,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { expect, test } from 'vitest';

import { must, root, run } from '../testbed/process.ts';
import { bench, calm, codeOf, password, tags, type Bench } from './repository-bench.ts';

test('a tree comes back with owners, modes, ACLs, xattrs, links, hard links, holes and odd names', async (ctx) => {
  ctx.skip(!root(), 'giving files to other users needs root');
  await using at = await bench();
  const repository = await at.fresh();
  const tree = join(at.folder, 'tree');
  await mkdir(join(tree, 'd'), { recursive: true });
  const file = async (name: string, body = name) => await writeFile(join(tree, name), body, { mode: 0o640 });
  await file('d/owned');
  await chown(join(tree, 'd/owned'), 1234, 4321);
  await chown(join(tree, 'd'), 1234, 1234);
  await link(join(tree, 'd/owned'), join(tree, 'second'));
  await symlink('/nowhere/at all', join(tree, 'link'));
  await file(' odd\n"name"\\ *é');
  await file('extended');
  await must([
    'python3',
    '-c',
    'import os,sys; os.setxattr(sys.argv[1], "user.reprise", b"kept")',
    join(tree, 'extended'),
  ]);
  const acl = (await run(['setfacl', '-m', 'u:4321:rw', join(tree, 'extended')])).code === 0;
  await using holes = await open(join(tree, 'sparse'), 'w');
  await holes.write('end', 50_000_000);

  const stored = await repository.backupTree({ root: tree }, tags('tree'), calm);
  const back = join(at.folder, 'back');
  await repository.restore(stored.snapshot, back, calm);

  expect((await readdir(back)).toSorted()).toEqual((await readdir(tree)).toSorted());
  expect(await stat(join(back, 'd/owned'))).toMatchObject({
    uid: 1234,
    gid: 4321,
    mode: 0o100640,
    nlink: 2,
  });
  expect(await stat(join(back, 'd'))).toMatchObject({ uid: 1234, gid: 1234 });
  expect((await stat(join(back, 'second'))).ino).toBe((await stat(join(back, 'd/owned'))).ino);
  expect(await readlink(join(back, 'link'))).toBe('/nowhere/at all');
  expect(await readFile(join(back, ' odd\n"name"\\ *é'), 'utf8')).toBe(' odd\n"name"\\ *é');
  expect(
    await must([
      'python3',
      '-c',
      'import os,sys; print(os.getxattr(sys.argv[1], "user.reprise"))',
      join(back, 'extended'),
    ]),
  ).toContain('kept');
  if (acl) expect(await must(['getfacl', '-n', '-p', join(back, 'extended')])).toContain('user:4321:rw-');
  const sparse = await lstat(join(back, 'sparse'));
  expect(sparse.size).toBe(50_000_003);
  expect(sparse.blocks * 512).toBeLessThan(5_000_000);
  expect((await lstat(join(back, 'link'))).mtimeMs).toBe((await lstat(join(tree, 'link'))).mtimeMs);
});

test('includes and excludes are relative to root, whatever the folders above it are called', async () => {
  await using at = await bench();
  const repository = await at.fresh();
  // The folders above root bear the names that are excluded below.
  const tree = join(at.folder, 'cache/[a]b/app');
  for (const path of [
    'cache/x',
    'keep/cache/y',
    'keep/z.log',
    'top/t',
    'keep/top/u',
    'home/key',
    'other/o',
  ]) {
    await mkdir(join(tree, path, '..'), { recursive: true });
    await writeFile(join(tree, path), path);
  }
  const excludes = ['cache', '*.log', '/top', join(tree, 'home'), '!keep/none'];
  const stored = await repository.backupTree({ root: `${tree}/`, excludes }, tags('t'), calm);
  expect(await files(repository.list(stored.snapshot, calm))).toEqual(['/keep/top/u', '/other/o']);
  expect((await repository.snapshots(calm))[0]?.paths).toEqual([tree]);
  const some = await repository.backupTree({ root: tree, includes: ['top', 'keep/z.log'] }, tags('t'), calm);
  expect(await files(repository.list(some.snapshot, calm))).toEqual(['/keep/z.log', '/top/t']);
});

test('what is missing or cannot be read fails the capture', async (ctx) => {
  ctx.skip(!root(), 'giving files to other users needs root');
  await using at = await bench();
  const tree = join(at.folder, 'tree');
  await mkdir(tree);
  await writeFile(join(tree, 'a'), 'a');
  const repository = await at.fresh();
  expect(await codeOf(repository.backupTree({ root: tree, includes: ['a', 'b'] }, tags('t'), calm))).toBe(
    'repository.incomplete',
  );
  await expect(repository.backupTree({ root: tree, includes: ['../x'] }, tags('t'), calm)).rejects.toThrow(
    TypeError,
  );
  // A file that can be opened and not read: restic exits with 3 *and* saves a snapshot, which is debris.
  const unreadable = { root: `/proc/${process.pid}`, includes: ['comm', 'mem'] };
  await expect(repository.backupTree(unreadable, tags('t'), calm)).rejects.toMatchObject({
    code: 'repository.incomplete',
    params: {
      part: unreadable.root,
      what: { en: expect.stringMatching(/mem.*input\/output error/i) as string },
    },
  });
  expect(await repository.snapshots(calm)).toHaveLength(1);
});

test('a parent saves reading, also after the folder was moved; one that was forgotten is no obstacle', async () => {
  await using at = await bench();
  const repository = await at.fresh();
  const tree = join(at.folder, 'tree');
  await mkdir(tree);
  await writeFile(join(tree, 'a'), Buffer.alloc(3_000_000, 'x'));
  const first = await repository.backupTree({ root: tree }, tags('t'), calm);
  const moved = join(at.folder, 'moved');
  await rename(tree, moved);
  const second = await repository.backupTree({ root: moved, parent: first.snapshot }, tags('t'), calm);
  expect(second).toMatchObject({ bytes: 3_000_000, files: 1 });
  expect(await unread(at, repository.path, second.snapshot)).toEqual({ parent: first.snapshot, files: 1 });
  const [, listed] = await repository.snapshots(calm);
  expect(listed).toMatchObject({ bytes: 3_000_000 });
  await repository.forget([first.snapshot], calm);
  const third = await repository.backupTree({ root: moved, parent: first.snapshot }, tags('t'), calm);
  expect(third).toMatchObject({ bytes: 3_000_000, files: 1 });
});

/** Which snapshot restic built on, and how many files it did not read because they were in that one. */
async function unread({ host }: Bench, repository: string, snapshot: string): Promise<unknown> {
  const argv: [string, ...string[]] = ['restic', '--no-cache', '-r', repository, 'cat', 'snapshot', snapshot];
  const running = await host.run({ argv, stdin: 'pipe' }, calm);
  running.stdin.end(`${password.reveal()}\n`);
  const [said] = await Promise.all([text(running.stdout), running.exit]);
  const { parent, summary } = JSON.parse(said) as { parent?: string; summary: { files_unmodified: number } };
  return { parent, files: summary.files_unmodified };
}

async function files(list: AsyncIterable<{ path: string; type: string }>): Promise<string[]> {
  return (await Array.fromAsync(list))
    .filter((e) => e.type === 'file')
    .map((e) => e.path)
    .toSorted();
}
