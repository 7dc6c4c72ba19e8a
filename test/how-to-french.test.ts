import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../docs/how-to');
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));
const read = (...page: string[]): string => readFileSync(join(folder, ...page), 'utf8');

/** What is typed: each fenced block with its info string (what it asks, how it may end), without what is said of it. */
const typed = (text: string): readonly string[] =>
  [...text.matchAll(/^```([^\n]*\n[\s\S]*?)^```$/gm)].map(([, block = '']) =>
    block.replaceAll(/ {2,}(#|\/\/) .*$/gm, '').replaceAll(/^(kinds\/\S+) {2,}.*$/gm, '$1'),
  );
const sections = (text: string): readonly string[] =>
  [...text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^(#+)/gm)].map(([, marks = '']) => marks);
/** Where a page leads: to pages of its own language, and the code names that it explains. */
const links = (text: string): readonly string[] =>
  [...text.matchAll(/\]\(([^)]+\.md)\)/g)].map(([, to = '']) => to).filter((to) => !/fr\/|\.\.\//.test(to));
/** Commands, keys and files that the text names; what stands for something else (`<component>`) is translated. */
const named = (text: string): readonly string[] =>
  [...text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/`([^`]+)`/g)].map(([, code = '']) =>
    code.replaceAll(/<[^>]*>/g, '<>'),
  );
const rows = (text: string): number => text.split('\n').filter((line) => line.startsWith('| ')).length;

describe('what a person reads when the machine is gone exists in French', () => {
  test.each(pages)('%s', (page) => {
    const [english, french] = [read(page), read('fr', page)];
    expect(typed(english).length).toBeGreaterThan(0);
    expect(typed(french)).toEqual(typed(english));
    expect(sections(french)).toEqual(sections(english));
    expect(links(french)).toEqual(links(english));
    expect(named(french)).toEqual(expect.arrayContaining([...named(english)]));
    expect(rows(french)).toBe(rows(english));
    expect(english).toContain(`_[En français](fr/${page})_`);
    expect(french).toContain(`_[In English](../${page})_`);
  });

  test('no French page without its English one', () => {
    expect(readdirSync(join(folder, 'fr')).toSorted()).toEqual(pages.toSorted());
  });

  test('the French README leads to the French pages only', () => {
    const readme = readFileSync(join(folder, '../../README.fr.md'), 'utf8');
    const led = [...readme.matchAll(/\(docs\/how-to\/([^)]+)\)/g)].map(([, to]) => to);
    expect(new Set(led)).toEqual(new Set(pages.map((page) => `fr/${page}`)));
  });
});
