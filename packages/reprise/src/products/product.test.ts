import { expect, test } from 'vitest';
import { z } from 'zod';

import type { AnyKind, Vacancy } from '../kinds/kind.ts';
import { product } from './product.ts';

const refuse = (): never => {
  throw new Error('never run here');
};
const kind = (vacancy: Vacancy): AnyKind =>
  ({
    name: 'folder',
    spec: z.strictObject({}),
    methods: { tree: { name: 'tree', traits: {} } },
    defaultMethod: 'tree',
    defaultLevel: 'stored',
    isVacant: () => Promise.resolve(vacancy),
  }) as unknown as AnyKind;
const of = (a: Vacancy, b: Vacancy): Promise<Vacancy> =>
  product({
    name: 'two',
    spec: z.strictObject({}),
    members: [
      { name: 'a', kind: kind(a), spec: () => ({}) },
      { name: 'b', kind: kind(b), spec: () => ({}) },
    ],
    check: refuse,
    relocate: refuse,
  }).isVacant({}, {} as never);

const vacant: Vacancy = { vacant: true, found: null, identity: 'x' };
const full = (en: string, fr: string): Vacancy => ({ vacant: false, found: { en, fr }, identity: 'y' });

test('a product is vacant where all its members are; what lies in each place is said, in both languages', async () => {
  expect(await of(vacant, vacant)).toEqual({ vacant: true, found: null, identity: null });
  expect(await of(vacant, full('rows', 'des lignes'))).toMatchObject({
    vacant: false,
    found: { en: 'rows', fr: 'des lignes' },
  });
  expect(await of(full('rows', 'des lignes'), full('files', 'des fichiers'))).toMatchObject({
    found: { en: 'rows; files', fr: 'des lignes ; des fichiers' },
  });
});
