import { bodies, type Body, type BodyInput, type EntryType } from '@reprise/contracts';
import type { z } from 'zod';

import { RepriseError } from '../lib/errors/index.ts';
import { wellFormed } from './canonical.ts';

type JsonObject = Record<string, unknown>;

/** The body as it is written: checked strictly, defaults filled in. Throws `journal.body`, which quotes no value. */
export function bodyToWrite<T extends EntryType>(type: T, body: BodyInput<T>): Body<T> & JsonObject {
  const parsed = schemaOf(type).safeParse(wellFormed(body));
  if (parsed.success) return parsed.data as Body<T> & JsonObject;
  const issue = parsed.error.issues[0];
  throw new RepriseError('journal.body', { type, path: issue?.path.join('.') ?? '', why: issue?.code ?? '' });
}

/**
 * The body as it is read. A later version may add keys that this one does not know: they are left aside. Undefined
 * where what this version needs is missing or of another kind: such an entry is kept and shown, but nothing is
 * projected from it.
 */
export const bodyAsRead = <T extends EntryType>(type: T, body: unknown): Body<T> | undefined =>
  parseTolerantly(schemaOf(type), body) as Body<T> | undefined;

/** By the schema, keys that it does not know left aside; undefined where the rest is not what it says. */
export function parseTolerantly<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  return schema.safeParse(withoutUnknown(value, parsed.error.issues)).data;
}

const schemaOf = (type: EntryType): z.ZodType => bodies[type];

const isKnownType = (type: string): type is EntryType => Object.hasOwn(bodies, type);

/**
 * May something be projected from it? Types that this version does not know are readable: nothing is expected of them.
 */
export const isReadable = (type: string, body: unknown): boolean =>
  !isKnownType(type) || bodyAsRead(type, body) !== undefined;

/** A copy without the keys that the schema called unknown. */
function withoutUnknown(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const copy: unknown = structuredClone(value);
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    let at = copy;
    for (const key of issue.path) at = (at as JsonObject | undefined)?.[key as string];
    for (const key of issue.keys) if (typeof at === 'object' && at !== null) delete (at as JsonObject)[key];
  }
  return copy;
}
