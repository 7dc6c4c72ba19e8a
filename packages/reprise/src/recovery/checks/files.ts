import { posix } from 'node:path';

import type { Host } from '../../hosts/host.ts';
import { canonical } from '../../kinds/tool.ts';
import { isWithin } from '../apart.ts';
import { failed, passed, unable, type CheckKind } from './check.ts';

/** At least so many files below a folder, behind symbolic links too, and these among them. */
export const filesCheck: CheckKind<'files'> = {
  subject: (check, { place }) => place.path(check.path),
  expected: (check) => [`≥ ${check.min}`, ...check.contains].join(', '),
  probe: async (check, { place, target, signal }) => {
    const { host } = target.context;
    const path = place.path(check.path);
    const root = await canonical(host, path, signal);
    if (place.kind !== 'in-situ' && !isWithin(root, await canonical(host, place.path('/'), signal)))
      return unable('elsewhere');
    const top = await host.stat(root, signal);
    if (top === undefined) return failed('missing', path);
    for (const name of check.contains)
      if ((await host.stat(posix.join(root, name), signal)) === undefined) return failed('missing', name);
    const count = top.type === 'directory' ? await countUpTo(check.min, host, root, signal) : 1;
    return count >= check.min ? passed(`${count}`) : failed('fewer', `${count}`);
  },
};

/** Counts no further than needed. */
async function countUpTo(enough: number, host: Host, root: string, signal: AbortSignal): Promise<number> {
  const folders = [root];
  let count = 0;
  for (const folder of folders)
    for (const name of await host.list(folder, signal)) {
      const path = posix.join(folder, name);
      const type = (await host.stat(path, signal))?.type;
      if (type === 'directory') folders.push(path);
      else if (type !== undefined) count += 1;
      if (count >= enough) return count;
    }
  return count;
}
