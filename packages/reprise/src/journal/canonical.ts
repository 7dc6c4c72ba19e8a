import { RepriseError } from '../lib/errors/index.ts';
import { inBoth } from '../lib/i18n/index.ts';
import type { Language } from '../lib/language.ts';

/** Deeper than any entry of ours; keeps a hostile one from exhausting the stack. */
const maxDepth = 64;

/**
 * The one text of a value, by RFC 8785 (JSON Canonicalization Scheme), narrowed to what a journal holds: objects,
 * arrays, well-formed strings, booleans, null and integers that a double holds exactly. Members that are `undefined`
 * are left out. Throws `journal.not-canonical` for fractions, NaN, infinities, lone surrogates, dates, functions,
 * bigints and nesting deeper than 64.
 */
export const canonical = (value: unknown): string => write(value, []);

/** `path` is where `value` stands; only read when it is refused. */
function write(value: unknown, path: string[]): string {
  switch (typeof value) {
    case 'string':
      return quoted(value) ?? refuse(path, 'why.surrogate');
    case 'number':
      return Number.isSafeInteger(value) ? String(value) : refuse(path, 'why.no-integer');
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      return path.length >= maxDepth ? refuse(path, 'why.too-deep') : writeObject(value, path);
    default:
      return refuse(
        path,
        inBoth(() => typeof value),
      );
  }
}

function writeObject(value: object, path: string[]): string {
  if (Array.isArray(value)) return `[${value.map((item, i) => writeAt(item, String(i), path)).join(',')}]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) refuse(path, 'why.not-plain');
  let text = '';
  // The default order of sort() is that of UTF-16 code units, as RFC 8785, 3.2.3 asks.
  for (const key of sorted(Object.keys(value))) {
    const member: unknown = (value as Record<string, unknown>)[key];
    if (member === undefined) continue;
    const name = quoted(key) ?? refuse(path, 'why.surrogate-key');
    text += `${text === '' ? '' : ','}${name}:${writeAt(member, key, path)}`;
  }
  return `{${text}}`;
}

/** What was read back is in order already: a hundred thousand entries are looked through in a second. */
function sorted(keys: string[]): string[] {
  let before = '';
  for (const key of keys) {
    if (key < before) return keys.toSorted();
    before = key;
  }
  return keys;
}

const plain = /^[ !#-[\]-~]*$/;
/**
 * JSON.stringify escapes exactly as RFC 8785, 3.2.2.2 asks; most texts need no escape. Undefined for lone surrogates:
 * they have no UTF-8 and so no bytes to hash.
 */
const quoted = (text: string): string | undefined =>
  plain.test(text) ? `"${text}"` : text.isWellFormed() ? JSON.stringify(text) : undefined;

function writeAt(value: unknown, key: string, path: string[]): string {
  path.push(key);
  const text = write(value, path);
  path.pop();
  return text;
}

type Reason = 'surrogate' | 'surrogate-key' | 'no-integer' | 'too-deep' | 'not-plain';

function refuse(path: readonly string[], why: `why.${Reason}` | Readonly<Record<Language, string>>): never {
  throw new RepriseError('journal.not-canonical', {
    path: path.join('.').slice(0, 200).toWellFormed(),
    why: typeof why === 'string' ? inBoth((t) => t[why]) : why,
  });
}

/** The same value with every lone surrogate (a file name cut in half, a tool's broken output) replaced by U+FFFD. */
export function wellFormed<T>(value: T): T {
  if (typeof value === 'string') return value.toWellFormed() as T;
  if (Array.isArray(value)) return value.map(wellFormed) as T;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([k, v]) => [k.toWellFormed(), wellFormed<unknown>(v)]),
  ) as T;
}
