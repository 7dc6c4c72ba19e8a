import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';

import type { Fault, Key, Problem } from './problem.ts';
import { dotted } from './problem.ts';
import type { Position } from './resolved.ts';
import { keyText } from './values.ts';

/** Where the paths of a plan stand in its text. Maps are indexed once, when first asked for. */
export class SourceMap {
  readonly #file: string;
  readonly #root: Node | null;
  readonly #lines: LineCounter;
  readonly #aliases: ReadonlyMap<Alias, Node>;
  readonly #indexes = new WeakMap<YAMLMap, Map<string, Pair>>();

  constructor(
    file: string,
    root: Node | null,
    lines: LineCounter,
    aliases: ReadonlyMap<Alias, Node> = new Map(),
  ) {
    this.#file = file;
    this.#root = root;
    this.#lines = lines;
    this.#aliases = aliases;
  }

  /** Line and column (1-based) of a path's key, or of the nearest parent that exists. */
  where(path: readonly Key[]): Position {
    const found = this.#find(path);
    return this.#position(found.key ?? found.value);
  }

  problem(f: Fault): Problem {
    const found = this.#find(f.path);
    const offset =
      typeof f.point === 'number' ? f.point : f.point === 'key' ? (found.key ?? found.value) : found.value;
    const params =
      f.code === 'plan.duplicate-key'
        ? { ...f.params, line: this.#position(f.params['line'] as number).line }
        : f.params;
    return { code: f.code, params, path: dotted(f.path), at: this.#position(offset) };
  }

  /** A scalar as it stands in the text, variables not replaced; at most 80 characters. */
  raw(path: readonly Key[]): string {
    const { node, depth } = this.#find(path);
    const text = depth === path.length && isScalar(node) ? (node.source ?? '') : '';
    return text.length > 80 ? `${text.slice(0, 79)}…` : text;
  }

  #position(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(1, line), column: Math.max(1, col) };
  }

  /** The deepest node on the path, the offset of its key (in a map) and of its value. */
  #find(path: readonly Key[]) {
    let node = this.#root;
    let key: number | null = null;
    let value = node?.range?.[0] ?? 0;
    let depth = 0;
    for (; depth < path.length; depth += 1) {
      const child = this.#child(node, path[depth] as Key);
      if (child === undefined) break;
      node = child.node;
      key = child.key;
      value = node?.range?.[0] ?? key ?? value;
    }
    // A missing child: the parent's own key says best where it is missing.
    return { node, depth, key, value: depth === path.length ? value : (key ?? value) };
  }

  #child(parent: Node | null, name: Key): { node: Node | null; key: number | null } | undefined {
    const at = isAlias(parent) ? this.#aliases.get(parent) : parent;
    if (isSeq(at)) {
      const node = typeof name === 'number' ? (at.items[name] as Node | undefined) : undefined;
      return node === undefined ? undefined : { node, key: null };
    }
    if (!isMap(at)) return undefined;
    const pair = this.#index(at).get(String(name));
    if (pair === undefined) return undefined;
    return { node: (pair.value as Node | null) ?? null, key: (pair.key as Node).range?.[0] ?? null };
  }

  #index(map: YAMLMap): Map<string, Pair> {
    const known = this.#indexes.get(map);
    if (known !== undefined) return known;
    const index = new Map<string, Pair>();
    for (const pair of map.items) {
      const key = keyText(pair.key);
      if (key !== undefined && !index.has(key)) index.set(key, pair);
    }
    this.#indexes.set(map, index);
    return index;
  }
}
