import { statSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

import { isError, RepriseError } from '../lib/errors/index.ts';
import { toolSays } from '../lib/language.ts';

/** How long one process waits for another one's transaction; each takes milliseconds. */
const patience = 10_000;

/** An open journal; `proven` throws where what was just read may not be what was written. */
export interface Opened {
  readonly db: DatabaseSync;
  readonly proven: () => void;
}

/**
 * Opens the journal's file. `write`: WAL, and every transaction is on the disk before it returns (synchronous=FULL).
 * `read`: never takes a lock that a writer would wait for. Even to read SQLite makes two files beside it; where it cannot
 * (a full or read-only file system, another user's folder) and nothing lies in a log beside it, the file alone is read,
 * and each reading is believed only while nobody touches it. Source: sqlite.org, "Write-Ahead Logging" (read-only
 * databases) and "Uniform Resource Identifiers" (immutable).
 */
export async function openDatabase(path: string, mode: 'write' | 'read'): Promise<Opened> {
  const { DatabaseSync: Database } = await import('node:sqlite');
  const before = mode === 'read' ? standing(path) : undefined;
  try {
    return { db: opened(Database, path, path, mode), proven: () => {} };
  } catch (e) {
    const refused = isError(e, 'journal.not-writable') || isError(e, 'journal.full');
    if (!refused || before === undefined) throw e;
    const alone = pathToFileURL(path);
    alone.searchParams.set('immutable', '1');
    const db = opened(Database, path, alone, mode);
    return { db, proven: () => insistUnchanged(path, before) };
  }
}

/**
 * What would differ if anybody had written; undefined where something lies in a log: the file alone is not the journal.
 * An empty log holds nothing: one is left where there was no room for its index.
 */
function standing(path: string): string | undefined {
  const itself = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (itself === undefined) return undefined;
  for (const log of [`${path}-wal`, `${path}-journal`]) {
    const found = statSync(log, { throwIfNoEntry: false });
    if (found !== undefined && found.size > 0) return undefined;
  }
  const { ino, size, mtimeNs, ctimeNs } = itself;
  return [ino, size, mtimeNs, ctimeNs].join(' ');
}

function insistUnchanged(path: string, before: string): void {
  if (standing(path) === before) return;
  throw new RepriseError('journal.busy', { path, seconds: 0 });
}

function opened(
  Database: typeof DatabaseSync,
  path: string,
  at: string | URL,
  mode: 'write' | 'read',
): DatabaseSync {
  return guarded(path, () => {
    const db = new Database(at, { readOnly: mode === 'read', timeout: patience });
    try {
      // With `read` too: SQLite reads the file's head here, so that something else is told at once.
      db.exec(
        mode === 'write' ? 'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL' : 'PRAGMA schema_version',
      );
      db.prepare('SELECT count(*) AS n FROM sqlite_schema').get();
      return db;
    } catch (e) {
      db.close();
      throw e;
    }
  });
}

/** `node:sqlite` errors carry SQLite's result code; source: sqlite.org, "Result and Error Codes". */
const codeOf = (e: unknown): number | undefined =>
  e instanceof Error && 'errcode' in e && typeof e.errcode === 'number'
    ? e.errcode === noRoomForIndex
      ? 13
      : e.errcode & 0xff
    : undefined;

/** SQLITE_IOERR_SHMSIZE: the index of the log could not be made as large as it must be. */
const noRoomForIndex = 10 | (19 << 8);

/** Does `act`; SQLite's errors become `journal.damaged`, `journal.full`, `journal.busy`, `journal.not-writable`. */
export function guarded<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (e) {
    const options = { cause: e };
    const why = e instanceof Error ? e.message : String(e);
    switch (codeOf(e)) {
      case undefined:
        throw e;
      case 5: // SQLITE_BUSY
      case 6: // SQLITE_LOCKED
        throw new RepriseError('journal.busy', { path, seconds: patience / 1000 }, options);
      case 8: // SQLITE_READONLY
      case 10: // SQLITE_IOERR
      case 14: // SQLITE_CANTOPEN
        throw new RepriseError('journal.not-writable', { path, why: toolSays(why) }, options);
      case 13: // SQLITE_FULL
        throw new RepriseError('journal.full', { path }, options);
      default: // SQLITE_CORRUPT, SQLITE_NOTADB, a missing table
        throw new RepriseError('journal.damaged', { path, why: toolSays(why) }, options);
    }
  }
}

/** `act` in one transaction that began as a writer: what it reads is still so when it writes. */
export function transaction<T>(db: DatabaseSync, act: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  let done = false;
  try {
    const result = act();
    db.exec('COMMIT');
    done = true;
    return result;
  } finally {
    if (!done && db.isTransaction) db.exec('ROLLBACK');
  }
}

/** A statement by its text. */
export type Sql = (text: string) => StatementSync;

/** Prepares each statement once. */
export function statements(db: DatabaseSync): Sql {
  const prepared = new Map<string, StatementSync>();
  return (sql) => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const made = db.prepare(sql);
    prepared.set(sql, made);
    return made;
  };
}
