/** Text as Markdown shows it and not as it would read it: names and messages come from outside. */
export const escape = (text: string): string =>
  text.replaceAll(/[\\`*_[\]<>|#]/g, String.raw`\$&`).replaceAll(/\s*[\r\n]+\s*/g, ' ');

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head.map(escape)), row(head.map(() => '---')), ...rows.map((r) => row(r.map(escape)))].join('\n');

export const bullets = (items: readonly string[]): string => items.map((i) => `- ${escape(i)}`).join('\n');
