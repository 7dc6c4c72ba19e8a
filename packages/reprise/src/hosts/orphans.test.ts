import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { systemClock } from '../lib/clock.ts';
import { text } from './finish.ts';
import { localHost } from './local.ts';
import { endOrphans, processesOf } from './orphans.ts';
import { entryOf } from './processes.ts';

const { signal } = new AbortController();

/** Left behind by a Reprise that was killed: real processes that carry its run. */
async function leave(run: string, script: string): Promise<void> {
  const child = spawn('sh', ['-c', `${script} & sleep 0.1; echo up`], {
    detached: true,
    env: { PATH: process.env['PATH'], REPRISE_RUN: run },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const _ of child.stdout) break;
}

test('ends what carries the run, grandchildren and those deaf to TERM too, and nothing else', async () => {
  const [run, other] = [randomUUID(), randomUUID()];
  await leave(run, 'sh -c "sleep 300 & wait"');
  await leave(run, `sh -c 'trap "" TERM; while :; do sleep 0.1; done'`);
  await leave(other, 'sleep 299');
  expect(processesOf(run).length).toBeGreaterThanOrEqual(3);
  expect(await endOrphans(run, signal, 300)).toBeGreaterThanOrEqual(3);
  expect(processesOf(run)).toEqual([]);
  expect(processesOf(other)).toHaveLength(1);
  expect(await endOrphans(other, signal)).toBe(1);
  expect(await endOrphans(randomUUID(), signal)).toBe(0);
});

test('a service that was started on purpose is no orphan', async () => {
  const run = randomUUID();
  const folder = await mkdtemp(join(tmpdir(), 'reprise-orphans-'));
  const host = localHost({ run, scratchRoot: folder, clock: systemClock });
  await writeFile(join(folder, 'pid'), '');
  const started = await host.run(
    { argv: ['sh', '-c', 'sleep 298 & echo $! > pid'], cwd: folder, lasting: true },
    signal,
  );
  expect(await started.exit).toMatchObject({ code: 0 });
  const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
  expect(await endOrphans(run, signal)).toBe(0);
  expect(entryOf(pid)?.state).toMatch(/[SR]/);
  await host[Symbol.asyncDispose]();
  expect(entryOf(pid)?.state).toMatch(/[SR]/);
  process.kill(pid);
  await rm(folder, { recursive: true });
});

test('Reprise itself, inside a command of another run, is not ended', async () => {
  const run = randomUUID();
  const folder = await mkdtemp(join(tmpdir(), 'reprise-orphans-'));
  await using host = localHost({ run, scratchRoot: folder, clock: systemClock });
  const script = `import { endOrphans } from '${join(import.meta.dirname, 'orphans.ts')}';
    console.log(await endOrphans('${run}', new AbortController().signal));`;
  const argv = ['sh', '-c', 'echo "$1" | node --input-type=module -; echo alive', 'sh', script] as const;
  expect(await text(host, { argv }, signal)).toBe('0\nalive\n');
  await rm(folder, { recursive: true });
});
