import { afterAll, beforeAll } from 'vitest';

import { type HostBench, hostConformance } from '../../packages/reprise/src/hosts/conformance/index.ts';
import { localBench } from '../../packages/reprise/src/hosts/testing/local-bench.ts';

/** Every host there is, with a gibibyte through each stream. A new host adds its bench here. */
let local: HostBench & AsyncDisposable;
beforeAll(async () => {
  local = await localBench(1024 ** 3);
});
afterAll(() => local[Symbol.asyncDispose]());

hostConformance('local', () => local);
