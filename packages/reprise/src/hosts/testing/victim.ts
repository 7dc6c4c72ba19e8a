/**
 * Does one thing with the local host, to be killed while it does: `node victim.ts <scratch root> write|scratch <what>`.
 */
import { systemClock } from '../../lib/clock.ts';
import { localHost } from '../local.ts';

const [scratchRoot = '', act, what = ''] = process.argv.slice(2);
const { signal } = new AbortController();
const host = localHost({ run: null, scratchRoot, clock: systemClock });
if (act === 'write') {
  await host.write(what, process.stdin, 0o600, signal);
} else {
  const scratch = await host.scratch(Number(what), signal);
  console.log(scratch.path);
  await systemClock.sleep(600_000, signal);
}
