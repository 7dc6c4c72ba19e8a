import type { StateHeader } from '@reprise/contracts';

import { stateFile } from '../journal/segments.ts';
import { headerIn } from '../journal/state.ts';
import { bounded } from '../lib/streams.ts';
import type { Repository } from '../repository/repository.ts';

/**
 * The signed head of a state, without the rest of it: who made it and how far its journal reaches. One restic call, and
 * nothing is written: whoever only looks may have no room, or no right, to write.
 * Throws `state.foreign`, `state.unreadable`, `journal.newer`, `repository.*`.
 */
export async function readHead(
  repository: Repository,
  snapshot: string,
  root: string,
  signal: AbortSignal,
): Promise<StateHeader> {
  const { body, complete } = await repository.dump(snapshot, `/${stateFile}`, signal);
  const [text] = await Promise.all([bounded(body, 16 * 1024 * 1024), complete]);
  return headerIn(text ?? '', { root, where: `${repository.url} ${snapshot.slice(0, 8)}` });
}
