import { expect, test } from 'vitest';

import { changedRole, sparing } from './neighbours.ts';

test.each([
  ['CREATE ROLE blog', 'blog'],
  [`ALTER ROLE "a TO ""b""" WITH NOSUPERUSER LOGIN PASSWORD 'x'`, 'a TO "b"'],
  [`ALTER ROLE blog SET work_mem TO '8MB'`, 'blog'],
  [`COMMENT ON ROLE blog IS 'x'`, 'blog'],
  [`SECURITY LABEL FOR selinux ON ROLE blog IS 'x'`, 'blog'],
  ['GRANT team TO blog GRANTED BY postgres', 'blog'],
  [`GRANT "x TO y" TO "ON z" WITH ADMIN OPTION, INHERIT TRUE GRANTED BY postgres`, 'ON z'],
  ['GRANT SET ON PARAMETER log_statement TO blog', 'blog'],
  ['GRANT SET, ALTER SYSTEM ON PARAMETER "my.own" TO blog WITH GRANT OPTION', 'blog'],
  ['REVOKE ALL ON PARAMETER log_statement FROM blog', 'blog'],
  [`CREATE TABLESPACE fast OWNER blog LOCATION '/x'`, null],
  ['GRANT CREATE ON TABLESPACE fast TO blog', null],
  ['SOMETHING new', undefined],
])('%s: about %s', (statement, role) => {
  expect(changedRole(statement)).toBe(role);
});

test('what is not understood is not run where others live', () => {
  const all = [
    'CREATE ROLE new',
    'CREATE ROLE old',
    'ALTER ROLE old WITH LOGIN',
    'GRANT old TO new',
    'SOMETHING',
  ];
  expect(sparing(all, new Set(['old']))).toEqual({
    statements: ['CREATE ROLE new', 'GRANT old TO new'],
    kept: ['old'],
  });
});
