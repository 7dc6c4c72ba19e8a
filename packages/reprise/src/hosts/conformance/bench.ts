import type { Host } from '../host.ts';

/** What a host brings to be tried: see `hostConformance`. */
export interface HostBench {
  /** A new host whose commands carry `run`; the caller disposes it. */
  make(run: string | null): Promise<Host>;
  /** An empty folder on that host, which every user can reach; the caller of the suite removes it. */
  readonly folder: string;
  /** Another user that commands may run as, with a supplementary group; undefined where only root could. */
  readonly other: string | undefined;
  /**
   * The argv, on the machine of the test, of a program that makes the same host and does one thing, to be killed while
   * it does: `write <path>` (from its stdin), `scratch <bytes>` (prints the folder, then waits).
   */
  readonly victim: readonly [string, ...string[]];
  /** How many bytes go through one stream. */
  readonly bytes: number;
}

/** One case: what it says, and what it does with a host of its own. */
export interface Case {
  readonly says: string;
  /** Needs another user or mounts: skipped, with this reason, where the bench has none. */
  readonly needs?: 'other';
  act(at: {
    readonly host: Host;
    readonly bench: HostBench;
    readonly folder: string;
    readonly signal: AbortSignal;
  }): Promise<void>;
}
export const hostCase = (says: string, act: Case['act'], needs?: 'other'): Case =>
  needs === undefined ? { says, act } : { says, act, needs };
