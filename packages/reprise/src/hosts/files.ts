import { randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import {
  chmod,
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  stat,
  statfs,
  unlink,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';

import { RepriseError } from '../lib/errors/index.ts';
import { Secret } from '../lib/secret.ts';
import type { FileStat } from './host.ts';
import type { User } from './users.ts';

/** Gives what `act` gives; an error of the file system becomes `path.failed` that names path and errno. */
export async function naming<T>(doing: string, path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (e) {
    const { code, syscall } = e as NodeJS.ErrnoException;
    if (e instanceof RepriseError || syscall === undefined) throw e;
    throw new RepriseError('path.failed', { path, doing, why: code ?? 'error' }, { cause: e });
  }
}

export const openToRead = (path: string, signal: AbortSignal): Promise<Readable> =>
  naming('read', path, async () => {
    signal.throwIfAborted();
    const file = await open(path, constants.O_RDONLY);
    if ((await file.stat()).isDirectory()) {
      await file.close();
      throw new RepriseError('path.failed', { path, doing: 'read', why: 'EISDIR' });
    }
    return createReadStream('', { fd: file, signal });
  });

/**
 * Writes beside the target and renames over it, so that a reader, or a kill at any moment, meets the old content or
 * the new. Mode and owner are set before any content is there, content and folder are on the disk before it returns.
 */
export const writeAtomically = (
  path: string,
  body: Readable | string | Secret,
  mode: number,
  owner: User | undefined,
  signal: AbortSignal,
): Promise<void> =>
  naming('write', path, async () => {
    signal.throwIfAborted();
    const temporary = join(dirname(path), `.${basename(path).slice(0, 50)}.${randomUUID()}.reprise`);
    const file = await open(temporary, 'wx', 0o600);
    try {
      try {
        if (owner !== undefined) await file.chown(owner.uid, owner.gid);
        await file.chmod(mode);
        await fill(file, body, signal);
        await file.sync();
      } finally {
        await file.close();
      }
      signal.throwIfAborted();
      await rename(temporary, path);
    } catch (e) {
      await unlink(temporary).catch(() => {});
      throw e;
    }
    await syncFolder(dirname(path));
  });

async function fill(file: FileHandle, body: Readable | string | Secret, signal: AbortSignal): Promise<void> {
  if (typeof body === 'string') return await file.writeFile(body);
  if (body instanceof Secret) return await file.writeFile(body.reveal());
  const stop = (): void => void body.destroy(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of body as AsyncIterable<Buffer | string>) await file.writeFile(chunk);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, constants.O_RDONLY);
  await folder.sync();
}

export const statOf = (path: string): Promise<FileStat | undefined> =>
  naming('stat', path, async () => {
    try {
      const s = await lstat(path, { bigint: true });
      const type = s.isFile()
        ? 'file'
        : s.isDirectory()
          ? 'directory'
          : s.isSymbolicLink()
            ? 'symlink'
            : 'other';
      return {
        type,
        size: Number(s.size),
        mode: Number(s.mode & 0o7777n),
        uid: Number(s.uid),
        gid: Number(s.gid),
        id: `${s.dev}:${s.ino}`,
      };
    } catch (e) {
      if (['ENOENT', 'ENOTDIR'].includes((e as NodeJS.ErrnoException).code ?? '')) return undefined;
      throw e;
    }
  });

export const namesIn = (path: string): Promise<readonly string[]> =>
  naming('list', path, async () => (await readdir(path)).toSorted());

/** Parents too; `mode` (whatever the umask) for each folder that is made. What is there already keeps its own. */
export const makeFolder = (path: string, mode: number): Promise<void> =>
  naming('mkdir', path, async () => {
    const first = await makeAll(path, mode);
    if (first === undefined) return;
    for (let made = path; made.length >= first.length; made = dirname(made)) {
      await chmod(made, mode);
      await syncFolder(dirname(made));
    }
  });

/**
 * As `mkdir -p`; the topmost folder that was made, if any. One folder at a time: the recursive mkdir of Node.js never
 * ends where a file system has the parent and refuses what is below it with ENOENT, as /proc does.
 */
export async function makeAll(path: string, mode: number): Promise<string | undefined> {
  const missing: string[] = [];
  for (let at = path; (await statOf(at)) === undefined; at = dirname(at)) missing.unshift(at);
  if (missing.length === 0 && !(await stat(path)).isDirectory()) await mkdir(path, mode); // EEXIST
  const made: string[] = [];
  for (const folder of missing)
    try {
      await mkdir(folder, mode);
      made.push(folder);
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code !== 'EEXIST') throw e; // somebody else made it meanwhile
    }
  return made[0];
}

export const renameDurably = (from: string, to: string): Promise<void> =>
  naming('rename', from, async () => {
    await rename(from, to);
    await syncFolder(dirname(to));
    if (dirname(from) !== dirname(to)) await syncFolder(dirname(from));
  });

/** Bytes for an unprivileged user, at the nearest folder above that exists. */
export const freeAt = (path: string): Promise<number> =>
  naming('free', path, async () => {
    for (let at = path; ; at = dirname(at)) {
      try {
        const { bavail, bsize } = await statfs(at, { bigint: true });
        return Number(bavail * bsize);
      } catch (e) {
        const { code } = e as NodeJS.ErrnoException;
        if ((code !== 'ENOENT' && code !== 'ENOTDIR') || at === dirname(at)) throw e;
      }
    }
  });

/**
 * A mount point at or below `path`, if there is one. Asked of the kernel's own table: a bind mount of the same file
 * system has the same device number, so that comparing devices (`rm --one-file-system`) does not see it.
 * Fields and escapes of /proc/self/mountinfo: proc_pid_mountinfo(5).
 */
export async function mountIn(path: string): Promise<string | undefined> {
  const parent = await realpath(dirname(path)).catch(() => undefined);
  if (parent === undefined) return undefined;
  const real = join(parent, basename(path));
  const table = await readFile('/proc/self/mountinfo', 'utf8');
  return table
    .split('\n')
    .map((line) =>
      (line.split(' ')[4] ?? '').replaceAll(/\\([0-7]{3})/g, (_, o: string) =>
        String.fromCodePoint(Number.parseInt(o, 8)),
      ),
    )
    .find((mount) => mount === real || mount.startsWith(real === '/' ? '/' : `${real}/`));
}
