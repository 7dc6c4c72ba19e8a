import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Point } from '@reprise/contracts';

import { localHost } from '../../hosts/local.ts';
import { createInstallation } from '../../journal/installation.ts';
import { openJournal } from '../../journal/store.ts';
import { systemClock } from '../../lib/clock.ts';
import { newRecoveryKey, rootOf } from '../../lib/recovery-key.ts';
import type { Deps } from '../deps.ts';
import { intoPlaces } from '../overtaken.ts';
import type { StepContext } from '../step.ts';

/** A real journal in a folder of its own, and this machine as host; whatever else a recipe asks for and the test has not given is an error. */
export interface Bare extends AsyncDisposable {
  readonly home: string;
  readonly deps: Deps;
  /** What a step of the run is given, with outputs of earlier steps. */
  step(run: string, name: string, outputs?: Readonly<Record<string, unknown>>): StepContext;
}

const never = new AbortController().signal;
const planless = {
  file: '/srv/reprise.yaml',
  hash: 'a'.repeat(64),
  text: 'version: 1\n',
  plan: { system: 's' },
};

export async function openBare(given: Partial<Deps> = {}): Promise<Bare> {
  const home = mkdtempSync(join(tmpdir(), 'bare-'));
  const root = rootOf(newRecoveryKey());
  await createInstallation({ home, clock: systemClock, system: 's', role: 'writer', version: '0', root });
  const journal = await openJournal({ home, clock: systemClock, mode: 'write' });
  const points: Point[] = [];
  const has: Partial<Deps> = {
    clock: systemClock,
    language: 'en',
    home,
    journal,
    plan: planless as never,
    points: () => points,
    lost: () => [],
    host: (_name, run) => localHost({ run, scratchRoot: home, clock: systemClock }),
    log: () => {},
    at: undefined,
    ...given,
  };
  const deps = new Proxy(has, {
    get: (target, key) => {
      if (key in target) return target[key as keyof Deps];
      throw new TypeError(`the test gives no ${String(key)}`);
    },
  }) as Deps;
  return {
    home,
    deps,
    step: (run, name, outputs = {}) => ({
      run,
      attempt: 1,
      signal: never,
      output: <T>(of: string) => outputs[of] as T,
      append: (type, body) => journal.append(type, body, { run, step: name }),
      entries: () => [...journal.entries({ run })],
      others: () => intoPlaces(journal, run),
      log: () => {},
    }),
    [Symbol.asyncDispose]: async () => {
      await journal[Symbol.asyncDispose]();
      rmSync(home, { recursive: true });
    },
  };
}
