import { expect, test } from 'vitest';

import { fitted } from './fitted.ts';

test('a line of progress takes one line of the terminal and keeps both its ends', () => {
  const line = `· ✓ vérifier ${'très-long-'.repeat(20)}nom dans copie  12,4 s`;
  const cut = fitted(line, 80);
  expect(cut).toHaveLength(79);
  expect(cut).toMatch(/^· ✓ vérifier très-long-.*…/);
  expect(cut.endsWith('nom dans copie  12,4 s')).toBe(true);
  expect(fitted(`·   app/${'x'.repeat(200)}  1,2 Gio, 96 Mio/s`, 80).endsWith('1,2 Gio, 96 Mio/s')).toBe(
    true,
  );
});

test('what fits, what is a sentence and what goes to no terminal stays whole', () => {
  const line = '· ✓ capturer app  1,4 s';
  expect(fitted(line, 80)).toBe(line);
  expect(fitted(`· ✓ ${'x'.repeat(75)}`, 80)).toHaveLength(79);
  const sentence = `· app est illisible dans ${'x'.repeat(100)}`;
  expect(fitted(sentence, 80)).toBe(sentence);
  const long = `· ▶ ${'x'.repeat(100)}`;
  expect(fitted(long, undefined)).toBe(long);
  expect(fitted(long, 10)).toBe(long);
});
