import type { Host } from '../hosts/host.ts';
import type { Part } from '../kinds/kind.ts';
import type { Sink } from './capture.ts';

/** How a repository takes each form of part; `runs/` gives the real ones. */
export interface Storing {
  readonly name: string;
  command(argv: readonly [string, ...string[]], part: string): Promise<StoredPart>;
  stream(part: Part & { form: 'stream' }): Promise<StoredPart>;
  tree(part: Part & { form: 'tree' }, excludes: readonly string[]): Promise<StoredPart>;
}
interface StoredPart {
  readonly snapshot: string;
  readonly bytes: number;
  readonly files: number;
}

/** `never`: absolute paths that are in no capture, whatever the plan says: see `Context.never`. */
export function sinkInto(storing: Storing, host: Host, never: readonly string[]): Sink {
  return {
    name: storing.name,
    store: async (part) => {
      if (part.form === 'command') return await storing.command(host.wrap(part.command), part.name);
      if (part.form === 'stream') return await storing.stream(part);
      return await storing.tree(part, [...(part.excludes ?? []), ...never]);
    },
  };
}
