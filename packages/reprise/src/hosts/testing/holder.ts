/**
 * A Reprise in the middle of a hold, for tests to kill: starts the guardian, runs the stop command given, and waits.
 * `node holder.ts <folder> <run> <max ms> <stop, shell text>`; prints the guardian's pid once the service is stopped.
 */
import { join } from 'node:path';

import { systemClock } from '../../lib/clock.ts';
import { quiet } from '../finish.ts';
import { startGuardian } from '../guardian.ts';
import { localHost } from '../local.ts';
import { undoIn } from './hold.ts';

const [folder = '', run = '', max = '', stop = ''] = process.argv.slice(2);
const { signal } = new AbortController();
const host = localHost({ run, scratchRoot: join(folder, 'scratch'), clock: systemClock });
const order = { undos: [undoIn(folder)], maxMs: Number(max), resultFile: join(folder, 'result.json') };
const guardian = await startGuardian({ name: 'local', run, clock: systemClock }, order, signal);
const stopping = quiet(
  host,
  { argv: ['sh', '-c', stop], cwd: folder, env: { REPRISE_STOPPING: 'toy' } },
  signal,
);
console.log(guardian.pid);
await stopping;
console.log('stopped');
await systemClock.sleep(600_000, signal);
