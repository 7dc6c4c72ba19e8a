import { kinds } from '../../packages/reprise/src/kinds/registry.ts';
import { jsonSchema } from '../../packages/reprise/src/plan/schema.ts';

interface Node {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly allOf?: readonly Node[];
  readonly const?: unknown;
  readonly $defs?: Readonly<Record<string, Node>>;
}
/** Stand at many places, mean the same at each: their keys are walked once, under their own name. */
const shared = new Set(['SecretRef', 'PlanCommand', 'Objectives', 'Retention', 'Check', 'Rebuild']);

/**
 * Every key of a plan, by the JSON Schema: `tiers.*.rpo`, `services.*(command).start`, `PlanCommand.argv`. What all
 * kinds of component have stands once, under `components.*`.
 */
export function planKeys(): readonly string[] {
  const schema = jsonSchema(kinds) as Node;
  const found = new Set<string>();
  const begun = new Set<string>();
  const common = commonKeys(schema);

  const walk = (node: Node, path: string): void => {
    if (node.$ref !== undefined) {
      const name = node.$ref.split('/').at(-1) ?? '';
      const target = schema.$defs?.[name];
      if (target === undefined) throw new Error(`no ${node.$ref} in the schema`);
      if (!shared.has(name)) return walk(target, path);
      if (begun.has(name)) return;
      begun.add(name);
      return walk(target, name);
    }
    for (const one of [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])])
      walk(one, path + labelOf(one, schema, node));
    for (const [key, value] of Object.entries(node.properties ?? {})) {
      const at = /^components\.\*\(\w+\)$/.test(path) && common.has(key) ? 'components.*' : path;
      const full = at === '' ? key : `${at}.${key}`;
      found.add(full);
      walk(value, full);
    }
    if (typeof node.additionalProperties === 'object') walk(node.additionalProperties, `${path}.*`);
    if (node.items !== undefined) walk(node.items, `${path}[]`);
  };
  walk(schema, '');
  return [...found];
}

const resolved = (node: Node, schema: Node): Node =>
  node.$ref === undefined ? node : (schema.$defs?.[node.$ref.split('/').at(-1) ?? ''] ?? node);

/** Which of several shapes: `(command)`, by its kind; `(recover)`, by the key that only it has. */
function labelOf(node: Node, schema: Node, of: Node): string {
  const { properties } = resolved(node, schema);
  if (properties === undefined) return '';
  const kind = (properties['kind'] ?? properties['from'])?.const;
  if (typeof kind === 'string') return `(${kind})`;
  const others = [...(of.anyOf ?? []), ...(of.oneOf ?? [])].filter((o) => o !== node);
  const own = Object.keys(properties).find((k) =>
    others.every((o) => resolved(o, schema).properties?.[k] === undefined),
  );
  return own === undefined ? '' : `(${own})`;
}

/** Keys that the components of every kind have. */
function commonKeys(schema: Node): ReadonlySet<string> {
  const all = Object.entries(schema.$defs ?? {})
    .filter(([name]) => name.startsWith('Component-'))
    .map(([, node]) => new Set(Object.keys(node.properties ?? {})));
  const [first, ...rest] = all;
  return new Set([...(first ?? [])].filter((k) => rest.every((keys) => keys.has(k))));
}
