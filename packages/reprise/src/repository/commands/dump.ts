import type { Readable } from 'node:stream';

import { reading } from '../invoke.ts';
import type { Restoring } from '../repository.ts';
import type { Restic } from '../restic.ts';

/** The bytes of one file of a snapshot. `complete` tells whether they were all: a damaged pack cuts them short. */
export async function dump(
  restic: Restic,
  snapshot: string,
  path: string,
  signal: AbortSignal,
): Promise<Restoring> {
  const { result: started, check } = await reading(restic, signal, async (flags) => {
    // Quiet: restic 0.18 says on stdout, amid the data, that somebody has the repository locked.
    const attempt = await restic.start({ args: ['dump', '--quiet', ...flags, '--', snapshot, path] }, signal);
    await begun(attempt.stdout);
    if (attempt.stdout.readableLength > 0 || attempt.stdout.readableEnded) return [attempt, undefined];
    return [attempt, await attempt.done.catch(() => undefined)]; // an abort: told by `complete`
  });
  const body = started.stdout;
  // A reader that turns away ends restic in good order: killed by its broken pipe it would leave its lock.
  body.once('close', () => {
    if (!body.readableEnded) started.stop(new DOMException('No longer read.', 'AbortError'));
  });
  const complete = started.done.then((ended) => void check(ended));
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
