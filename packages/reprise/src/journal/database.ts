import type { DatabaseSync, StatementSync } from 'node:sqlite';

import { RepriseError } from '../lib/errors/index.ts';
import { toolSays } from '../lib/language.ts';

/** How long one process waits for another one's transaction; each takes milliseconds. */
const patience = 10_000;

/**
 * Opens the journal's file. `write`: WAL, and every transaction is on the disk before it returns (synchronous=FULL).
 * `read`: never takes a lock that a writer would wait for. Source: sqlite.org, "Write-Ahead Logging".
 */
export async function openDatabase(path: string, mode: 'write' | 'read'): Promise<DatabaseSync> {
  const { DatabaseSync: Database } = await import('node:sqlite');
  return guarded(path, () => {
    const db = new Database(path, { readOnly: mode === 'read', timeout: patience });
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
  e instanceof Error && 'errcode' in e && typeof e.errcode === 'number' ? e.errcode & 0xff : undefined;

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
