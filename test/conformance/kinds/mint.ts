import type { Vacant } from '../../../packages/reprise/src/kinds/kind.ts';

/** The suite's own proof of vacancy; in the product only `recovery/` makes one. */
export const mint = <T>(spec: T, because: 'empty'): Vacant<T> => ({ spec, because }) as Vacant<T>;
