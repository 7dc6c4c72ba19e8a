import type { Host } from '../hosts/host.ts';
import { judge } from '../lib/findings/index.ts';
import type { Service } from './service.ts';

const nothing = async (signal: AbortSignal): Promise<void> => signal.throwIfAborted();

/** Data that no service uses: nothing to stop, nothing to start, nobody to ask. */
export function noService(name: string, host: Host): Service {
  return {
    name,
    kind: 'none',
    state: async () => 'unknown',
    ready: async () => judge('unable', 'service.unasked', name, {}),
    stop: nothing,
    start: nothing,
    pause: nothing,
    resume: nothing,
    undo: async () => undefined,
    enter: async () => host,
  };
}
