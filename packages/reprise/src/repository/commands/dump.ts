import type { Restoring } from '../repository.ts';
import type { Restic } from '../restic.ts';

/** The bytes of one file of a snapshot. `complete` tells whether they were all: a damaged pack cuts them short. */
export async function dump(
  restic: Restic,
  snapshot: string,
  path: string,
  signal: AbortSignal,
): Promise<Restoring> {
  const started = await restic.start({ args: ['dump', '--', snapshot, path] }, signal);
  const body = started.stdout;
  // A reader that turns away ends restic in good order: killed by its broken pipe it would leave its lock.
  body.once('close', () => {
    if (!body.readableEnded) started.stop(new DOMException('No longer read.', 'AbortError'));
  });
  const complete = started.done.then((ended) => void restic.check(ended));
  complete.catch(() => {}); // whoever reads looks at the end
  return { body, complete };
}
