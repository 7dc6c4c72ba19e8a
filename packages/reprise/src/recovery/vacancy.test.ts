import { expect, test } from 'vitest';

import { absent, decideVacancy, mint } from './vacancy.ts';

const full = { vacant: false, found: '3 tables', identity: '8:1' };
const none = new Set<string>();

test('what is empty may be written, consent or not', () => {
  expect(decideVacancy({ vacant: true, found: null, identity: null }, none, undefined).is).toBe('empty');
  expect(decideVacancy({ vacant: true, found: null, identity: '8:1' }, new Set(['8:1']), 'flag').is).toBe(
    'empty',
  );
});

test('what this run claimed is its own work, and wiped; another identity is not', () => {
  expect(decideVacancy(full, new Set(['8:1']), undefined)).toMatchObject({ is: 'owned', clear: 'wipe' });
  expect(decideVacancy(full, new Set(['8:2']), undefined)).toEqual({ is: 'refused', found: '3 tables' });
  expect(decideVacancy({ ...full, identity: null }, new Set(['8:1']), undefined).is).toBe('refused');
});

test('what appeared where this run claimed nothingness is moved aside, never wiped', () => {
  expect(decideVacancy(full, new Set([absent]), undefined)).toMatchObject({ is: 'owned', clear: 'aside' });
  expect(decideVacancy(full, new Set([absent, '8:1']), undefined)).toMatchObject({
    is: 'owned',
    clear: 'wipe',
  });
});

test('consent moves aside; without it, and without words for what is there, no', () => {
  expect(decideVacancy(full, none, 'typed')).toEqual({
    is: 'consent',
    because: 'consent',
    clear: 'aside',
    how: 'typed',
  });
  expect(decideVacancy({ ...full, found: null }, none, undefined)).toEqual({ is: 'refused', found: '?' });
});

test('the proof carries the spec and the reason', () => {
  expect(mint({ path: '/x' }, 'owned')).toEqual({ spec: { path: '/x' }, because: 'owned' });
});
