import { DatabaseSync } from 'node:sqlite';

/** A SQLite database in use: rows in its write-ahead log that the file alone does not hold. */
export interface LiveSqlite extends Disposable {
  readonly db: DatabaseSync;
  readonly path: string;
  /** Adds so many rows to `entry(id, body)`, in one transaction. */
  add(rows: number): void;
  count(): number;
}

/**
 * Opens (and makes) the database and keeps it open. Rows of the schema are in the file, all later ones stay in
 * `-wal`: automatic checkpoints are off, so a copy of the file alone misses them.
 */
export function openLive(path: string): LiveSqlite {
  const db = new DatabaseSync(path);
  db.exec(
    'pragma journal_mode = wal; create table if not exists entry (id integer primary key, body text not null);',
  );
  db.exec('pragma wal_checkpoint(truncate); pragma wal_autocheckpoint = 0;');
  const insert = db.prepare('insert into entry (body) values (?)');
  return {
    db,
    path,
    add(rows) {
      db.exec('begin');
      for (let i = 0; i < rows; i += 1) insert.run(`row ${i}: été ${'x'.repeat(i % 97)}`);
      db.exec('commit');
    },
    count: () => Number(db.prepare('select count(*) as n from entry').get()?.['n']),
    [Symbol.dispose]() {
      db.close();
    },
  };
}
