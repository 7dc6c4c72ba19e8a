import type { Readable, Writable } from 'node:stream';

import { RepriseError } from '../../lib/errors/index.ts';
import { heartbeat, patiently } from '../invoke.ts';
import { jsonOf, linesOf } from '../lines.ts';
import type { Compression, Progress, SnapshotTags, Stored } from '../repository.ts';
import type { Restic, Started } from '../restic.ts';
import { backupArgs, collector, fileName, storedOf, streamStored } from './backup.ts';
import { Replay } from './replay.ts';

/**
 * Stores a stream. Restic takes the end of its stdin for the end of the data, so that only sees it after `complete`
 * resolved; in every other case restic is ended first, and no snapshot is made. Destroys `body` on failure.
 */
export async function backupStream(
  restic: Restic,
  given: { readonly body: Readable; readonly complete: Promise<void>; readonly path: string },
  tags: SnapshotTags,
  signal: AbortSignal,
  progress?: (p: Progress) => void,
  compression?: Compression,
): Promise<Stored> {
  const part = fileName(given.path);
  given.complete.catch(() => {}); // asked for below, when its time comes
  const source = new Replay(given.body);
  const attempt = async (retry: readonly string[]): Promise<Stored> => {
    const { each, summary } = collector(() => restic.deps.clock.monotonic(), progress);
    const { alive, note } = heartbeat();
    const args = [...backupArgs(restic, tags, retry, compression), '--stdin', '--stdin-filename', part];
    const call = { args: args as [string, ...string[]], part, data: true, grace: 200, alive };
    const started = await restic.start(call, signal);
    const said = listen(started, (m) => (note(m), each(m)));
    const whole = await feed(started, source, given.complete);
    const [ended] = await Promise.all([started.done, said]);
    if (!whole && ended.code === 0)
      throw restic.failure({ code: 0, stderr: 'backup: ended before the end of the stream' }, part);
    const stored = streamStored(restic, storedOf(restic, ended, summary(), part), part);
    if (stored.bytes === source.bytes) return stored;
    throw new RepriseError('repository.short', {
      repository: restic.deps.name,
      part,
      given: source.bytes,
      stored: stored.bytes,
    });
  };
  try {
    return await patiently(restic, signal, async (retry) => {
      if (!source.canRepeat) throw new TypeError('a stream that was read cannot be given again');
      return await attempt(retry);
    });
  } catch (e) {
    source.destroy();
    throw e;
  }
}

async function listen(started: Started, each: (m: Record<string, unknown>) => void): Promise<void> {
  try {
    for await (const line of linesOf(started.stdout)) {
      const message = jsonOf(line);
      if (message !== undefined) each(message);
    }
  } catch {
    // Destroyed by an abort: `done` has the reason.
  }
}

/** Gives restic the stream and, only once its producer has ended well, the end of it. false: restic ended before. */
async function feed(started: Started, source: Replay, complete: Promise<void>): Promise<boolean> {
  let over = false;
  const end = (): void => {
    over = true;
    source.interrupt();
  };
  const ended = started.done.then(end, end);
  try {
    for await (const chunk of source.chunks()) {
      if (over) return false;
      if (!started.stdin.write(chunk)) await drained(started.stdin);
    }
    await Promise.race([complete, ended]);
  } catch (e) {
    started.stop(e as Error);
    await ended; // stdin stays open until nothing is left that could take its end for the end of the data
    throw e;
  }
  if (!over) started.stdin.end();
  return !over;
}

/** Room again, or nobody left to write to: the exit status tells why. */
async function drained(stdin: Writable): Promise<void> {
  if (stdin.destroyed) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = (): void => resolve();
  stdin.once('drain', done).once('close', done);
  await promise;
  stdin.off('drain', done).off('close', done);
}
