import { array, assert, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';

import { RowCounter, type Counted } from './rows.ts';
import { keyOf } from './sql.ts';

const script = [
  "--\n-- PostgreSQL database dump\n--\n\nSET client_encoding = 'UTF8';\n",
  'COPY public.emptyt (a) FROM stdin;\n\\.\n\n\n',
  'COPY public."a b""c\nFROM stdin;\nCOPY x" (i, "c)(\n") FROM stdin;\n1\ta\\nb\n2\t\\\\.\n3\t\\N\n\\.\n\n',
  'COPY public.zero  FROM stdin;\n\n\n\\.\n',
  'COPY "S".one (t) FROM stdin;\n\\\\\n.\n\n\\.\n',
  "SELECT pg_catalog.setval('public.s', 42, true);\n",
  "SELECT pg_catalog.lo_open('287357', 131072);\nSELECT pg_catalog.lowrite(0, '\\x616263');\n",
].join('');

const count = (chunks: Iterable<Buffer>): Counted => {
  const counter = new RowCounter();
  for (const chunk of chunks) counter.push(chunk);
  return counter.end();
};
const expected: Counted = {
  tables: new Map([
    [keyOf('public.emptyt'), 0],
    [keyOf('public."a b""c\nFROM stdin;\nCOPY x"'), 3],
    [keyOf('public.zero'), 2],
    [keyOf('"S".one'), 3],
  ]),
  sequences: 1,
  largeObjects: 1,
  zeros: false,
};

describe('rows of a script', () => {
  test('however it is cut into chunks', () => {
    const body = Buffer.from(script);
    expect(count([body])).toEqual(expected);
    assert(
      property(array(integer({ min: 0, max: body.length })), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), body.length];
        const chunks = at.slice(1).map((end, i) => body.subarray(at[i], end));
        expect(count(chunks)).toEqual(expected);
      }),
    );
  });

  test('a block without its end does not count', () => {
    expect(count([Buffer.from('COPY a.b (c) FROM stdin;\n1\n2\n')]).tables.size).toBe(0);
  });

  test('a zero byte is noticed', () => {
    expect(count([Buffer.from('COPY a.b (c) FROM stdin;\n1\0\n\\.\n')]).zeros).toBe(true);
  });

  test('a row of many megabytes costs no memory and little time', () => {
    const counter = new RowCounter();
    counter.push(Buffer.from('COPY a.b (c) FROM stdin;\n'));
    const piece = Buffer.alloc(65_536, 'x');
    for (let i = 0; i < 2000; i++) counter.push(piece);
    counter.push(Buffer.from('\n\\.\n'));
    expect(counter.end().tables.get(keyOf('a.b'))).toBe(1);
  });
});
