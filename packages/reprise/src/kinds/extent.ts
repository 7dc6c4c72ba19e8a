import { posix } from 'node:path';

import type { Extent } from './kind.ts';

/** Where the data of two meets: what is restored last would replace the other's. */
export interface Overlap {
  /** Of two in the same place the first given, else the one whose folder the other lies in. */
  readonly outer: string;
  readonly inner: string;
  /** A path, or names of databases (`*`: all), that both hold. */
  readonly what: string;
  /** What keeps the inner's data out of the outer, as a plan has it: `"./a", "./b"`; '' where no exclude would. */
  readonly excludes: string;
  readonly of: 'path' | 'database';
  /** false: only if there is something of that name. */
  readonly certain: boolean;
}
interface Meeting extends Omit<Overlap, 'outer' | 'inner' | 'excludes'> {
  readonly excludes: readonly string[];
}
interface Held {
  readonly name: string;
  readonly extents: readonly Extent[];
}

/**
 * All that overlap, unless an exclude keeps one out of the other. Pure: by the paths as they are given. Where includes
 * choose, a name that each pattern spells out is tried; a place that several share is compared with the first of them.
 */
export function overlaps(all: readonly Held[]): readonly Overlap[] {
  const at = new Map<string, Held[]>();
  for (const held of all)
    for (const place of new Set(held.extents.map(placeOf))) {
      const there = at.get(place);
      if (there === undefined) at.set(place, [held]);
      else there.push(held);
    }
  return all.flatMap((inner) => {
    const outers = new Set(
      inner.extents.flatMap((e) => around(placeOf(e))).flatMap((p) => firstBefore(at.get(p), inner)),
    );
    return [...outers].flatMap((outer) => {
      const met = meeting(outer.extents, inner.extents);
      if (met === undefined) return [];
      return [
        { ...met, outer: outer.name, inner: inner.name, excludes: met.excludes.map(inYaml).join(', ') },
      ];
    });
  });
}

const placeOf = (e: Extent): string => (e.form === 'databases' ? `server ${e.server}` : plain(e.path));

/** The place and all that it lies in. */
function around(place: string): readonly string[] {
  const found = [place];
  for (let at = place; at.startsWith('/') && at !== '/';) found.push((at = posix.dirname(at)));
  return found;
}

function firstBefore(there: readonly Held[] = [], inner: Held): readonly Held[] {
  const before = there.indexOf(inner);
  return before === -1 ? there : there.slice(0, Math.min(before, 1));
}

function meeting(outer: readonly Extent[], inner: readonly Extent[]): Meeting | undefined {
  const met = outer.flatMap((o) => inner.flatMap((i) => meet(o, i) ?? []));
  const [first] = met;
  if (first === undefined) return undefined;
  const surely = met.find((m) => m.certain) ?? first;
  return { ...surely, excludes: [...new Set(met.flatMap((m) => m.excludes))] };
}

function meet(outer: Extent, inner: Extent): Meeting | undefined {
  if (outer.form === 'databases' || inner.form === 'databases')
    return outer.form === 'databases' && inner.form === 'databases' ? ofServer(outer, inner) : undefined;
  const below = posix.relative(plain(outer.path), plain(inner.path));
  if (below === '..' || below.startsWith('../')) return undefined;
  if (outer.form === 'file' || (inner.form === 'file' && below === ''))
    return below === '' ? { what: plain(inner.path), excludes: [], of: 'path', certain: true } : undefined;
  const found = shared(outer, inner, below);
  return (
    found && {
      what: posix.join(plain(outer.path), found.path),
      excludes: below === '' ? [] : [`./${escapePattern(below)}`],
      of: 'path',
      certain: found.certain,
    }
  );
}

type Tree = Extract<Extent, { readonly form: 'tree' }>;
type Databases = Extract<Extent, { readonly form: 'databases' }>;

/** As it is written, without `.`, `..` and double or trailing slashes; links are for who may ask the disk. */
const plain = (path: string): string => posix.normalize(path).replace(/(?!^)\/+$/, '');

const anyName = 'reprise-any-name';

/** A path, relative to the outer, that both hold: whatever the inner has, or a name that a pattern spells out. */
function shared(
  outer: Tree,
  inner: Exclude<Extent, Databases>,
  below: string,
): { readonly path: string; readonly certain: boolean } | undefined {
  if (inner.form === 'file') return outer.holds(below) ? { path: below, certain: true } : undefined;
  const both = (path: string): boolean => inner.holds(path) && outer.holds(posix.join(below, path));
  const mine = inner.includes.map(example).find(both);
  if (both(anyName)) return { path: below, certain: true };
  if (mine !== undefined)
    return { path: posix.join(below, mine), certain: outer.holds(posix.join(below, anyName)) };
  const theirs = outer.includes.map(example).flatMap((name) => {
    if (below === '' || !name.includes('/')) return [name];
    return name.startsWith(`${below}/`) ? [name.slice(below.length + 1)] : [];
  });
  const path = theirs.find(both);
  return path === undefined ? undefined : { path: posix.join(below, path), certain: false };
}

/** A path that a pattern matches. */
const example = (pattern: string): string =>
  pattern
    .replace(/^(\.\/|\*\*\/)+/, '')
    .replace(/\/+$/, '')
    .replaceAll(/\\(.)|\[\^?(.)[^\]]*\]|\*\*|\*|\?/gs, (all, plainly: string, first: string) =>
      plainly !== undefined ? plainly : first !== undefined ? (all.startsWith('[^') ? '~' : first) : 'x',
    );

/** In a plan `${` would be a variable. */
const inYaml = (text: string): string => JSON.stringify(text.replaceAll('${', () => '$${'));

/** A literal path as a pattern. */
const escapePattern = (path: string): string => path.replaceAll(/[*?[\]\\]/g, String.raw`\$&`);

function ofServer(a: Databases, b: Databases): Meeting | undefined {
  if (a.server !== b.server) return undefined;
  const names =
    a.names === 'all' ? b.names : b.names === 'all' ? a.names : a.names.filter((n) => b.names.includes(n));
  if (names === 'all') return { what: '*', excludes: [], of: 'database', certain: true };
  return names.length === 0
    ? undefined
    : { what: names.join(', '), excludes: [], of: 'database', certain: true };
}
