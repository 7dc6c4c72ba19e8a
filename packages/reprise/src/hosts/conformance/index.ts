import { randomUUID } from 'node:crypto';

import { describe, test } from 'vitest';

import type { Case, HostBench } from './bench.ts';
import { environmentCases } from './environment.ts';
import { fileCases } from './files.ts';
import { processCases } from './processes.ts';
import { scratchCases } from './scratch.ts';
import { streamCases } from './streams.ts';

export type { HostBench } from './bench.ts';

/** Every host passes all of this: what is promised in host.ts, tried with real programs on the host. */
export function hostConformance(name: string, bench: () => HostBench): void {
  const suite = (title: string, cases: readonly Case[]): void => {
    describe(title, () => {
      for (const one of cases)
        test(one.says, async (t) => {
          const at = bench();
          t.skip(
            one.needs === 'other' && at.other === undefined,
            'needs root: only it can change to another user',
          );
          const folder = `${at.folder}/${randomUUID()}`;
          const { signal } = new AbortController();
          await using host = await at.make('run-of-conformance');
          await host.mkdir(folder, 0o755, signal);
          await one.act({ host, bench: at, folder, signal });
        });
    });
  };
  describe(`host ${name}`, () => {
    suite('streams', streamCases);
    suite('processes', processCases);
    suite('environment and users', environmentCases);
    suite('files', fileCases);
    suite('scratch', scratchCases);
  });
}
