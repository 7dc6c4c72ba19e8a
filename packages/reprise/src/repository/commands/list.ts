import { jsonOf, linesOf } from '../lines.ts';
import type { SnapshotTags } from '../repository.ts';
import type { Restic } from '../restic.ts';
import { parseTags } from '../tags.ts';

export interface Listed {
  readonly path: string;
  readonly type: string;
  readonly size: number;
}

/**
 * Files and folders of a snapshot, one after the other; first `tagged` hears whose it is. Throws at the end if a part
 * of the tree cannot be read.
 */
export async function* list(
  restic: Restic,
  snapshot: string,
  signal: AbortSignal,
  tagged?: (tags: Partial<SnapshotTags>) => void,
): AsyncGenerator<Listed> {
  const started = await restic.start({ args: ['ls', '--json', '--no-lock', '--', snapshot] }, signal);
  let whole = false;
  try {
    for await (const line of linesOf(started.stdout)) {
      const m = jsonOf(line);
      if (m?.['struct_type'] === 'snapshot' && Array.isArray(m['tags']))
        tagged?.(parseTags(m['tags'] as string[]));
      if (m?.['struct_type'] !== 'node' && m?.['message_type'] !== 'node') continue;
      yield { path: String(m['path']), type: String(m['type']), size: Number(m['size'] ?? 0) };
    }
    whole = true;
  } finally {
    if (!whole) {
      started.stop(new DOMException('No longer read.', 'AbortError'));
      await started.done.catch(() => {});
    }
  }
  restic.check(await started.done);
}
