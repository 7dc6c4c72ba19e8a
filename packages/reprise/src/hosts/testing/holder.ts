/**
 * A Reprise in the middle of a hold, for tests to kill: starts the guardian, runs the stop command given, and waits.
 * `node holder.ts <folder> <run> <max ms> <stop, shell text> [<start, shell text>]`; prints the guardian's pid,
 * `stopped` once the service is stopped, and `starting` where it then lets go by itself.
 */
import { join } from 'node:path';

import { systemClock } from '../../lib/clock.ts';
import { quiet } from '../finish.ts';
import { startGuardian } from '../guardian.ts';
import { localHost } from '../local.ts';
import { undoIn } from './hold.ts';

const [folder = '', run = '', max = '', stop = '', start = ''] = process.argv.slice(2);
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
if (start !== '') {
  await guardian.stillHeld();
  const starting = quiet(host, { argv: ['sh', '-c', start], cwd: folder, lasting: true }, signal);
  console.log('starting');
  await starting;
}
await systemClock.sleep(600_000, signal);
