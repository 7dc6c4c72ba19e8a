import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';

import { RepriseError } from '../lib/errors/index.ts';
import { isTerminal, type Io, type Session } from './session.ts';

/** Ends when a stream has taken all that was written to it; a reader that went away is not waited for. */
export const drained = async (stream: Writable): Promise<void> =>
  await new Promise((done) => {
    if (stream.destroyed || !stream.writable) done();
    else stream.write('', () => done());
  });

const goneAway = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

/**
 * A reader that went away (`| head`, a closed terminal) is told nothing more, and what was begun is finished. A disk
 * that is full is something else: what was asked for is not there. Says so once all is written: `cli.output-lost`.
 */
export function watched(stdout: Io['stdout']): () => Promise<RepriseError | undefined> {
  let lost: RepriseError | undefined;
  stdout.on('error', (e: NodeJS.ErrnoException) => {
    if (isTerminal(stdout) || goneAway.has(e.code ?? '')) return;
    lost ??= new RepriseError('cli.output-lost', { why: e.code ?? e.message }, { cause: e });
  });
  return async () => {
    await drained(stdout);
    await setImmediate(); // an error is told after the write that met it has ended
    return lost;
  };
}

/** Line by line, waiting where the reader is slow; a reader that went away ends it. */
export async function writeLines(
  { io: { stdout }, signal }: Session,
  lines: Iterable<string>,
): Promise<void> {
  for (const line of lines) {
    if (stdout.destroyed || stdout.errored !== null) return;
    if (stdout.write(`${line}\n`)) continue;
    // An error of the stream (the pipe was closed) ends the waiting; the next turn sees it.
    const emptied = once(stdout, 'drain', { signal }).catch(() => signal.throwIfAborted());
    await Promise.race([emptied, once(stdout, 'close').catch(() => {})]);
  }
}
