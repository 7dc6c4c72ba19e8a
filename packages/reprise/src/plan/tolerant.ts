import type { Key } from './problem.ts';

/**
 * Reads a plan that may be wrong in any other place: the checks of names and rhythm run beside those of the schema, so
 * that a person sees all errors at once. What has the wrong shape is skipped here; the schema has reported it.
 */
export type Path = readonly Key[];
export interface Entry {
  readonly name: string;
  readonly path: Path;
  readonly value: unknown;
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const get = (value: unknown, ...path: Path): unknown =>
  path.reduce<unknown>(
    (v, k) =>
      typeof v === 'object' && v !== null && Object.hasOwn(v, k) ? (v as Record<Key, unknown>)[k] : undefined,
    value,
  );

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
export const namesIn = (value: unknown): readonly string[] => (isMap(value) ? Object.keys(value) : []);
export const entries = (value: unknown, ...path: Path): readonly Entry[] => {
  const map = get(value, ...path);
  return isMap(map)
    ? Object.keys(map).map((name) => ({ name, path: [...path, name], value: map[name] }))
    : [];
};

/** Items of a list, with their paths. */
export const items = (
  value: unknown,
  ...path: Path
): readonly { readonly path: Path; readonly value: unknown }[] => {
  const list = get(value, ...path);
  return Array.isArray(list) ? list.map((item, i) => ({ path: [...path, i], value: item as unknown })) : [];
};
/** The texts of a list, with their paths. */
export const texts = (
  value: unknown,
  ...path: Path
): readonly { readonly path: Path; readonly value: string }[] =>
  items(value, ...path).flatMap((i) =>
    typeof i.value === 'string' ? [{ path: i.path, value: i.value }] : [],
  );
