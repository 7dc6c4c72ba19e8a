import type { Context, Extent } from '../kind.ts';
import { canonical } from '../tool.ts';
import type { Chosen } from './inventory.ts';
import { bytes as inBytes, escapePattern, matcher, partPattern } from './patterns.ts';
import { never, presets } from './presets.ts';
import { isMounted } from './root.ts';
import type { FilesSpec } from './spec.ts';
import { type Entry, type Selection, walk } from './walk.ts';

/**
 * The folder that a new ext file system has: nobody's, so that what lay in one volume fits into another.
 * Source: mklost+found(8).
 */
export const ofTheFileSystem = 'lost+found';

/** What of a folder is captured; `root` is the real folder, behind symbolic links. */
export interface Tree extends Selection {
  readonly chosen: Chosen;
  /** Patterns that must match something: named by the plan, without wildcards. */
  readonly demanded: readonly string[];
  readonly patterns: { readonly includes: readonly string[]; readonly excludes: readonly string[] };
}

/** `never`: absolute paths that are in no capture (Reprise's own state). */
export function treeAt(root: string, chosen: Chosen, keepOut: readonly string[] = []): Tree {
  const includes = [...chosen.includes, ...presets[chosen.preset]];
  const below = keepOut
    .filter((p) => p.startsWith(`${root}/`))
    .map((p) => `./${escapePattern(p.slice(root.length + 1))}`);
  const excludes = [...chosen.excludes, ...never, ...below];
  return {
    root,
    chosen,
    oneFileSystem: chosen.one_file_system,
    included: includes.length === 0 ? undefined : matcher(includes),
    excluded: matcher(excludes),
    unentered: excludes.filter(isLiteral),
    demanded: chosen.includes.filter(isLiteral),
    patterns: { includes, excludes },
  };
}

/** By the plan alone. */
export function extentOf(spec: FilesSpec): Extent {
  const { included, excluded, patterns } = treeAt(spec.path, spec);
  const holds = (below: string): boolean =>
    !excluded(inBytes(below)) && (included === undefined || included(inBytes(below)));
  return { form: 'tree', path: spec.path, includes: patterns.includes, holds };
}

const isLiteral = (pattern: string): boolean => !/[*?[\\]/.test(pattern);

export async function treeOf(spec: FilesSpec, at: Context): Promise<Tree> {
  const root = await canonical(at.host, spec.path, at.signal);
  return treeAt(root, await choiceIn(root, spec, at), at.never);
}

/** What of a folder may be judged, moved and removed: never what Reprise itself put there. */
export async function ownTreeOf(spec: FilesSpec, at: Context): Promise<Tree> {
  const root = await canonical(at.host, spec.path, at.signal);
  return treeAt(root, await choiceIn(root, spec, at), [...(at.never ?? []), ...(at.kept ?? [])]);
}

/** As the plan has it, without what is the file system's; an ordinary folder of that name is data. */
async function choiceIn(root: string, chosen: Chosen, at: Context): Promise<Chosen> {
  const there = (await at.host.stat(`${root}/${ofTheFileSystem}`, at.signal)) !== undefined;
  if (there && !(await isMounted(root, at))) return chosen;
  return { ...chosen, excludes: [...chosen.excludes, `./${ofTheFileSystem}`] };
}

/** What restic is asked for, and what the folder looked like just before. */
export interface Survey {
  readonly files: number;
  /** Anything restic can store: it refuses an empty snapshot. */
  readonly storable: boolean;
  /** The topmost chosen paths; undefined: everything. */
  readonly includes: readonly Buffer[] | undefined;
  /** As a tree part has them; what is mounted inside among them. */
  readonly excludes: readonly string[];
  readonly missing: readonly string[];
  readonly bytes: number;
}

/** One walk before a capture. */
export async function survey(tree: Tree, at: Context): Promise<Survey> {
  const tops: Buffer[] = [];
  const mounts: string[] = [];
  const missing = new Map(tree.demanded.map((pattern) => [pattern, matcher([pattern])]));
  let [files, entries, bytes, device] = [0, 0, 0, ''];
  const look = (e: Entry): void => {
    if (e.path === '') {
      device = e.device;
      return;
    }
    if (e.type === 's') return;
    entries++;
    if (e.type !== 'd') files++;
    if (e.type === 'f') bytes += e.size;
    if (tree.oneFileSystem && e.device !== device) mounts.push(Buffer.from(e.path, 'latin1').toString());
    for (const [pattern, matches] of missing) if (matches(e.path)) missing.delete(pattern);
    if (tree.included !== undefined && isTop(e, tree.included)) tops.push(Buffer.from(e.path, 'latin1'));
  };
  for await (const batch of walk(at.host, tree, at.signal)) batch.forEach(look);
  return {
    files,
    bytes,
    storable: entries > 0,
    missing: [...missing.keys()],
    includes: tree.included === undefined ? undefined : tops,
    excludes: [
      ...tree.patterns.excludes.map((p) => partPattern(p)),
      ...mounts.map((m) => `/${escapePattern(m)}/*`),
    ],
  };
}

const isTop = (e: Entry, included: (path: string) => boolean): boolean => {
  const parent = e.path.slice(0, Math.max(0, e.path.lastIndexOf('/')));
  return parent === '' || !included(parent);
};
