import { isError } from '../lib/errors/index.ts';
import { inBoth } from '../lib/i18n/index.ts';
import { bounded } from '../lib/streams.ts';
import { failureCode } from './failure.ts';
import { jsonOf, linesOf } from './lines.ts';
import type { Call, Ended, Restic } from './restic.ts';

export type Message = Readonly<Record<string, unknown>>;

/** Runs restic and hands on each JSON message of its stdout. Gives how it ended, whatever the exit status. */
export async function messages(
  restic: Restic,
  call: Call,
  signal: AbortSignal,
  each: (message: Message) => void,
): Promise<Ended> {
  const { alive, note } = heartbeat();
  const started = await restic.start({ ...call, alive }, signal);
  try {
    for await (const line of linesOf(started.stdout)) {
      const message = jsonOf(line);
      if (message === undefined) continue;
      note(message);
      each(message);
    }
  } catch (e) {
    started.stop(e as Error);
    await started.done; // rejects, once nothing of it runs any more
  }
  return await started.done;
}

/** Status lines come four times a second even where nothing moves: only what they count is a sign of life. */
export function heartbeat(): { alive: () => number; note: (message: Message) => void } {
  let beats = 0;
  let last = '';
  return {
    alive: () => beats,
    note: (m) => {
      const now = `${String(m['bytes_done'])}/${String(m['bytes_restored'])}/${String(m['files_done'])}`;
      if (
        m['message_type'] === 'status' &&
        (now === last || (m['bytes_done'] ?? m['bytes_restored'] ?? 0) === 0)
      )
        return;
      last = now;
      beats += 1;
    },
  };
}

/** Runs restic and gives its stdout, 64 MiB at most. Throws unless it exits with 0. */
export async function output(
  restic: Restic,
  call: Call,
  signal: AbortSignal,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const started = await restic.start(call, signal);
  const limit = 64 * 1024 * 1024;
  let stdout: string | undefined;
  try {
    stdout = await bounded(started.stdout, limit);
    if (stdout === undefined) throw new RangeError(`restic ${call.args[0]} printed more than ${limit} bytes`);
  } catch (e) {
    started.stop(e as Error);
  }
  const { stderr } = restic.check(await started.done, call.part);
  return { stdout: stdout ?? '', stderr };
}

/** How long restic waits for a lock before it is asked again whose it is, or a reader goes without; milliseconds. */
const slice = 10_000;

/**
 * Somebody else's lock: stale ones are removed (never `--remove-all`), then it is waited for, in slices: whoever held
 * it may be killed meanwhile (a restic whose Reprise died a moment ago), and restic itself does not look again. Throws
 * `repository.locked` when that was not enough. Source: restic manual, "Manage repository locks".
 */
export async function patiently<T>(
  restic: Restic,
  signal: AbortSignal,
  attempt: (retry: readonly string[]) => Promise<T>,
): Promise<T> {
  const { lockWait = 300_000, clock } = restic.deps;
  const until = clock.monotonic() + lockWait;
  let retry: readonly string[] = [];
  for (;;) {
    try {
      return await attempt(retry);
    } catch (e) {
      const left = until - clock.monotonic();
      if (!isError(e, 'repository.locked') || (left <= 0 && retry.length > 0)) throw e;
      await output(restic, { args: ['unlock'] }, signal);
      retry = ['--retry-lock', `${Math.ceil(Math.min(Math.max(left, 1), slice) / 1000)}s`];
    }
  }
}

/**
 * Reads with a lock, or without: where the disk is full there is no room for one, and a `prune` elsewhere may have the
 * repository for itself for hours. Who recovers waits `slice` for it, no longer. What a prune takes away under a reader
 * is never restored as data: it looks like damage, and `check` calls it by its name, `repository.locked`, so that no point
 * is taken for damaged because of it. `attempt` gives how restic ended, undefined while it still runs.
 */
export async function reading<T>(
  restic: Restic,
  signal: AbortSignal,
  attempt: (flags: readonly string[]) => Promise<readonly [T, Ended | undefined]>,
): Promise<{ readonly result: T; readonly check: (ended: Ended) => Ended }> {
  const { lockWait = slice, clock } = restic.deps;
  const until = clock.monotonic() + Math.min(lockWait, slice);
  const check = (ended: Ended): Ended => restic.check(ended);
  let held: Ended;
  for (;;) {
    const [result, ended] = await attempt([]);
    if (hasNoRoomForLock(ended)) return { result: (await attempt(['--no-lock']))[0], check };
    if (!isLocked(ended)) return { result, check };
    held = ended;
    if (clock.monotonic() >= until) break;
    // A stale lock; should it not be ours to remove, the next attempt tells.
    await output(restic, { args: ['unlock'] }, signal).catch(() => signal.throwIfAborted());
    await clock.sleep(500, signal);
  }
  restic.deps.log?.(inBoth((t) => t['log.read-unlocked']({ repository: restic.deps.name })));
  const [result] = await attempt(['--no-lock']);
  return {
    result,
    check: (ended) => {
      try {
        return check(ended);
      } catch (e) {
        throw isError(e, 'repository.damaged') ? restic.failure(held) : e;
      }
    },
  };
}

const isLocked = (ended: Ended | undefined): ended is Ended =>
  ended !== undefined && ended.code !== 0 && failureCode(ended.code, ended.stderr) === 'repository.locked';
const hasNoRoomForLock = (ended: Ended | undefined): boolean =>
  ended !== undefined &&
  ended.code !== 0 &&
  /lock/i.test(ended.stderr) &&
  failureCode(ended.code, ended.stderr) === 'repository.full';
