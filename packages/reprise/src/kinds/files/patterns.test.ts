import { describe, expect, test } from 'vitest';

import { bytes, escapePattern, matcher, partPattern } from './patterns.ts';

const matches = (pattern: string, ...paths: string[]) => paths.filter((p) => matcher([pattern])(bytes(p)));

describe('patterns', () => {
  test('a name without a slash matches at any depth, and what is in it', () => {
    const paths = ['cache', 'a/cache', 'a/cache/x', 'cached', 'a/mycache'];
    expect(matches('cache', ...paths)).toEqual(['cache', 'a/cache', 'a/cache/x']);
    expect(matches('cache/', ...paths)).toEqual(['cache', 'a/cache', 'a/cache/x']);
  });

  test('one with a slash is relative to the root', () => {
    expect(matches('a/cache', 'a/cache', 'a/cache/x', 'b/a/cache')).toEqual(['a/cache', 'a/cache/x']);
    expect(matches('./cache', 'cache', 'a/cache')).toEqual(['cache']);
  });

  test('wildcards stay within a name; ** spans folders', () => {
    expect(matches('*.tmp', 'x.tmp', 'a/.tmp', 'x.tmp.txt')).toEqual(['x.tmp', 'a/.tmp']);
    expect(matches('a/*/c', 'a/b/c', 'a/b/d/c')).toEqual(['a/b/c']);
    expect(matches('a/**/c', 'a/c', 'a/b/d/c', 'c')).toEqual(['a/c', 'a/b/d/c']);
    expect(matches('a/**', 'a', 'a/b', 'a/b/c')).toEqual(['a/b', 'a/b/c']);
    expect(matches('file[0-9]', 'file1', 'filex')).toEqual(['file1']);
    expect(matches('file[^0-9]', 'file1', 'filex')).toEqual(['filex']);
    expect(matches('?é', 'xé', 'é')).toEqual(['xé']);
  });

  test('a backslash makes the next character plain; letters of regular expressions mean nothing', () => {
    expect(matches('a\\*b', 'a*b', 'axb')).toEqual(['a*b']);
    expect(matches('a.b+(c)|d', 'a.b+(c)|d', 'axb')).toEqual(['a.b+(c)|d']);
    expect(matches('[unclosed', '[unclosed', 'u')).toEqual(['[unclosed']);
    expect(matches('two\nlines', 'two\nlines')).toEqual(['two\nlines']);
  });

  test('a literal path, escaped, matches itself only', () => {
    for (const path of ['a*b', 'a?b', '[ab]', 'a\\b', 'two\nlines'])
      expect(matches(`./${escapePattern(path)}`, path, 'axb', 'a')).toEqual([path]);
  });

  test('no pattern matches nothing', () => {
    expect(matcher([])('anything')).toBe(false);
  });

  test('for a tree part, what is relative to the root begins with a slash', () => {
    expect(partPattern('cache')).toBe('cache');
    expect(partPattern('cache/')).toBe('cache');
    expect(partPattern('a/b')).toBe('/a/b');
    expect(partPattern('./a')).toBe('/a');
  });
});
