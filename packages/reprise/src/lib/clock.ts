import { setTimeout as wait } from 'node:timers/promises';

export interface Clock {
  /** Wall-clock time: for the record, never for durations. */
  now(): Date;
  /** Whole milliseconds of a clock that only goes forward. */
  monotonic(): number;
  /** Rejects with the signal's reason. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => Math.floor(performance.now()),
  sleep: async (ms, signal) => {
    await wait(ms, undefined, { signal }).catch(() => {}); // it rejects for an abort alone, and with another reason
    signal.throwIfAborted();
  },
};

/** RFC 3339, UTC, milliseconds: the form of every instant in a file. */
export const instant = (date: Date): string => date.toISOString();
