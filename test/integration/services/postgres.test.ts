import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { PlanService } from '../../../packages/contracts/src/index.ts';
import { quiet } from '../../../packages/reprise/src/hosts/finish.ts';
import { awaitGuardian } from '../../../packages/reprise/src/hosts/guardian.ts';
import { localHost } from '../../../packages/reprise/src/hosts/local.ts';
import { endOrphans } from '../../../packages/reprise/src/hosts/orphans.ts';
import { systemClock as clock } from '../../../packages/reprise/src/lib/clock.ts';
import { Secret } from '../../../packages/reprise/src/lib/secret.ts';
import { makeService } from '../../../packages/reprise/src/services/make.ts';
import type { Service } from '../../../packages/reprise/src/services/service.ts';
import { freePort } from '../../testbed/freePort.ts';
import { serverBins } from '../../testbed/postgres.ts';

/**
 * A real server under `pg_ctl`, with no log file: it inherits the output of its start command. It must run on when
 * Reprise ends in whatever way, and be back soon when Reprise is killed while it holds it.
 */
const user = process.getuid?.() === 0 ? 'postgres' : undefined;
const { signal } = new AbortController();
let folder = '';
let plan: Record<string, unknown> = {};
let service: Service;
const host = () => localHost({ run: null, scratchRoot: join(folder, 'scratch'), clock });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rp-svc-'));
  await chmod(folder, 0o711);
  const bin = (await serverBins())[0]?.bin ?? '';
  const port = await freePort();
  await using at = host();
  const data = join(folder, 'pg/data');
  await at.mkdir(join(folder, 'pg'), 0o700, signal);
  if (user !== undefined) await quiet(at, { argv: ['chown', user, join(folder, 'pg')] }, signal);
  await quiet(
    at,
    { argv: [`${bin}/initdb`, '-D', data, '-A', 'trust', '-U', 'app', '--no-sync'], user },
    signal,
  );
  const options = `-p ${port} -k ${folder}/pg -c listen_addresses=127.0.0.1`;
  const pg = (...argv: string[]) => ({ argv, ...(user === undefined ? {} : { user }), timeout: '60s' });
  plan = {
    kind: 'command',
    start: pg(`${bin}/pg_ctl`, 'start', '-w', '-D', data, '-o', options),
    stop: pg(`${bin}/pg_ctl`, 'stop', '-w', '-m', 'fast', '-D', data),
    ready: {
      argv: [
        `${bin}/psql`,
        '-h',
        '127.0.0.1',
        '-p',
        `${port}`,
        '-U',
        'app',
        '-d',
        'postgres',
        '-c',
        'select 1',
      ],
    },
  };
  service = makeService({
    name: 'db',
    plan: PlanService.parse(plan),
    place: { path: (p) => p, port: (p) => p },
    host: host(),
    clock,
    secret: async () => new Secret('unused'),
  });
});
beforeEach(() => service.start(signal));
afterAll(async () => {
  await service.stop(signal);
  await rm(folder, { recursive: true });
});

/** Another Reprise doing `act`; resolves when it says so. */
async function reprise(act: string, run: string) {
  const argv = [join(import.meta.dirname, 'reprise.ts'), folder, run, JSON.stringify(plan), act];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), exited]);
  return { exited, kill: async () => (child.kill('SIGKILL'), await exited) };
}
const answers = async (): Promise<boolean> => (await service.ready(signal)).verdict === 'pass';

test('starts and stops, and neither twice', async () => {
  await service.start(signal);
  expect(await service.state(signal)).toBe('running');
  await service.stop(signal);
  await service.stop(signal);
  expect(await service.state(signal)).toBe('stopped');
});

test('goes on when the Reprise that started it exits, and is no orphan of its run', async () => {
  await service.stop(signal);
  const run = randomUUID();
  const { exited } = await reprise('start', run);
  expect(await exited).toEqual([0, null]);
  expect(await endOrphans(run, signal)).toBe(0);
  expect(await answers()).toBe(true);
  // It still has an output to write to: what it says goes to the file of the start command.
  const said = spawnSync('sh', ['-c', 'cat "$0"/scratch/output/*', folder], { encoding: 'utf8' }).stdout;
  expect(said).toContain('database system is ready to accept connections');
});

test.for(['hold', 'stopping'])(
  'kill -9 of Reprise (%s): answers again within 10 s, nobody running Reprise',
  async (act) => {
    await rm(join(folder, 'result.json'), { force: true });
    const run = randomUUID();
    const other = await reprise(act, run);
    if (act === 'hold') expect(await answers()).toBe(false);
    await other.kill();
    expect(
      await awaitGuardian(join(folder, 'result.json'), clock, AbortSignal.timeout(30_000)),
    ).toMatchObject({
      undone: true,
      reason: 'closed',
      ok: true,
    });
    expect(await answers()).toBe(true);
    expect(await endOrphans(run, signal)).toBe(0);
  },
);

test('what comes back, comes back in time', async () => {
  await rm(join(folder, 'result.json'), { force: true });
  const other = await reprise('hold', randomUUID());
  const began = clock.monotonic();
  await other.kill();
  while (!(await answers())) await clock.sleep(50, signal);
  const ms = clock.monotonic() - began;
  expect(ms).toBeLessThan(10_000);
  console.log(`killed while it held PostgreSQL: answers after ${ms} ms`);
  await awaitGuardian(join(folder, 'result.json'), clock, signal);
});
