import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { PartRecord, Point } from '@reprise/contracts';

import { systemClock } from '../../lib/clock.ts';
import { said } from '../../lib/language.ts';
import type { CaptureResult, Context, Vacancy } from '../kind.ts';
import type { Setup, Store, World } from './setup.ts';
import type { Spy } from './spy.ts';

/** One case's world with everything around it; disposing it removes all of it. */
export interface Bench<S> extends AsyncDisposable {
  readonly world: World<S>;
  readonly store: Store;
  readonly run: string;
  readonly scratchRoot: string;
  readonly log: readonly string[];
  /** A context on the world's host, or on a spied one. */
  context(options?: { readonly signal?: AbortSignal; readonly spy?: Spy }): Context;
  /** preflight (never with mishaps), then capture into the store: what `capture/` does, without a plan. */
  capture(at?: Context, since?: Point): Promise<Point>;
  restore(point: Point, spec: S, at?: Context): Promise<void>;
  isVacant(spec: S): Promise<Vacancy>;
  /** Folders that a capture or restore left in scratch. */
  leftovers(): Promise<readonly string[]>;
  /** Live processes that carry this run's id. */
  processes(): Promise<readonly string[]>;
}

export async function bench<S>(setup: Setup<S>): Promise<Bench<S>> {
  const run = randomUUID();
  const folder = await mkdtemp(join(tmpdir(), 'reprise-conformance-'));
  await chmod(folder, 0o755); // other users work below it
  const scratchRoot = join(folder, 'scratch');
  const world = await setup.world(run, scratchRoot).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const store = await setup.store(join(folder, 'store'), run);
  const log: string[] = [];
  const context: Bench<S>['context'] = (options = {}) => ({
    system: 'conformance',
    component: 'subject',
    host: options.spy?.host ?? world.host,
    service: world.service,
    signal: options.signal ?? new AbortController().signal,
    clock: systemClock,
    log: (line) => void log.push(said(line, 'en')),
    secret: async (ref) => {
      const found = world.secrets.get(JSON.stringify(ref));
      if (found === undefined) throw new TypeError(`the setup has no secret ${JSON.stringify(ref)}`);
      return found;
    },
  });
  const { kind, method } = world;
  return {
    world,
    store,
    run,
    scratchRoot,
    log,
    context,
    async capture(at = context(), since) {
      const findings = await method.preflight(world.spec, context());
      const bad = findings.find((f) => f.verdict === 'fail');
      if (bad !== undefined) throw new Error(`preflight: ${bad.code} ${JSON.stringify(bad.params)}`);
      await using capture = await method.capture(world.spec, at, since);
      capture.done.catch(() => {});
      const parts: PartRecord[] = [];
      for await (const part of capture.parts) parts.push(await store.put(part, at.host, at.signal));
      return pointOf(world, run, parts, await capture.done);
    },
    async restore(point, spec, at = context()) {
      await method.restore(store.read(point), setup.mint(spec, 'empty'), at);
      await world.settle?.(spec);
    },
    isVacant: (spec) => kind.isVacant(spec as never, context()),
    leftovers: async () =>
      (await readdir(scratchRoot).catch(() => [])).filter((name) => !name.endsWith('.lock')),
    processes: () => processesOf(run),
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function pointOf<S>(
  world: World<S>,
  run: string,
  parts: readonly PartRecord[],
  result: CaptureResult,
): Point {
  return {
    id: 'subject@conformance',
    component: 'subject',
    kind: world.kind.name,
    method: world.method.name,
    run,
    installation: run,
    epoch: 1,
    at: result.asOf.to,
    as_of: result.asOf,
    bytes: parts.reduce((sum, p) => sum + p.bytes, 0),
    level: 'stored',
    verdict: 'pass',
    protection: null,
    capture_ms: 0,
    future: false,
    drilled_at: null,
    plan: '0'.repeat(64),
    tools: { ...result.tools },
    server: result.server,
    inventory: result.inventory,
    group: null,
    fork: false,
    copies: [{ repository: 'store', parts: [...parts], level: 'stored', verdict: 'pass', committed: true }],
  };
}

async function processesOf(run: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const environ = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    if (!environ.split('\0').includes(`REPRISE_RUN=${run}`)) continue;
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
    if (!/\) Z /.test(stat))
      found.push(
        `${pid} ${(await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')).replaceAll('\0', ' ')}`,
      );
  }
  return found;
}
