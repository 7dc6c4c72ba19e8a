import { createHash } from 'node:crypto';

/** The part that holds a database: percent-encoded; hashed where that would be longer than 200 bytes. */
export function partOf(database: string): string {
  const encoded = [...Buffer.from(database)].map(encodeByte).join('');
  if (encoded.length + 3 <= 200) return `db.${encoded}`;
  return `db.~${createHash('sha256').update(database).digest('hex').slice(0, 16)}`;
}
/** Not `encodeURIComponent`: a part is a path segment and a tag, so only what is plain in both stays. */
const encodeByte = (byte: number): string => {
  const char = String.fromCodePoint(byte);
  return /[A-Za-z0-9_-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
};

/**
 * `-d` of every tool. A bare name with `=` or that starts with `postgresql://` would be read as connection parameters,
 * so it is always given as one. Source: PostgreSQL manual, "libpq – Connection Strings".
 */
export const conninfo = (database: string): string =>
  `dbname='${database.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

export const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`;
/** A literal under standard_conforming_strings = on; with E'' where a backslash could be misread. */
export const literal = (text: string): string => {
  const quoted = text.replaceAll("'", "''");
  return quoted.includes('\\') ? `E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`;
};

/** As pg_dump and pg_restore print a name in a comment: on one line. */
export const oneLine = (name: string): string => name.replaceAll(/[\r\n]/g, ' ');

/** `name_before_suffix` within the server's 63 bytes, cut at a whole character. */
export function asideName(name: string, suffix: string): string {
  const tail = `_before_${suffix}`;
  let head = name;
  while (Buffer.byteLength(head + tail) > 63) head = head.replace(/.$/su, '');
  return head + tail;
}

/** One line of a password file. Source: PostgreSQL manual, "The Password File": `:` and `\` are escaped. */
export const passfileLine = (password: string): string =>
  `*:*:*:*:${password.replaceAll('\\', '\\\\').replaceAll(':', '\\:')}\n`;

/** What an earlier restore put aside: see `asideName`. */
export const isAside = (name: string): boolean => /_before_[0-9A-Za-z-]+$/.test(name);
