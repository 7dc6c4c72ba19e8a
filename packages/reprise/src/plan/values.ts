import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';

import { expand } from './expand.ts';
import { type Fault, fault, type Key } from './problem.ts';
import { limits } from './yaml.ts';

export type Env = Readonly<Record<string, string | undefined>>;

export interface Values {
  readonly value: unknown;
  readonly faults: readonly Fault[];
  /** What each alias stands for, for positions. */
  readonly aliases: ReadonlyMap<Alias, Node>;
  /** Values that were one `${NAME}`: the schema decides whether the text is a number (`coerce.ts`). */
  readonly variables: readonly (readonly Key[])[];
}

/**
 * YAML nodes to plain values: maps without prototype (a key `__proto__` is refused, `constructor` is a name like any
 * other), aliases written out within a budget, `${NAME}` replaced. Recursion is bounded by `limits.depth`.
 */
export function valuesOf(root: Node, env: Env): Values {
  const faults: Fault[] = [];
  const anchors = new Map<string, Node>();
  const aliases = new Map<Alias, Node>();
  const variables: (readonly Key[])[] = [];
  const open = new Set<Node>();
  let aliased = 0;
  let expanded = 0;
  let inAlias = 0;

  /** At most one more than is shown: what follows is not counted. */
  const report = (f: Fault): undefined => {
    if (faults.length <= limits.problems) faults.push(f);
    return undefined;
  };

  const visit = (node: Node | null, path: readonly Key[]): unknown => {
    if (node === null) return null;
    if (inAlias > 0) {
      aliased += 1;
      if (aliased > limits.aliased)
        return aliased === limits.aliased + 1
          ? report(fault('plan.alias-bomb', { max: limits.aliased }, path, offsetOf(node)))
          : undefined;
    }
    if (path.length > limits.depth)
      return report(fault('plan.too-deep', { max: limits.depth }, path, offsetOf(node)));
    if (isAlias(node)) return visitAlias(node, path);
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isScalar(node)) return scalar(node, path);
    open.add(node);
    const value = isMap(node)
      ? map(node.items as never, path)
      : isSeq(node)
        ? node.items.map((item, i) => visit(item as Node | null, [...path, i]))
        : null;
    open.delete(node);
    return value;
  };

  const visitAlias = (node: Alias, path: readonly Key[]): unknown => {
    const name = node.source;
    const target = anchors.get(name);
    if (target === undefined) return report(fault('plan.alias-unknown', { name }, path, offsetOf(node)));
    if (open.has(target)) return report(fault('plan.alias-cycle', { name }, path, offsetOf(node)));
    aliases.set(node, target);
    inAlias += 1;
    const value = visit(target, path);
    inAlias -= 1;
    return value;
  };

  const map = (items: readonly { key: Node | null; value: Node | null }[], path: readonly Key[]): unknown => {
    const value: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    const first = new Map<string, number>();
    for (const pair of items) {
      const key = keyText(pair.key);
      if (key === undefined || pair.key === null) {
        report(fault('plan.key-not-text', {}, path, pair.key === null ? 'value' : offsetOf(pair.key)));
        continue;
      }
      const at = offsetOf(pair.key);
      const before = first.get(key);
      if (before !== undefined) {
        // `line` holds the offset until the source map, which knows lines, replaces it.
        report(fault('plan.duplicate-key', { key, line: before }, [...path, key], at));
        continue;
      }
      first.set(key, at);
      if (key === '__proto__')
        report(fault('plan.unknown-key', { key, near: null, known: '' }, [...path, key], at));
      else value[key] = visit(pair.value, [...path, key]);
    }
    return value;
  };

  const scalar = (node: Scalar, path: readonly Key[]): unknown => {
    const text = node.value;
    if (typeof text !== 'string' || !text.includes('${') || isEnvName(path)) return text;
    const result = expand(text, env);
    for (const f of result.faults) report(fault(f.code, f.params as never, path, offsetOf(node)));
    expanded += result.text.length;
    if (expanded > limits.expanded)
      return report(fault('plan.too-large', { what: 'bytes', max: limits.expanded }, path, offsetOf(node)));
    if (result.whole) variables.push(path);
    return result.text;
  };

  return { value: visit(root, []), faults, aliases, variables };
}

/** `{ env: NAME }` names a variable, it does not hold its value; `env: { env: … }` is a variable called `env`. */
const isEnvName = (path: readonly Key[]): boolean => path.at(-1) === 'env' && path.at(-2) !== 'env';

/** `1:` and `true:` are keys as well; a map, a list or nothing is none. */
export function keyText(key: unknown): string | undefined {
  const value: unknown = isScalar(key) ? key.value : undefined;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

const offsetOf = (node: Node): number => node.range?.[0] ?? 0;
