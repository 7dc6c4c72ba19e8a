import { join } from 'node:path';

import { expect, test } from 'vitest';

import { misfit, withDefect } from './mutants/apply.ts';
import { mutants, type Mutant } from './mutants/mutants.ts';

const root = join(import.meta.dirname, '..');

test.for(mutants)('the line of $name is where the list says, and so are its tests', (mutant) => {
  expect(misfit(mutant, root)).toBeUndefined();
});

test('each has a name of its own', () => {
  expect(new Set(mutants.map((m) => m.name)).size).toBe(mutants.length);
});

test('a line that is gone, or there twice, is said', () => {
  const mutant = { ...(mutants[0] as Mutant), from: 'a;', to: '' };
  expect(withDefect('  a;\nb;', mutant)).toBe('  \nb;');
  expect(withDefect('a;\na;', mutant)).toEqual({ times: 2 });
  expect(withDefect('ab;', mutant)).toEqual({ times: 0 });
  expect(misfit(mutant, root)).toMatch('has its line 0 times');
  expect(misfit({ ...mutant, tests: ['gone.test.ts'] }, root)).toBe('gone.test.ts is not there');
  expect(misfit({ ...(mutants[0] as Mutant), only: 'no such test' }, root)).toMatch('no test is called');
});
