import { describe, expect, test } from 'vitest';

import { asideName, conninfo, ident, literal, partOf, passfileLine } from './names.ts';

describe('names', () => {
  test('a part is a path segment whatever the database is called', () => {
    expect(partOf('app')).toBe('db.app');
    expect(partOf('my "app"\n/é.')).toBe('db.my%20%22app%22%0A%2F%C3%A9%2E');
    expect(partOf('é'.repeat(31))).toHaveLength(189);
    expect(partOf('é'.repeat(40))).toMatch(/^db\.~[0-9a-f]{16}$/);
    expect(partOf('a%20b')).not.toBe(partOf('a b'));
    expect(partOf('~x')).toBe('db.%7Ex');
  });

  test('a database named like a connection string stays a name', () => {
    expect(conninfo('host=evil')).toBe(`dbname='host=evil'`);
    expect(conninfo(`o'\\x`)).toBe(`dbname='o\\'\\\\x'`);
  });

  test('quoting', () => {
    expect(ident('a"b')).toBe('"a""b"');
    expect(literal("o'x")).toBe("'o''x'");
    expect(literal('a\\b')).toBe("E'a\\\\b'");
    expect(passfileLine('a:b\\c')).toBe('*:*:*:*:a\\:b\\\\c\n');
  });

  test('what is put aside keeps a name the server takes', () => {
    expect(asideName('app', '20261121')).toBe('app_before_20261121');
    const long = asideName('é'.repeat(31), 'x');
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(63);
    expect(long).toMatch(/^é+_before_x$/);
  });
});
