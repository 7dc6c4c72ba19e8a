import { once } from 'node:events';

import type { Session } from './session.ts';

/** Line by line, waiting where the reader is slow; a reader that went away ends it. */
export async function writeLines(
  { io: { stdout }, signal }: Session,
  lines: Iterable<string>,
): Promise<void> {
  for (const line of lines) {
    if (stdout.destroyed || stdout.errored !== null) return;
    if (!stdout.write(`${line}\n`))
      await Promise.race([once(stdout, 'drain', { signal }), once(stdout, 'close')]);
  }
}
