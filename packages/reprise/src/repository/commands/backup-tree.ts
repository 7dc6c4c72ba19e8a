import { join, normalize } from 'node:path/posix';

import { isError, RepriseError } from '../../lib/errors/index.ts';
import { inBoth } from '../../lib/i18n/index.ts';
import { messages, patiently } from '../invoke.ts';
import type { Compression, Progress, SnapshotTags, Stored } from '../repository.ts';
import type { Restic } from '../restic.ts';
import { backupArgs, collector, storedOf } from './backup.ts';

export interface Tree {
  readonly root: string;
  /** Paths relative to root; default: everything. */
  readonly includes?: readonly string[];
  /** Restic patterns relative to root; absolute paths below root as well. */
  readonly excludes?: readonly string[];
  /** The last snapshot of the same part: what did not change is not read again, even in a folder that was moved. */
  readonly parent?: string;
}

/** Stores a folder; a file of it that cannot be read fails the capture (restic's exit 3). */
export async function backupTree(
  restic: Restic,
  tree: Tree,
  tags: SnapshotTags,
  signal: AbortSignal,
  progress?: (p: Progress) => void,
  compression?: Compression,
): Promise<Stored> {
  const root = trimmed(tree.root);
  const includes = await existing(restic, root, tree.includes, signal);
  const excludes = (tree.excludes ?? []).flatMap((p) => patternsAt(root, p)).map((p) => `--exclude=${p}`);
  const attempt = async (parent: string | undefined, retry: readonly string[]): Promise<Stored> => {
    const { each, summary } = collector(() => restic.deps.clock.monotonic(), progress);
    const from = parent === undefined ? [] : ['--parent', parent];
    // The scan that gives the total is a second walk through the tree: only for somebody who looks.
    const scan = progress === undefined ? ['--no-scan'] : [];
    const args = [
      ...backupArgs(restic, tags, retry, compression),
      ...from,
      ...scan,
      ...excludes,
      '--',
      ...includes,
    ];
    const call = { args: args as [string, ...string[]], cwd: root, part: root };
    return storedOf(restic, await messages(restic, call, signal, each), summary(), root);
  };
  return await patiently(restic, signal, async (retry) => {
    try {
      return await attempt(tree.parent, retry);
    } catch (e) {
      if (tree.parent === undefined || !isError(e, 'repository.snapshot-missing')) throw e;
      return await attempt(undefined, retry); // forgotten meanwhile: everything is read
    }
  });
}

const trimmed = (path: string): string => normalize(path).replace(/(.)\/+$/, '$1');

/** Restic passes over a missing path among several and exits with 0. */
async function existing(
  restic: Restic,
  root: string,
  includes: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (includes === undefined) return ['.'];
  for (const path of includes) {
    if (normalize(path).startsWith('..') || path.startsWith('/'))
      throw new TypeError(`${path} is not relative to ${root}`);
    if ((await restic.deps.host.stat(join(root, path), signal)) === undefined)
      throw new RepriseError('repository.incomplete', {
        repository: restic.deps.name,
        part: root,
        what: inBoth((t) => t['why.absent']({ path: join(root, path) })),
      });
  }
  return includes.map((path) => `./${normalize(path)}`);
}

/**
 * Restic compares patterns with absolute paths, those of the folders above root included: `cache` would exclude all of
 * /var/cache/app. So each is anchored at root. One that begins with a slash means the top of root, and an absolute
 * path below root itself. Source: restic manual, "Excluding Files".
 */
export function patternsAt(root: string, pattern: string): readonly string[] {
  const not = pattern.startsWith('!') ? '!' : '';
  const bare = pattern.slice(not.length);
  const top = root === '/' ? '' : root.replaceAll(/[\\*?[\]]/g, String.raw`\$&`);
  if (!bare.startsWith('/')) return [`${not}${top}/**/${bare}`];
  const fromTop = `${not}${top}${bare}`;
  const below = root !== '/' && bare.startsWith(`${root}/`);
  return below ? [`${not}${top}${bare.slice(root.length)}`, fromTop] : [fromTop];
}
