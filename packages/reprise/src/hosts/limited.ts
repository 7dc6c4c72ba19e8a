import { RepriseError } from '../lib/errors/index.ts';
import type { Host } from './host.ts';
import { claimedIn } from './scratch.ts';

/**
 * The same host, where no more than `max` bytes of working space are claimed at a time in `path`, where its space is
 * (the plan's `recovery.scratch_max`): by all processes that claim there, since the claims lie on the disk. It is
 * counted with the own claim made: of two that together are too many both may be refused, never both granted. Throws
 * `scratch.full`.
 */
export function limited(host: Host, max: number, path: string): Host {
  return {
    ...host,
    async scratch(bytes, signal, owner) {
      const needed = Math.ceil(bytes);
      const full = (others: number): RepriseError =>
        new RepriseError('scratch.full', { path, needed, free: Math.max(0, max - others) });
      if (needed > max) throw full(0);
      const folder = await host.scratch(bytes, signal, owner);
      const others = (await claimedIn(path)) - needed;
      if (others + needed <= max) return folder;
      await folder[Symbol.asyncDispose]();
      throw full(others);
    },
  };
}
