import type { Finding } from '@reprise/contracts';

import type { Command, Host } from '../hosts/host.ts';

export type ServiceState = 'running' | 'stopped' | 'paused' | 'unknown';

/** What can be stopped, started, paused, asked if it is ready. Built on a Host; `command` and `none` now. */
export interface Service {
  readonly name: string;
  readonly kind: string;
  state(signal: AbortSignal): Promise<ServiceState>;
  /** One probe, no retry; `unable` for a service that cannot be asked. */
  ready(signal: AbortSignal): Promise<Finding>;
  /** Idempotent: stopping what is stopped succeeds. Returns when it is so. */
  stop(signal: AbortSignal): Promise<void>;
  start(signal: AbortSignal): Promise<void>;
  pause(signal: AbortSignal): Promise<void>;
  resume(signal: AbortSignal): Promise<void>;
  /** The command that brings back what it was before a hold, for the guardian, and the probe that it answers. */
  undo(before: ServiceState, how: 'pause' | 'stop'): { readonly command: Command; readonly ready: Command } | undefined;
  /** Where the service's own files and tools are. */
  enter(signal: AbortSignal): Promise<Host>;
}
