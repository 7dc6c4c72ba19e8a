import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { must, root, run } from './process.ts';

/** A small file system of its own, to fill up for real. */
export interface Tmpfs extends AsyncDisposable {
  readonly path: string;
  readonly bytes: number;
}

/** Why no tmpfs can be mounted here, for `ctx.skip`; undefined where it can. */
export async function whyNoTmpfs(): Promise<string | undefined> {
  if (!root()) return 'mounting a tmpfs needs root';
  try {
    await using probe = await mountTmpfs({ bytes: 64 * 1024 });
    return probe.path === '' ? 'nothing was mounted' : undefined;
  } catch (error) {
    return `mounting a tmpfs is refused here: ${String(error)}`;
  }
}

/**
 * @param options.bytes its size, rounded up to pages (4 KiB) by the kernel.
 * @param options.inodes how many files and folders fit; default: the kernel's.
 * @param options.mode of its top folder, octal; default 0700.
 */
export async function mountTmpfs(options: { bytes: number; inodes?: number; mode?: string }): Promise<Tmpfs> {
  const path = await mkdtemp(join(tmpdir(), 'rp-tmpfs-'));
  const { bytes, inodes, mode = '0700' } = options;
  const flags = [`size=${bytes}`, `mode=${mode}`, ...(inodes === undefined ? [] : [`nr_inodes=${inodes}`])];
  try {
    await must(['mount', '-t', 'tmpfs', '-o', flags.join(','), 'reprise-testbed', path]);
  } catch (error) {
    await rmdir(path);
    throw error;
  }
  return {
    path,
    bytes,
    async [Symbol.asyncDispose]() {
      // Still in use by a process that is just ending: detached now, gone when that lets go.
      if ((await run(['umount', path])).code !== 0) await must(['umount', '-l', path]);
      await rmdir(path);
    },
  };
}
