import { RepriseError } from '../lib/errors/index.ts';
import type { Host } from './host.ts';

/**
 * The same host, which claims no more than `max` bytes of working space at a time (the plan's `recovery.scratch_max`).
 * Throws `scratch.full` for what would go over; `path` says where the space is.
 */
export function limited(host: Host, max: number, path: string): Host {
  let claimed = 0;
  return {
    ...host,
    async scratch(bytes, signal, owner) {
      if (claimed + bytes > max)
        throw new RepriseError('scratch.full', {
          path,
          needed: Math.ceil(bytes),
          free: Math.max(0, max - claimed),
        });
      claimed += bytes;
      try {
        const folder = await host.scratch(bytes, signal, owner);
        return {
          path: folder.path,
          async [Symbol.asyncDispose]() {
            claimed -= bytes;
            await folder[Symbol.asyncDispose]();
          },
        };
      } catch (e) {
        claimed -= bytes;
        throw e;
      }
    },
  };
}
