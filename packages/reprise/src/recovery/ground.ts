import { posix } from 'node:path';

import { demand } from '../kinds/tool.ts';
import type { RecoveryDeps } from './deps.ts';
import { placeVariables } from './place.ts';
import type { Target } from './target.ts';

/**
 * In another place nothing is there yet: the folders that a component's rebuild and its service work in are made, once
 * nothing can be refused any more, and the innermost are given to the user that works there. What is there stays as it
 * is.
 */
export async function layGround(
  { plan }: Pick<RecoveryDeps, 'plan'>,
  { component, place, context }: Target,
  { user, creates }: { readonly user: string | undefined; readonly creates?: string | undefined },
): Promise<void> {
  if (place.kind !== 'directory') return;
  const { host, signal } = context;
  await host.mkdir(place.path('/'), 0o755, signal);
  const variables = Object.values(placeVariables(plan, component.service));
  const paths = [creates, ...variables.map((v) => ('path' in v ? v.path : undefined))];
  const folders = new Set(paths.flatMap((p) => (p === undefined ? [] : [posix.dirname(place.path(p))])));
  for (const folder of [...folders].toSorted((a, b) => a.length - b.length)) {
    if ((await host.stat(folder, signal)) !== undefined) continue;
    await host.mkdir(folder, 0o755, signal);
    // `user:` is the user's login group too. Source: chown(1).
    if (user !== undefined) await demand(host, { argv: ['chown', `${user}:`, '--', folder] }, signal);
  }
}
