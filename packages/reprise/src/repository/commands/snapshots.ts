import { z } from 'zod';

import { inBoth } from '../../lib/i18n/index.ts';
import { messagesOf } from '../failure.ts';
import { output } from '../invoke.ts';
import type { Snapshot } from '../repository.ts';
import type { Restic } from '../restic.ts';
import { parseTags } from '../tags.ts';

/** What is used of restic's `snapshots --json`; a newer restic may say more. Source: restic manual, "Scripting". */
const Listed = z.array(
  z.object({
    id: z.string(),
    time: z.string(),
    hostname: z.string().default(''),
    paths: z.array(z.string()).nullish(),
    tags: z.array(z.string()).nullish(),
    original: z.string().optional(),
    summary: z
      .object({ total_bytes_processed: z.int(), total_files_processed: z.int() })
      .optional()
      .describe('restic ≥ 0.17'),
  }),
);

export interface SnapshotFilter {
  readonly form?: 'part' | 'state';
  readonly ids?: readonly string[];
  /** Told each snapshot that is there and cannot be read, by the beginning of its id; else the log is told, once. */
  readonly unread?: (snapshot: string) => void;
}

/**
 * Snapshots in the repository, oldest first; ids that are not there are left out. Takes no lock: it must work beside a
 * `check`, and in a full repository.
 */
export async function snapshots(
  restic: Restic,
  signal: AbortSignal,
  filter: SnapshotFilter = {},
): Promise<readonly Snapshot[]> {
  const { form, ids } = filter;
  if (ids?.length === 0) return [];
  const args = [
    'snapshots',
    '--json',
    '--no-lock',
    ...(form === undefined ? [] : ['--tag', form]),
    ...(ids ?? []),
  ];
  const { stdout, stderr } = await output(restic, { args: args as [string, ...string[]] }, signal);
  for (const id of unreadIn(stderr)) {
    if (filter.unread !== undefined) filter.unread(id);
    else if (!restic.unread.has(id))
      restic.deps.log?.(inBoth((t) => t['log.unread']({ repository: restic.deps.name, snapshot: id })));
    restic.unread.add(id);
  }
  return Listed.parse(JSON.parse(stdout || '[]') ?? []).map((s) => ({
    id: s.id,
    time: new Date(s.time),
    host: s.hostname,
    tags: parseTags(s.tags ?? []),
    paths: s.paths ?? [],
    original: s.original,
    bytes: s.summary?.total_bytes_processed,
    files: s.summary?.total_files_processed,
  }));
}

/** Restic goes on without a snapshot that it cannot read, says so in its own words, and exits with 0. */
const unreadIn = (stderr: string): readonly string[] =>
  messagesOf(stderr).flatMap((line) => /failed to load snapshot (\w+)/.exec(line)?.[1] ?? []);
