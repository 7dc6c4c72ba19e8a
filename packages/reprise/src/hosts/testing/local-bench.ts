import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { systemClock } from '../../lib/clock.ts';
import type { HostBench } from '../conformance/index.ts';
import { localHost } from '../local.ts';

/** The local host on the bench, with streams of so many bytes. */
export async function localBench(bytes: number): Promise<HostBench & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'reprise-host-'));
  await chmod(folder, 0o755);
  const scratchRoot = join(folder, 'scratch');
  return {
    make: async (run) => localHost({ run, scratchRoot, clock: systemClock }),
    folder,
    other: process.getuid?.() === 0 ? otherUser() : undefined,
    victim: [process.execPath, join(import.meta.dirname, 'victim.ts'), scratchRoot],
    bytes,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** PostgreSQL's user has a group more than its own where Debian made it; nobody is everywhere. */
const otherUser = (): string => (spawnSync('id', ['postgres']).status === 0 ? 'postgres' : 'nobody');
