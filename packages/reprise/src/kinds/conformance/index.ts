import { cases } from './cases.ts';
import type { Setup } from './setup.ts';

export { cases } from './cases.ts';
export { broken } from './broken.ts';
export { fileStore } from './file-store.ts';
export type { Setup, Store, World } from './setup.ts';

/** A test runner's two functions: vitest's fit. */
export interface Runner {
  readonly describe: (name: string, body: () => void) => void;
  readonly test: (name: string, body: () => Promise<void>) => void;
}

/** The one suite that every method of every kind passes against its real server. */
export function conformance<S>(setup: Setup<S>, { describe, test }: Runner): void {
  describe(`kind ${setup.name}`, () => {
    for (const one of cases) test(one.name, () => one.run(setup));
  });
}
