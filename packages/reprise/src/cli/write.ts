import { once } from 'node:events';

import type { Session } from './session.ts';

/** Line by line, waiting where the reader is slow; a reader that went away ends it. */
export async function writeLines(
  { io: { stdout }, signal }: Session,
  lines: Iterable<string>,
): Promise<void> {
  for (const line of lines) {
    if (stdout.destroyed || stdout.errored !== null) return;
    if (stdout.write(`${line}\n`)) continue;
    // An error of the stream (the pipe was closed) ends the waiting; the next turn sees it.
    const drained = once(stdout, 'drain', { signal }).catch(() => signal.throwIfAborted());
    await Promise.race([drained, once(stdout, 'close').catch(() => {})]);
  }
}
