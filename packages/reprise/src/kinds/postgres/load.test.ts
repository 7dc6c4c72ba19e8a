import { describe, expect, test } from 'vitest';

import { guardsIndexes, wayOf } from './load.ts';

describe('how a database is loaded', () => {
  const two = { jobs: 2, superuser: true };

  test('one connection as asked', () => {
    expect(wayOf([10, 10], { ...two, jobs: 1 })).toBe('serial');
  });

  test('from a file where several connections gain more than the file costs', () => {
    expect(wayOf([10, 10], two)).toBe('staged');
    expect(wayOf([74, 26], two)).toBe('staged');
    expect(wayOf([60, 20, 10, 10], { ...two, jobs: 8 })).toBe('staged');
  });

  test('as it comes where one table is most of it, or there is nothing', () => {
    expect(wayOf([76, 24], two)).toBe('streamed');
    expect(wayOf([1e12, 5, 0], { ...two, jobs: 64 })).toBe('streamed');
    expect(wayOf([0, 0], two)).toBe('streamed');
  });

  test('from a file where it is not known, and for a role that rights bind', () => {
    expect(wayOf([null, null], two)).toBe('staged');
    expect(wayOf([100, null], two)).toBe('staged');
    expect(wayOf([], two)).toBe('staged');
    expect(wayOf([99, 1], { ...two, superuser: false })).toBe('staged');
  });
});

test('rights that could forbid the making of an index are seen in the table of contents', () => {
  const seen = (rest: string): boolean => guardsIndexes({ rest });
  expect(seen('ACL public FUNCTION norm(text) postgres')).toBe(true);
  expect(seen('ACL - SCHEMA public postgres')).toBe(true);
  expect(seen('ACL public TABLE orders app')).toBe(false);
  expect(seen('FUNCTION public norm(text) postgres')).toBe(false);
});
