/**
 * Paths and patterns are compared byte by byte: names may be no UTF-8. `bytes()` makes text of one character per byte
 * (latin1), which is also how the walk reads names.
 *
 * A pattern without `/` matches a name at any depth; one with `/` is relative to the root. `*`, `?`, `[a-z]`, `[^a-z]`
 * stay within a name, `**` spans folders, `\` makes the next character plain. Same language as restic's exclude
 * patterns (restic manual, "Excluding Files"), so that what is counted is what is stored.
 */
export const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

export type Matcher = (path: string) => boolean;

/** Does a pattern match this path or a folder that it is in? Paths are relative to the root, in `bytes()` form. */
export function matcher(patterns: readonly string[]): Matcher {
  if (patterns.length === 0) return () => false;
  const any = new RegExp(patterns.map((p) => `(?:${source(bytes(p))})`).join('|'), 's');
  return (path) => any.test(path);
}

function source(pattern: string): string {
  const trimmed = pattern.replace(/^(\.\/)+/, '').replace(/\/+$/, '');
  const segments = trimmed.split('/').filter((s) => s !== '');
  const start = segments.length > 1 || pattern.startsWith('./') ? '^' : '(?:^|/)';
  const body = segments
    .map((s, i) =>
      s === '**'
        ? i === segments.length - 1
          ? '.+'
          : '(?:[^/]+/)*'
        : segment(s) + (i === segments.length - 1 ? '' : '/'),
    )
    .join('');
  return `${start}${body}(?:/|$)`;
}

/** One name of a pattern. */
function segment(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    if (c === '*') out += '[^/]*';
    else if (c === '?') out += '[^/]';
    else if (c === '\\' && i + 1 < text.length) out += RegExp.escape(text[++i] ?? '');
    else if (c === '[') {
      const end = text.indexOf(']', i + 2);
      if (end < 0) out += '\\[';
      else {
        out += `[${text.slice(i + 1, end).replaceAll(/[\\[]/g, '\\$&')}]`;
        i = end;
      }
    } else out += RegExp.escape(c);
  }
  return out;
}

/** A pattern of the plan as a tree part has it: one that begins with `/` means the top of the root. */
export function partPattern(pattern: string): string {
  const trimmed = pattern.replace(/^(\.\/)+/, '').replace(/\/+$/, '');
  return trimmed.includes('/') || pattern.startsWith('./') ? `/${trimmed}` : trimmed;
}

/** A literal path as a restic pattern. */
export const escapePattern = (path: string): string => path.replaceAll(/[*?[\]\\]/g, '\\$&');
