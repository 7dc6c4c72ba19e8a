import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { StateHeader } from '@reprise/contracts';

import { stateFile } from '../journal/segments.ts';
import { readHeader } from '../journal/state.ts';
import { bounded } from '../lib/streams.ts';
import type { Repository } from '../repository/repository.ts';
import { workFolder } from './states.ts';

/**
 * The signed head of a state, without the rest of it: who made it and how far its journal reaches. One restic call.
 * Throws `state.foreign`, `state.unreadable`, `journal.newer`, `repository.*`.
 */
export async function readHead(
  home: string,
  repository: Repository,
  snapshot: string,
  root: string,
  signal: AbortSignal,
): Promise<StateHeader> {
  using folder = workFolder(home, 'head');
  const { body, complete } = await repository.dump(snapshot, `/${stateFile}`, signal);
  const [text] = await Promise.all([bounded(body, 16 * 1024 * 1024), complete]);
  writeFileSync(join(folder.path, stateFile), text ?? '', { mode: 0o600 });
  return readHeader(folder.path, { root, where: `${repository.url} ${snapshot.slice(0, 8)}` });
}
