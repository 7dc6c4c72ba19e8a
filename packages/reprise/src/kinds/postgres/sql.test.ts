import { describe, expect, test } from 'vitest';

import { withoutTablespace } from './create.ts';
import { keyOf, statementsOf, takeIdentifier } from './sql.ts';

describe('statements', () => {
  test('are split outside quotes and comments; psql’s own lines are left out', () => {
    const script = [
      '--\n-- a; comment\n--\n\n\\restrict abc;\nCREATE ROLE "a;""b\n--c";',
      "ALTER ROLE x PASSWORD 'it''s; -- \\restrict' ;\nCOMMENT ON ROLE x IS E'a\\';b';\n\\connect x\nSELECT 1",
    ].join('\n');
    expect(statementsOf(script)).toEqual([
      'CREATE ROLE "a;""b\n--c"',
      "ALTER ROLE x PASSWORD 'it''s; -- \\restrict'",
      "COMMENT ON ROLE x IS E'a\\';b'",
      'SELECT 1',
    ]);
  });

  test('identifiers', () => {
    expect(takeIdentifier(' "we""ird\nrole" WITH')).toEqual({ name: 'we"ird\nrole', rest: ' WITH' });
    expect(takeIdentifier('app.t (a)')).toEqual({ name: 'app', rest: '.t (a)' });
    expect(takeIdentifier('(')).toBeUndefined();
    expect(keyOf('public."order"')).toBe(keyOf('public.order'));
    expect(keyOf('"a.b".c')).not.toBe(keyOf('a."b.c"'));
  });

  test('a database without its tablespace', () => {
    expect(
      withoutTablespace(`CREATE DATABASE a WITH TEMPLATE = template0 LOCALE = 'C' TABLESPACE = "slow disk"`),
    ).toBe(`CREATE DATABASE a WITH TEMPLATE = template0 LOCALE = 'C'`);
    expect(withoutTablespace('CREATE DATABASE a TABLESPACE = x CONNECTION LIMIT = 3')).toBe(
      'CREATE DATABASE a CONNECTION LIMIT = 3',
    );
  });
});
