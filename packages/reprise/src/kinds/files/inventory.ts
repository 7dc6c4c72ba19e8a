import type { Inventory } from '@reprise/contracts';

import type { FilesSpec } from './spec.ts';
import type { Tally } from './tally.ts';

/** The root folder itself, which no snapshot of its content holds. */
export interface RootRights {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** As `setfacl` reads it; null: none, or this machine cannot tell. */
  readonly acl: string | null;
  /** Seconds since 1970 with nine decimals, as `touch` reads it; null: not recorded. */
  readonly mtime: string | null;
  /**
   * `user.*` and `trusted.*`, a line each as `setfattr` reads them, sorted; '': none, null: this machine cannot tell.
   */
  readonly xattrs: string | null;
}
export type Chosen = Pick<FilesSpec, 'includes' | 'excludes' | 'one_file_system' | 'preset'>;

export interface Recorded {
  readonly root: RootRights;
  readonly tally: Tally;
  /** null: nothing changed during the capture. Else only files older than this were counted; ms since 1970. */
  readonly settledBefore: number | null;
  /** SHA-256 sum over the content of all files; null: not taken. */
  readonly content: string | null;
  readonly chosen: Chosen;
}

/** As it stands in the journal: counts, sums and rights; no file's name, no content. */
export function inventoryOf({ root, tally, settledBefore, content, chosen }: Recorded): Inventory {
  const { digest, rights, newest, touched: _, hardLinked, ...counts } = tally;
  return {
    v: 1,
    items: [
      { name: '.', type: 'root', values: { ...root } },
      {
        name: 'tree',
        type: 'tree',
        values: {
          ...counts,
          hard_linked: hardLinked,
          digest,
          rights,
          content,
          newest_ms: newest === null ? null : Math.floor(newest * 1000),
          settled_before_ms: settledBefore,
        },
      },
      {
        name: 'chosen',
        type: 'selection',
        values: {
          preset: chosen.preset,
          includes: JSON.stringify(chosen.includes),
          excludes: JSON.stringify(chosen.excludes),
          one_file_system: chosen.one_file_system,
        },
      },
    ],
  };
}

/** Back from the journal; undefined where it is not a tree's. */
export function recordedIn(inventory: Inventory): Recorded | undefined {
  const values = (type: string) => inventory.items.find((i) => i.type === type)?.values;
  const [root, tree, chosen] = [values('root'), values('tree'), values('selection')];
  if (root === undefined || tree === undefined || chosen === undefined) return undefined;
  const list = (key: string): string[] => JSON.parse(String(chosen[key] ?? '[]')) as string[];
  return {
    root: {
      mode: n(root, 'mode'),
      uid: n(root, 'uid'),
      gid: n(root, 'gid'),
      acl: textOf(root, 'acl'),
      mtime: textOf(root, 'mtime'),
      xattrs: textOf(root, 'xattrs'),
    },
    tally: {
      files: n(tree, 'files'),
      directories: n(tree, 'directories'),
      symlinks: n(tree, 'symlinks'),
      special: n(tree, 'special'),
      sockets: n(tree, 'sockets'),
      bytes: n(tree, 'bytes'),
      hardLinked: n(tree, 'hard_linked'),
      digest: String(tree['digest']),
      rights: String(tree['rights']),
      newest: tree['newest_ms'] === null ? null : n(tree, 'newest_ms') / 1000,
      touched: 0,
    },
    settledBefore: tree['settled_before_ms'] === null ? null : n(tree, 'settled_before_ms'),
    content: typeof tree['content'] === 'string' ? tree['content'] : null,
    chosen: {
      preset: String(chosen['preset'] ?? 'none') as FilesSpec['preset'],
      includes: list('includes'),
      excludes: list('excludes'),
      one_file_system: chosen['one_file_system'] !== false,
    },
  };
}

const n = (of: Record<string, unknown>, key: string): number => Number(of[key] ?? 0);
const textOf = (of: Record<string, unknown>, key: string): string | null =>
  typeof of[key] === 'string' ? of[key] : null;
