import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

const listed = readdirSync(join(import.meta.dirname, 'sabotage'))
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => file.replace('.test.ts', ''));

const rows = readFileSync(join(import.meta.dirname, '../docs/sabotage.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (Sabotage|---)/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replaceAll(/^\||\|$/g, '').trim()));

const source = (file: string): string =>
  readFileSync(join(import.meta.dirname, 'sabotage', `${file}.test.ts`), 'utf8');

test('every row of docs/sabotage.md is a test, with that error in its file', () => {
  for (const [, , error = '', file = '', name = ''] of rows) {
    expect(source(file), name).toContain(name);
    if (error !== '–') expect(source(file)).toContain(error.replaceAll('`', ''));
  }
});

test('every sabotage test has its row', () => {
  const documented = new Set(rows.map(([, , , file, name]) => `${file}: ${name}`));
  for (const file of listed) {
    const text = source(file);
    const titles = [
      ...text.matchAll(/\n {0,2}test(?:\.each\([^)]*\))?\(\s*'([^']+)'/g),
      ...text.matchAll(/\n {2}\[\s*'([^']+)',/g),
    ].map((m) => m[1] ?? '');
    for (const title of titles.filter((t) => t !== '%s is no point'))
      expect(documented, `docs/sabotage.md lacks "${title}"`).toContain(`${file}: ${title}`);
  }
});

test('every sabotage file has a control, in its table too', () => {
  expect(listed.length).toBeGreaterThan(7);
  for (const file of listed) {
    const titles = [...source(file).matchAll(/\btest\(\s*'([^']+)'/g)].map((m) => m[1] ?? '');
    expect(
      titles.filter((t) => t.includes('control: ')),
      file,
    ).not.toEqual([]);
    const controls = rows.filter(([what, , , of, name]) => of === file && /control/.test(`${what} ${name}`));
    expect(controls, `docs/sabotage.md names no control of ${file}`).not.toEqual([]);
  }
});
