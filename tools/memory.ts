import { accessSync, constants, readFileSync, statfsSync } from 'node:fs';

const room = 512 * 2 ** 20;

/**
 * Where files of unit tests lie in memory: every journal waits for the disk after each entry, as it must, and a thousand
 * tests wait with it. Empty where there is no such place, it is small, or programs may not be run there.
 */
export function inMemory(folder = '/dev/shm', mounts = '/proc/mounts'): { readonly TMPDIR?: string } {
  try {
    const mount = readFileSync(mounts, 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .findLast(([, at]) => at === folder);
    const [, , type, options = ''] = mount ?? [];
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    const fits = type === 'tmpfs' && !options.split(',').includes('noexec') && bavail * bsize >= room;
    return fits ? { TMPDIR: folder } : {};
  } catch {
    return {};
  }
}
