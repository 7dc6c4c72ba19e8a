import type { Readable } from 'node:stream';

import type { Restoring } from '../repository.ts';
import type { Restic, Started } from '../restic.ts';
import { hasNoRoomForLock } from './restore.ts';

/** The bytes of one file of a snapshot. `complete` tells whether they were all: a damaged pack cuts them short. */
export async function dump(
  restic: Restic,
  snapshot: string,
  path: string,
  signal: AbortSignal,
): Promise<Restoring> {
  const attempt = async (...more: string[]): Promise<Started> =>
    await restic.start({ args: ['dump', ...more, '--', snapshot, path] }, signal);
  let started = await attempt();
  await begun(started.stdout);
  if (started.stdout.readableLength === 0 && !started.stdout.readableEnded) {
    const ended = await started.done.catch(() => undefined); // an abort: told by `complete`
    if (ended !== undefined && hasNoRoomForLock(ended)) started = await attempt('--no-lock');
  }
  const body = started.stdout;
  // A reader that turns away ends restic in good order: killed by its broken pipe it would leave its lock.
  body.once('close', () => {
    if (!body.readableEnded) started.stop(new DOMException('No longer read.', 'AbortError'));
  });
  const complete = started.done.then((ended) => void restic.check(ended));
  complete.catch(() => {}); // whoever reads looks at the end
  return { body, complete };
}

/** The first bytes are there, or there will be none. */
async function begun(body: Readable): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = (): void => resolve();
  body.once('readable', done).once('error', done).once('close', done);
  await promise;
  body.off('readable', done).off('error', done).off('close', done);
}
