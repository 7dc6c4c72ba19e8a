import type { z } from 'zod';

import type { Key } from './problem.ts';

type AnySchema = z.core.$ZodType;
const defOf = (schema: AnySchema) => schema._zod.def as z.core.$ZodTypes['_zod']['def'];
const at = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;

/** Objects, records, unions… that wrappers (optional, default, codec) stand for. */
function unwrap(schema: AnySchema): AnySchema {
  const def = defOf(schema);
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'nonoptional':
    case 'catch':
      return unwrap(def.innerType);
    case 'pipe':
      return unwrap(def.in);
    default:
      return schema;
  }
}

/** Options of a union; a discriminated one is narrowed by the value's own discriminator. */
export function options(schema: AnySchema, value: unknown): readonly AnySchema[] {
  const def = defOf(schema);
  if (def.type !== 'union') return [schema];
  const tag = (def as z.core.$ZodDiscriminatedUnionDef).discriminator as string | undefined;
  return def.options.filter(
    (o) => tag === undefined || (o._zod.propValues?.[tag]?.has(at(value, tag) as never) ?? true),
  );
}

/** The schemas that a value at a path may have: several where a union leaves it open. */
export function schemasAt(schema: AnySchema, path: readonly Key[], value: unknown): readonly AnySchema[] {
  const inner = unwrap(schema);
  const [key, ...rest] = path;
  if (key === undefined) return [inner];
  return options(inner, value).flatMap((option) => {
    const child = childOf(unwrap(option), key);
    return child === undefined ? [] : schemasAt(child, rest, at(value, key));
  });
}

function childOf(schema: AnySchema, key: Key): AnySchema | undefined {
  const def = defOf(schema);
  if (def.type === 'array') return def.element;
  if (def.type === 'record') return def.valueType;
  if (def.type === 'tuple') return def.items[key as number] ?? def.rest ?? undefined;
  return def.type === 'object' && Object.hasOwn(def.shape, key) ? def.shape[String(key)] : undefined;
}

/** Keys that a schema's object allows. */
export const keysOf = (schema: AnySchema): readonly string[] => {
  const def = defOf(unwrap(schema));
  return def.type === 'object' ? Object.keys(def.shape) : [];
};

/** Keys that may stand in the map at a path. */
export const keysAt = (schema: AnySchema, path: readonly Key[], value: unknown): readonly string[] => [
  ...new Set(
    schemasAt(schema, path, value).flatMap((s) =>
      options(
        s,
        path.reduce<unknown>((v, k) => at(v, k), value),
      ).flatMap(keysOf),
    ),
  ),
];

/** How a form of a union looks: `{ env }`, `"all"`, `[…]`. */
export function formOf(schema: AnySchema): string {
  const inner = unwrap(schema);
  const def = defOf(inner);
  if (def.type === 'object') return `{ ${Object.keys(def.shape).join(', ')} }`;
  if (def.type === 'literal') return def.values.map((v) => `"${String(v)}"`).join(' | ');
  if (def.type === 'array' || def.type === 'tuple') return '[…]';
  return def.type;
}
