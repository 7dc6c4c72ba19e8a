import type { Finding } from '@reprise/contracts';

import type { Undo } from '../hosts/guardian.ts';
import type { Host } from '../hosts/host.ts';

export type { Undo };
export type ServiceState = 'running' | 'stopped' | 'paused' | 'unknown';

/** What can be stopped, started, paused, asked if it is ready. Built on a Host; `command` and `none` now. */
export interface Service {
  readonly name: string;
  readonly kind: string;
  state(signal: AbortSignal): Promise<ServiceState>;
  /** One probe, no retry; `unable` for a service that cannot be asked. */
  ready(signal: AbortSignal): Promise<Finding>;
  /**
   * Idempotent: stopping what is stopped succeeds. Returns when it is so. A service that only does not answer may be
   * running: it is told to stop all the same.
   */
  stop(signal: AbortSignal): Promise<void>;
  start(signal: AbortSignal): Promise<void>;
  pause(signal: AbortSignal): Promise<void>;
  resume(signal: AbortSignal): Promise<void>;
  /** What a guardian needs to bring back what was before a hold; undefined where nothing is to be undone. */
  undo(before: ServiceState, how: 'pause' | 'stop', signal: AbortSignal): Promise<Undo | undefined>;
  /** Where the service's own files and tools are. */
  enter(signal: AbortSignal): Promise<Host>;
}
