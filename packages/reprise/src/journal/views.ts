import type { Head } from '@reprise/contracts';

import type { Sql } from './database.ts';
import type { View } from './journal.ts';

/** A listing replaces the one before; when a snapshot was first seen stays, even while it is away. */
export function listView(sql: Sql, repository: string, snapshots: Iterable<string>, at: string): void {
  sql(
    'INSERT INTO views (repository, at, listed) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET at = excluded.at, listed = 1',
  ).run(repository, at);
  sql('UPDATE view_snapshots SET present = 0 WHERE repository = ?').run(repository);
  const seen = sql(
    `INSERT INTO view_snapshots (repository, snapshot, first_seen, present) VALUES (?, ?, ?, 1)
     ON CONFLICT DO UPDATE SET present = 1`,
  );
  for (const snapshot of snapshots) seen.run(repository, snapshot, at);
  sql(
    `DELETE FROM view_heads WHERE repository = ?1 AND snapshot NOT IN
       (SELECT snapshot FROM view_snapshots WHERE repository = ?1 AND present = 1)`,
  ).run(repository);
}

export function recordHead(
  sql: Sql,
  { repository, snapshot, head }: { repository: string; snapshot: string; head: Head },
  at: string,
): void {
  sql('INSERT INTO views (repository, at, listed) VALUES (?, ?, 0) ON CONFLICT DO NOTHING').run(
    repository,
    at,
  );
  sql(
    `INSERT OR REPLACE INTO view_heads (repository, snapshot, installation, epoch, seq, hash, read_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  ).run(repository, snapshot, head.installation, head.epoch, head.seq, head.hash, at);
}

export function queryViews(sql: Sql): View[] {
  const rows = sql('SELECT repository, at, listed FROM views ORDER BY repository').all();
  return (rows as { repository: string; at: string; listed: number }[]).map(({ repository, at, listed }) => ({
    repository,
    at,
    heads: sql(
      'SELECT installation, epoch, seq, hash, snapshot FROM view_heads WHERE repository = ? ORDER BY epoch, seq',
    ).all(repository) as (Head & { snapshot: string })[],
    snapshots: listed === 1 ? snapshotsOf(sql, repository) : null,
  }));
}

function snapshotsOf(sql: Sql, repository: string): Map<string, { firstSeen: string }> {
  const rows = sql(
    'SELECT snapshot, first_seen FROM view_snapshots WHERE repository = ? AND present = 1',
  ).all(repository);
  return new Map(
    (rows as { snapshot: string; first_seen: string }[]).map((r) => [
      r.snapshot,
      { firstSeen: r.first_seen },
    ]),
  );
}
