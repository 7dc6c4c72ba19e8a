import type { Context } from '../kind.ts';
import { demand, failed } from '../tool.ts';
import type { FilesSpec } from './spec.ts';
import { ownTreeOf, type Tree } from './tree.ts';
import { type Entry, walk } from './walk.ts';

/**
 * Does the component cover only some of what is in its folder? Then the rest is others': their live data may lie
 * between its own files, and only its own files are judged, moved and written.
 */
export const coversSome = (spec: FilesSpec): boolean =>
  spec.preset !== 'none' || spec.includes.length > 0 || spec.excludes.length > 0;

/**
 * Files, links and the like that the component covers, counted up to `most`. Folders are shared, so they do not count.
 */
export async function countOwn(spec: FilesSpec, at: Context, most: number): Promise<number> {
  const tree = await ownTreeOf(spec, at);
  let count = 0;
  for await (const batch of walk(at.host, tree, at.signal)) {
    count += batch.filter((e) => e.type !== 'd').length;
    if (count > most) break;
  }
  return count;
}

/** Moves the component's own files below `to`, a new folder, with their relative paths; false: there are none. */
export async function moveOwn(spec: FilesSpec, to: string, at: Context): Promise<boolean> {
  const tree = await ownTreeOf(spec, at);
  const names = await wholes(tree, at);
  if (names.length === 0) return false;
  await at.host.mkdir(to, 0o700, at.signal); // whatever was readable by whom: only root opens what is aside
  const script = `for f do mkdir -p -- "$TO/\${f%/*}" && mv -n -T -- "$f" "$TO/$f" || exit 1
    if [ -e "$f" ] || [ -L "$f" ]; then exit 1; fi; done`;
  await each(names, script, { TO: to }, tree.root, at);
  return true;
}

export async function removeOwn(spec: FilesSpec, at: Context): Promise<void> {
  const tree = await ownTreeOf(spec, at);
  await each(await wholes(tree, at), 'rm -rf --one-file-system -- "$@"', {}, tree.root, at);
}

/**
 * The topmost things that are the component's and hold nothing of others. Two walks: the first finds the folders that
 * something of others is in.
 */
async function wholes(tree: Tree, at: Context): Promise<readonly string[]> {
  const own = (e: Entry): boolean =>
    !tree.excluded(e.path) && (tree.included === undefined || tree.included(e.path));
  const everything = { ...tree, included: undefined, excluded: () => false };
  const mixed = new Set<string>(['']);
  await visit(everything, at, (e, device) => {
    const mounted = e.device !== device;
    if (own(e) && !mounted) return;
    if (!own(e) || e.type === 'd' || tree.oneFileSystem) mixed.add(e.path); // a mount point cannot be moved
    for (let up = parentOf(e.path); up !== '' && !mixed.has(up); up = parentOf(up)) mixed.add(up);
  });
  const found: string[] = [];
  await visit(everything, at, (e) => {
    if (own(e) && !mixed.has(e.path) && mixed.has(parentOf(e.path))) found.push(`./${e.path}`);
  });
  return found;
}

async function visit(
  selection: Parameters<typeof walk>[1],
  at: Context,
  look: (e: Entry, device: string) => void,
): Promise<void> {
  let device = '';
  for await (const batch of walk(at.host, selection, at.signal))
    for (const e of batch)
      if (e.path === '') device = e.device;
      else look(e, device);
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/**
 * Moves what is in a stage into a folder where others' files are: what is not there yet goes as a whole, folders that
 * are there are entered and stay themselves; the component's own among them get the recorded rights. Nothing is
 * written over: throws `process.failed` where something came meanwhile.
 */
export async function merge(stage: string, staged: Tree, root: string, at: Context): Promise<void> {
  const folders: string[] = [];
  await visit(staged, at, (e) => {
    if (e.type === 'd') folders.push(`./${e.path}`);
  });
  const rights = `for f do if [ -d "$TO/$f" ] && [ ! -L "$TO/$f" ]; then
    chown --reference="$f" -- "$TO/$f" 2>/dev/null; chmod --reference="$f" -- "$TO/$f" 2>/dev/null; fi; done; exit 0`;
  await each(folders, rights, { TO: root }, stage, at);
  const there = 'test -d "$TO/$1" && test ! -L "$TO/$1" && test ! -L "$1"';
  const move = 'mv -n -T -- "$1" "$TO/$1" && test ! -e "$1" && test ! -L "$1"';
  const entered = ['(', '-type', 'd', '-exec', 'sh', '-c', there, 'sh', '{}', ';', ')'];
  const moved = ['(', '-prune', '-exec', 'sh', '-c', move, 'sh', '{}', ';', ')'];
  const argv = ['find', '.', '-mindepth', '1', ...entered, '-o', ...moved, '-o', '-quit'] as const;
  await demand(at.host, { argv, cwd: stage, env: { TO: root } }, at.signal);
  // Fails where something stayed behind.
  const emptied = ['find', '.', '-depth', '-mindepth', '1', '-exec', 'rmdir', '--', '{}', '+'] as const;
  await demand(at.host, { argv: emptied, cwd: stage }, at.signal);
  await demand(at.host, { argv: ['rmdir', '--', stage] }, at.signal);
}

/** A shell script over many names, each one character per byte, as `walk` has them. */
async function each(
  names: readonly string[],
  script: string,
  env: Readonly<Record<string, string>>,
  cwd: string,
  at: Context,
): Promise<void> {
  if (names.length === 0) return;
  const argv = ['xargs', '-0', '-r', 'sh', '-c', script, 'sh'] as const;
  const running = await at.host.run({ argv, cwd, env, stdin: 'pipe' }, at.signal);
  running.stdout.resume();
  running.stderr.resume();
  running.stdin.on('error', () => {}); // its exit says why
  running.stdin.end(Buffer.from(names.map((n) => `${n}\0`).join(''), 'latin1'));
  const exit = await running.exit;
  if (exit.code !== 0) throw failed({ argv }, exit);
}
