import { posix } from 'node:path';

import type { Point } from '@reprise/contracts';

import { canonical } from '../kinds/tool.ts';
import { RepriseError } from '../lib/errors/index.ts';
import type { Target } from './target.ts';
import type { Decision } from './vacancy.ts';

/** Bytes: what does not fit where it has to go. */
export interface Shortage {
  readonly path: string;
  readonly needed: number;
  readonly free: number;
}

/**
 * What is put aside stays on its file system, and the point has to fit beside it. undefined: it does, or that cannot be
 * told: where the data lies is a server's matter, or its paths are on several file systems.
 */
export async function shortage({ kind, spec, context }: Target, point: Point): Promise<Shortage | undefined> {
  const { host, signal } = context;
  const found = new Map<string, Shortage>();
  for (const path of kind.paths?.(spec) ?? []) {
    const at = posix.dirname(await canonical(host, path, signal)); // what is behind a link is moved, not the link
    const device = await deviceOf(at, context);
    if (device !== undefined && !found.has(device))
      found.set(device, { path: at, needed: point.bytes, free: await host.free(at, signal) });
  }
  const [only] = found.values();
  return found.size === 1 && only !== undefined && only.needed > only.free ? only : undefined;
}

/** Of the nearest folder above that exists: what a restore makes is made there. */
async function deviceOf(path: string, context: Target['context']): Promise<string | undefined> {
  const stat = await context.host.stat(path, context.signal);
  if (stat !== undefined) return stat.id.split(':')[0];
  return path === '/' ? undefined : await deviceOf(posix.dirname(path), context);
}

/** Nothing that lives is taken from its place for what would not fit there. Throws `place.no-room`. */
export async function insistRoom(target: Target, point: Point, decision: Decision): Promise<void> {
  if (decision.is !== 'consent') return;
  const short = await shortage(target, point);
  if (short !== undefined)
    throw new RepriseError('place.no-room', { component: target.component.name, ...short });
}
