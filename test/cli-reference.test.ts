import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import {
  commandsReference,
  errorsReference,
  exitCodesReference,
} from '../packages/reprise/src/cli/reference.ts';

test.for([
  ['commands', commandsReference],
  ['errors', errorsReference],
  ['exit-codes', exitCodesReference],
] as const)('docs/reference/%s.md is what the program says (npm run generate)', ([name, made]) => {
  expect(readFileSync(`docs/reference/${name}.md`, 'utf8')).toBe(made());
});

test('no error of the catalogue says undefined, an object, or not a number', () => {
  expect(errorsReference()).not.toMatch(/undefined|\[object|NaN/);
});
