import { stripVTControlCharacters, styleText } from 'node:util';

import type { Finding } from '@reprise/contracts';

import { wordsOf } from '../../lib/findings/index.ts';
import { words } from '../../lib/i18n/index.ts';
import type { Look } from '../session.ts';

/** How many columns a text takes: by user-perceived characters, colours not counted. */
const segments = new Intl.Segmenter();
const widthOf = (text: string): number => [...segments.segment(stripVTControlCharacters(text))].length;

/** Columns aligned, two spaces between; the first row is the head. Numbers of cells are those of the head. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((r) => widthOf(r[column] ?? ''))));
  return rows.map((row) =>
    row
      .map((cell, i) =>
        i === row.length - 1 ? cell : cell + ' '.repeat((widths[i] ?? 0) - widthOf(cell) + 2),
      )
      .join('')
      .trimEnd(),
  );
}

type Colour = 'green' | 'yellow' | 'red' | 'cyan' | 'dim' | 'bold';
/** Colours come on top of words, they carry nothing alone. */
export const paint = (look: Look, colour: Colour, text: string): string =>
  look.colour ? styleText(colour, text, { validateStream: false }) : text;

const colours = { pass: 'green', fail: 'red', unable: 'yellow' } as const;

/** A finding: its verdict in words, what was found, and what it does not prove. */
export function findingLines(f: Finding, look: Look): readonly string[] {
  const t = words(look.language);
  const { message, notProven } = wordsOf(f, look.language);
  const where = f.at === undefined ? '' : `${f.at.file}:${f.at.line}:${f.at.column} `;
  return [
    `${paint(look, colours[f.verdict], t[`findings.${f.verdict}`])}  ${where}${message}`,
    ...(notProven === null ? [] : [`    ${t['findings.limits']({ text: notProven })}`]),
  ];
}

export { momentText as localTime } from '../../lib/quantities.ts';

/** What to type now. */
export const next = (look: Look, commands: string): string => `${words(look.language).next}\n  ${commands}`;
