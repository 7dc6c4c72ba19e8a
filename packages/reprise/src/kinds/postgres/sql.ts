/**
 * Splits what pg_dumpall writes into statements: quotes, E'' strings and comments are understood; psql's own lines
 * (`\restrict`, `\connect`) are left out. Function bodies in dollar quotes do not occur there and are not understood.
 */
export function statementsOf(script: string): readonly string[] {
  const statements: string[] = [];
  let start = 0;
  let text = '';
  const token = /--[^\n]*|(?<=^|\n)\\[^\n]*|[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|;/g;
  for (const match of script.matchAll(token)) {
    text += script.slice(start, match.index);
    start = match.index + match[0].length;
    if (match[0] === ';') {
      if (text.trim() !== '') statements.push(text.trim());
      text = '';
    } else if (!match[0].startsWith('--') && !match[0].startsWith('\\')) text += match[0];
  }
  const rest = (text + script.slice(start)).trim();
  return rest === '' ? statements : [...statements, rest];
}

const identifier = /^\s*(?:"((?:[^"]|"")+)"|([^\s".(;,]+))/;

/** Reads one identifier, quoted or not, off the front. */
export function takeIdentifier(text: string): { readonly name: string; readonly rest: string } | undefined {
  const match = identifier.exec(text);
  if (match === null) return undefined;
  return { name: match[1]?.replaceAll('""', '"') ?? match[2] ?? '', rest: text.slice(match[0].length) };
}

/** `schema.table`, each quoted or not: as a key that does not depend on who quoted what. */
export function keyOf(qualified: string): string {
  const schema = takeIdentifier(qualified);
  const table = schema?.rest.startsWith('.') === true ? takeIdentifier(schema.rest.slice(1)) : undefined;
  return JSON.stringify([schema?.name ?? qualified, table?.name ?? null]);
}
