import type { AnyKind } from '../kinds/kind.ts';
import { kinds } from '../kinds/registry.ts';
import { sqliteWithFiles } from './sqlite-with-files.ts';

/** Every product of this version: one line each. */
const products = [sqliteWithFiles];

/** What a plan's `kind:` may name: the kinds and the products made of them. */
export const kindsAndProducts: ReadonlyMap<string, AnyKind> = new Map([
  ...kinds,
  ...products.map((p) => [p.name, p as unknown as AnyKind] as const),
]);
