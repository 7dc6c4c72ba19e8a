import { isAbsolute, relative } from 'node:path';

import type { Command, Host } from '../hosts/host.ts';
import type { AnyKind } from '../kinds/kind.ts';
import { unlooked } from '../lib/errors/index.ts';
import type { Log, Said } from '../lib/language.ts';

/** A component that was found, ready to stand in a plan. */
export interface Found {
  readonly name: string;
  readonly kind: string;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly because: Said;
  /** A component whose folder this one lies in: that one is restored first, while its folder is still empty. */
  readonly after?: string;
}
export interface Searched {
  readonly kinds: ReadonlyMap<string, AnyKind>;
  readonly host: Host;
  readonly roots: readonly string[];
  /** Absolute paths that are never part of the system: repositories, `$REPRISE_HOME`. */
  readonly never: readonly string[];
  readonly log: Log;
}

/**
 * What runs and lies on this machine: asks every kind, in the registry's order, and settles what two kinds claim (a
 * database file is captured by its own kind, not as a file of the folder that it lies in). Names are unique.
 */
export async function discover(at: Searched, signal: AbortSignal): Promise<readonly Found[]> {
  const { host, log } = at;
  const claims: Found[] = [];
  for (const kind of at.kinds.values()) {
    try {
      for await (const { name, spec, because } of kind.discover({ host, signal, log }, at.roots))
        claims.push({ name, kind: kind.name, spec: { ...spec }, because });
    } catch (e) {
      signal.throwIfAborted(); // one kind that cannot look does not keep the others from being found
      log(unlooked(kind.name, e));
    }
  }
  const barred = [...at.never, ...(await serverData(at, signal))];
  const order = ['postgres', 'sqlite'];
  const rank = (f: Found): number => (order.includes(f.kind) ? order.indexOf(f.kind) : order.length);
  const once = apart(claims, await canonicalOf(claims, at, signal));
  const all = await withContent(settled(once, barred), at, signal);
  return nested(uniquelyNamed(divided(all).toSorted((a, b) => rank(a) - rank(b))));
}

const pathIn = (f: Found): string | undefined =>
  typeof f.spec['path'] === 'string' ? f.spec['path'] : undefined;

/** Where each path really is: roots may overlap, and one may be a link into another. */
async function canonicalOf(
  claims: readonly Found[],
  { host }: Searched,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const paths = [...new Set(claims.flatMap((f) => pathIn(f) ?? []))];
  if (paths.length === 0) return new Map();
  const { printed, well } = await pathsOf(host, { argv: ['realpath', '-m', '-z', '--', ...paths] }, signal);
  // One that is left out would shift all after it: then each is where it says.
  return well ? new Map(paths.map((path, i) => [path, printed[i] ?? path])) : new Map();
}

/**
 * Pure: each thing once, though roots overlap: one of several claims of a kind to the same path, and of a folder within
 * another folder only the outer, which holds it. Two that wrote to the same place would make a recovery impossible.
 */
export function apart(claims: readonly Found[], real: ReadonlyMap<string, string>): readonly Found[] {
  const at = (f: Found): string | undefined => {
    const path = pathIn(f);
    return path === undefined ? undefined : (real.get(path) ?? path);
  };
  const whole = claims.filter((f) => f.kind === 'files' && f.spec['preset'] === undefined);
  return claims.filter((f, i) => {
    const here = at(f);
    if (here === undefined) return true;
    const again = claims
      .slice(0, i)
      .some((o) => o.kind === f.kind && o.spec['preset'] === f.spec['preset'] && at(o) === here);
    if (again) return false;
    if (f.kind !== 'files') return true;
    const preset = f.spec['preset'] !== undefined;
    return !whole.some((o) => {
      const below = o === f ? undefined : within(at(o) ?? '', here);
      return below !== undefined && (below !== '' || preset);
    });
  });
}

/** Pure: who captures what. Folders lose the databases in them; what is barred is left out, with all it holds. */
export function settled(claims: readonly Found[], barred: readonly string[]): readonly Found[] {
  const free = claims.filter((f) => {
    const path = pathIn(f);
    return path === undefined || !barred.some((b) => within(b, path) !== undefined);
  });
  const databases = free.filter((f) => f.kind === 'sqlite').flatMap((f) => pathIn(f) ?? []);
  return free.map((f) => {
    const path = pathIn(f);
    if (f.kind !== 'files' || path === undefined || f.spec['preset'] !== undefined) return f;
    const inside = [
      ...databases.flatMap((d) => ['', '-wal', '-shm', '-journal'].map((end) => d + end)),
      ...barred,
    ];
    const excludes = inside.flatMap((p) => {
      const below = within(path, p);
      return below === undefined || below === '' ? [] : [asPattern(below)];
    });
    return excludes.length === 0 ? f : { ...f, spec: { ...f.spec, excludes } };
  });
}

/** Pure: a file that a preset names is not also its component's where it lies in the folder of another one. */
export const divided = (found: readonly Found[]): readonly Found[] =>
  found.map((f) => {
    const path = pathIn(f);
    if (f.kind !== 'files' || path === undefined || f.spec['preset'] === undefined) return f;
    const excludes = found.flatMap((o) => {
      const folder = o !== f && o.kind === 'files' ? pathIn(o) : undefined;
      const below = folder === undefined ? undefined : within(path, folder);
      return below === undefined || below === '' ? [] : [asPattern(below)];
    });
    return excludes.length === 0 ? f : { ...f, spec: { ...f.spec, excludes } };
  });

const asPattern = (below: string): string => `./${below.replaceAll(/[*?[\\]/g, '\\$&')}`;

/** Pure: what lies in another component's folder comes after it; of several folders the nearest. */
export const nested = (found: readonly Found[]): readonly Found[] =>
  found.map((f) => {
    const path = pathIn(f);
    if (path === undefined) return f;
    const around = found.flatMap((o) => {
      const folder = o !== f && o.kind === 'files' ? pathIn(o) : undefined;
      if (folder === undefined) return [];
      const below = within(folder, path);
      return below === undefined || below === '' ? [] : [{ name: o.name, folder }];
    });
    const nearest = around.toSorted((a, b) => b.folder.length - a.folder.length)[0];
    return nearest === undefined ? f : { ...f, after: nearest.name };
  });

/** A folder that holds databases and nothing else is not a component of its own. */
async function withContent(
  found: readonly Found[],
  { host }: Searched,
  signal: AbortSignal,
): Promise<readonly Found[]> {
  const kept: Found[] = [];
  for (const f of found) {
    const { path, excludes } = f.spec as { readonly path?: string; readonly excludes?: readonly string[] };
    if (f.kind === 'files' && path !== undefined && excludes !== undefined) {
      const without = excludes.flatMap((e) => ['!', '-path', e, '!', '-path', `${e}/*`]);
      const { printed, well } = await pathsOf(
        host,
        { argv: ['find', '.', '-type', 'f', ...without, '-print0', '-quit'], cwd: path },
        signal,
      );
      // A folder that could not be looked through may hold anything: who reads the plan decides.
      if (printed.length === 0 && well) continue;
    }
    kept.push(f);
  }
  return kept;
}

/** The path below `folder`, '' for the folder itself, undefined where it is elsewhere. */
export function within(folder: string, path: string): string | undefined {
  const below = relative(folder, path);
  return below.startsWith('../') || below === '..' || isAbsolute(below) ? undefined : below;
}

/** Data directories of database servers: their files, copied while they run, are worth nothing. */
async function serverData({ host, roots }: Searched, signal: AbortSignal): Promise<readonly string[]> {
  if (roots.length === 0) return [];
  const names = ['-name', 'PG_VERSION', '-o', '-name', 'ibdata1', '-o', '-name', 'WiredTiger'] as const;
  const argv = ['find', ...roots, '-maxdepth', '5', '-xdev', '(', ...names, ')', '-printf', '%h\\0'] as const;
  const { printed } = await pathsOf(host, { argv: [...argv] }, signal);
  // A cluster has a PG_VERSION in every database's folder as well: the outermost counts.
  return printed.filter((p) => !printed.some((q) => q !== p && within(q, p) !== undefined));
}

/** What a program prints, each path ended by a NUL; `well`: it ended with 0, so that these are all. */
async function pathsOf(
  host: Pick<Host, 'run'>,
  command: Command,
  signal: AbortSignal,
): Promise<{ readonly printed: readonly string[]; readonly well: boolean }> {
  const running = await host.run(command, signal);
  const chunks: Buffer[] = [];
  for await (const chunk of running.stdout as AsyncIterable<Buffer>) chunks.push(chunk);
  const { code } = await running.exit;
  const printed = Buffer.concat(chunks).toString('utf8').split('\0').slice(0, -1);
  return { printed, well: code === 0 };
}

/** `uploads`, `uploads-2`, … in the order in which they were found. */
export function uniquelyNamed(found: readonly Found[]): readonly Found[] {
  const taken = new Set<string>();
  return found.map((f) => {
    const base = nameFor(f.name);
    let name = base;
    for (let n = 2; taken.has(name); n += 1) name = `${base.slice(0, 58)}-${n}`;
    taken.add(name);
    return { ...f, name };
  });
}

/** A plan name out of any text: lower-case letters, digits and dashes, a letter or digit first, 63 at most. */
export function nameFor(text: string): string {
  const name = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63)
    .replaceAll(/-+$/g, '');
  return name === '' ? 'component' : name;
}
