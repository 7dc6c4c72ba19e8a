import type { z } from 'zod';

import type { Key } from './problem.ts';
import { get } from './tolerant.ts';

interface Read {
  readonly value: unknown;
  readonly variables: readonly (readonly Key[])[];
}

/**
 * Parses; where the schema wants a number or a boolean and the plan has `${PORT}`, the variable's text is read as one
 * and it parses again. So `"${PORT}"` works with and without quotes, and a title made of digits stays a text.
 */
export function parseWith<T>(schema: z.ZodType<T>, { value, variables }: Read): z.ZodSafeParseResult<T> {
  const result = schema.safeParse(value);
  if (result.success || variables.length === 0) return result;
  const wanted = new Map<string, boolean>();
  for (const path of variables) wanted.set(JSON.stringify(path), true);
  let changed = false;
  for (const path of wrongTypes(result.error.issues, [])) {
    if (!wanted.has(JSON.stringify(path))) continue;
    const parent = get(value, ...path.slice(0, -1)) as Record<Key, unknown>;
    const key = path.at(-1) as Key;
    const read = typed(String(parent[key]));
    changed ||= read !== parent[key];
    parent[key] = read;
  }
  return changed ? schema.safeParse(value) : result;
}

/** Paths where a number or boolean was wanted, inside the forms of unions too. */
function wrongTypes(
  issues: readonly z.core.$ZodIssue[],
  base: readonly PropertyKey[],
): readonly (readonly Key[])[] {
  return issues.flatMap((issue): readonly (readonly Key[])[] => {
    const path = [...base, ...issue.path];
    if (issue.code === 'invalid_union') return issue.errors.flatMap((inner) => wrongTypes(inner, path));
    const wanted =
      (issue.code === 'invalid_type' && /^(number|int|boolean)$/.test(issue.expected)) ||
      (issue.code === 'invalid_value' && issue.values.some((v) => typeof v === 'number'));
    return wanted ? [path as readonly Key[]] : [];
  });
}

function typed(text: string): string | number | boolean {
  if (/^-?(0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  return text === 'true' ? true : text === 'false' ? false : text;
}
