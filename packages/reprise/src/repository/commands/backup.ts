import { RepriseError } from '../../lib/errors/index.ts';
import { toolSays } from '../../lib/language.ts';
import { failureCode, messageOf, messagesOf } from '../failure.ts';
import type { Message } from '../invoke.ts';
import { jsonOf } from '../lines.ts';
import type { Compression, Progress, SnapshotTags, Stored } from '../repository.ts';
import type { Ended, Restic } from '../restic.ts';
import { tagsOf } from '../tags.ts';

/** What every `restic backup` is given. */
export const backupArgs = (
  restic: Restic,
  tags: SnapshotTags,
  retry: readonly string[],
  compression: Compression | undefined,
): [string, ...string[]] => [
  'backup',
  '--json',
  '--host',
  restic.deps.system,
  ...tagsOf(tags).flatMap((tag) => ['--tag', tag]),
  ...(compression === undefined ? [] : ['--compression', compression]),
  ...retry,
];

/** A stream lies in the repository under one file name; see `partPath`. */
export function fileName(path: string): string {
  if (!/^\/[^/\0]+$/.test(path)) throw new TypeError(`not one file name: ${path}`);
  return path;
}

/** Gathers restic's messages: progress handed on, at the end with what the summary says; the summary kept. */
export function collector(monotonic: () => number, progress?: (p: Progress) => void) {
  let summary: Message | undefined;
  let before = { at: monotonic(), bytes: 0 };
  return {
    summary: () => summary,
    each: (m: Message): void => {
      const last = m['message_type'] === 'summary';
      if (last) summary = m;
      if (progress === undefined || (!last && m['message_type'] !== 'status')) return;
      const bytes = count(m['bytes_done'] ?? m['bytes_restored'] ?? m['total_bytes_processed']);
      const now = { at: monotonic(), bytes };
      const ms = now.at - before.at;
      const rate = ms > 0 ? Math.max(0, Math.round(((bytes - before.bytes) * 1000) / ms)) : null;
      before = now;
      const files = count(m['files_done'] ?? m['files_restored'] ?? m['total_files_processed']);
      const total = last ? bytes : m['total_bytes'] === undefined ? null : count(m['total_bytes']);
      progress({ bytes, files, total, rate });
    },
  };
}

const count = (n: unknown): number => (typeof n === 'number' && Number.isSafeInteger(n) ? n : 0);

/**
 * What restic stored, or the error of why this is no capture: another exit status than 0 (3 *saves* a snapshot:
 * debris), a path it passed over, no summary.
 */
export function storedOf(restic: Restic, ended: Ended, summary: Message | undefined, part: string): Stored {
  const { name } = restic.deps;
  const said = messagesOf(ended.stderr);
  const passedOver = omissions(ended.stderr);
  if (ended.code === 3 || (ended.code === 0 && passedOver.length > 0)) {
    if (passedOver.some((l) => /no data read/.test(l)))
      throw new RepriseError('repository.empty-stream', { repository: name, part });
    const what = toolSays(passedOver.slice(0, 3).join('; ').slice(0, 500));
    // The snapshot before this one cannot be read: nothing is wrong with what was to be stored.
    if (passedOver.some((l) => /the repository could be damaged/.test(l)))
      throw new RepriseError('repository.damaged', { repository: name, what });
    throw new RepriseError('repository.incomplete', { repository: name, part, what });
  }
  if (ended.code === 1 && failureCode(1, ended.stderr) === 'repository.producer-failed') {
    // What the tool itself said is beside it: restic hands it on as "subprocess <name>: …".
    const own = said.flatMap((l) => /^subprocess [^:]*: (.*)/.exec(l)?.slice(1) ?? []).slice(-3);
    const how = said
      .findLast((l) => /command failed|failed to start/.test(l))
      ?.replace(/^.*(command failed|failed to start command): /, '');
    throw new RepriseError('repository.producer-failed', {
      repository: name,
      part,
      what: toolSays([how ?? '', ...own].join('; ').slice(0, 500)),
    });
  }
  restic.check(ended, part);
  const snapshot = summary?.['snapshot_id'];
  if (typeof snapshot !== 'string' || !/^[0-9a-f]{64}$/.test(snapshot))
    throw restic.failure({ code: 0, stderr: 'backup: no snapshot id in the summary' }, part);
  return {
    snapshot,
    bytes: count(summary?.['total_bytes_processed']),
    files: count(summary?.['total_files_processed']),
    added: count(summary?.['data_added_packed'] ?? summary?.['data_added']),
  };
}

/** What restic did not store, in its words: items it could not read, paths that are not there. */
function omissions(stderr: string): readonly string[] {
  return stderr
    .split('\n')
    .filter(
      (line) => jsonOf(line)?.['message_type'] === 'error' || /skipping|^error: |does not exist/.test(line),
    )
    .map(messageOf);
}

/** A stream that was stored is one file that is not empty. */
export function streamStored(restic: Restic, stored: Stored, part: string): Stored {
  if (stored.bytes > 0 && stored.files === 1) return stored;
  throw new RepriseError('repository.empty-stream', { repository: restic.deps.name, part });
}
