/**
 * A Reprise to be ended in the middle: `node reprise.ts <folder> <run> <plan of the service, JSON> start|hold|stopping`.
 * `start`: starts it and exits without closing anything. `hold`: guardian, stop, says `held`, waits. `stopping`: says
 * `stopping` while the stop command is on its way.
 */
import { join } from 'node:path';

import { PlanService } from '../../../packages/contracts/src/index.ts';
import { startGuardian } from '../../../packages/reprise/src/hosts/guardian.ts';
import { localHost } from '../../../packages/reprise/src/hosts/local.ts';
import { systemClock as clock } from '../../../packages/reprise/src/lib/clock.ts';
import { Secret } from '../../../packages/reprise/src/lib/secret.ts';
import { makeService } from '../../../packages/reprise/src/services/make.ts';

const [folder = '', run = '', plan = '', act = ''] = process.argv.slice(2);
const { signal } = new AbortController();
const host = localHost({ run, scratchRoot: join(folder, 'scratch'), clock });
const service = makeService({
  name: 'db',
  plan: PlanService.parse(JSON.parse(plan)),
  place: { path: (p) => p, port: (p) => p },
  host,
  clock,
  secret: async () => new Secret('unused'),
});
if (act === 'start') {
  await service.start(signal);
  process.exit(0);
}
const undo = await service.undo(await service.state(signal), 'stop', signal);
if (undo === undefined) throw new Error('nothing to undo');
const resultFile = join(folder, 'result.json');
await startGuardian({ name: 'local', run, clock }, { undos: [undo], maxMs: 300_000, resultFile }, signal);
const stopped = service.stop(signal);
if (act === 'stopping') console.log('stopping');
await stopped;
console.log('held');
await clock.sleep(600_000, signal);
