import type { AsOf } from '@reprise/contracts';

import type { Context } from '../kind.ts';
import type { Access } from './access.ts';
import { countRows, listRelations, type Relation } from './inventory.ts';
import { openSession, type Session } from './session.ts';

/** A database as of one moment: whoever names `id` sees the same rows, for as long as this is open. */
export interface Snapshot extends AsyncDisposable {
  readonly database: string;
  readonly id: string;
  readonly session: Session;
  /** Server time just before and just after it was taken, whole milliseconds. */
  readonly from: number;
  readonly to: number;
  /** Server − host. */
  readonly offset: number;
  readonly position: string;
}

/**
 * Opens a transaction and exports its snapshot. What was committed before `from` is in it; what is committed after `to`
 * is not. On a standby `from` is when the newest replayed transaction was committed on the primary.
 * Source: PostgreSQL manual, "Snapshot Synchronization Functions".
 */
export async function takeSnapshot(access: Access, database: string, at: Context): Promise<Snapshot> {
  const session = await openSession(access, database, at);
  try {
    const asked = at.clock.now().getTime();
    const before = await session.json<{ now: number; replayed: number | null }>(
      `SELECT jsonb_build_object('now', floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint, 'replayed',
        CASE WHEN pg_is_in_recovery() THEN floor(extract(epoch FROM pg_last_xact_replay_timestamp()) * 1000)::bigint END)`,
    );
    const answered = at.clock.now().getTime();
    await session.run('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const taken = await session.json<{ id: string; now: number; lsn: string }>(
      `SELECT jsonb_build_object('id', pg_export_snapshot(),
        'now', ceil(extract(epoch FROM clock_timestamp()) * 1000)::bigint,
        'lsn', CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END)`,
    );
    return {
      database,
      id: taken.id,
      session,
      from: Math.min(before.now, before.replayed ?? before.now),
      to: taken.now,
      offset: Math.round(before.now - (asked + answered) / 2),
      position: taken.lsn,
      [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
    };
  } catch (e) {
    await session[Symbol.asyncDispose]();
    throw e;
  }
}

/** From the earliest to the latest of the databases; the position is that of the latest. */
export function asOf(snapshots: readonly Snapshot[]): AsOf {
  const last = snapshots.reduce((a, b) => (b.to >= a.to ? b : a));
  return {
    from: new Date(Math.min(...snapshots.map((s) => s.from))).toISOString(),
    to: new Date(Math.max(...snapshots.map((s) => s.to))).toISOString(),
    clock: 'server',
    offset_ms: last.offset,
    position: last.position,
  };
}

export interface Rows {
  readonly relations: readonly Relation[];
  readonly counts: ReadonlyMap<string, number>;
}
export async function readRows(snapshot: Snapshot): Promise<Rows> {
  const relations = await listRelations(snapshot.session);
  return { relations, counts: await countRows(snapshot.session, relations) };
}

/**
 * Tables that were rewritten after the snapshot was taken and that show no row in it though they had some. TRUNCATE and
 * the rewriting forms of ALTER TABLE are not safe for older snapshots: the table looks empty to them, and a dump would
 * silently lack it. Source: PostgreSQL manual, "Caveats" of concurrency control.
 */
export async function emptiedMeanwhile(snapshot: Snapshot, rows: Rows): Promise<readonly string[]> {
  const rewritten = await snapshot.session.json<string[]>(`
    SELECT coalesce(jsonb_agg(format('%I.%I', n.nspname, c.relname)), '[]')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND c.relfilenode <> 0 AND c.relfilenode <> coalesce(pg_relation_filenode(c.oid), 0)
      AND (c.relpages > 0 OR c.reltuples > 0)`);
  return rewritten.filter((name) => rows.counts.get(name) === 0);
}
