import { afterAll, beforeAll } from 'vitest';

import { hostConformance, type HostBench } from './conformance/index.ts';
import { localBench } from './testing/local-bench.ts';

/** The conformance suite with small streams; `test/conformance/hosts.test.ts` sends a gibibyte through each. */
let bench: HostBench & AsyncDisposable;
beforeAll(async () => {
  bench = await localBench(32 * 1024 * 1024);
});
afterAll(() => bench[Symbol.asyncDispose]());

hostConformance('local', () => bench);
