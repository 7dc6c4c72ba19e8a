/**
 * Version of the database's layout; the file is a cache of the repositories, so an unknown one is refused, not
 * migrated.
 */
export const layout = 1;

const entryColumns = `
  hash TEXT NOT NULL UNIQUE,
  installation TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  at TEXT NOT NULL,
  run TEXT,
  step TEXT,
  type TEXT NOT NULL,
  readable INTEGER NOT NULL,
  text TEXT NOT NULL,
  brief TEXT`;

/**
 * `entries`: the own lineage, one chain from 1 to the head (epochs that this one continues included).
 * `foreign_entries`: what other certified installations wrote, as read from repositories; never chained to ours.
 * `brief`: of a captured point, the entry without its inventory: what a catalogue of thousands of points is made from.
 * `readable`: 0 where a known type's body is not what this version expects; kept and shown, not projected.
 * `views`, `view_heads`, `view_snapshots`: what each repository held when it was last listed.
 * `runs`, `steps`: projections; `Journal.reset` makes them again from the entries.
 */
export const schema = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE entries (seq INTEGER PRIMARY KEY, ${entryColumns}) STRICT;
CREATE INDEX entries_run ON entries (run) WHERE run IS NOT NULL;
CREATE INDEX entries_type ON entries (type, readable);
CREATE TABLE foreign_entries (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, ${entryColumns}) STRICT;
CREATE INDEX foreign_run ON foreign_entries (run) WHERE run IS NOT NULL;
CREATE INDEX foreign_type ON foreign_entries (type, readable);
CREATE INDEX foreign_place ON foreign_entries (installation, epoch, seq);
CREATE TABLE views (repository TEXT PRIMARY KEY, at TEXT NOT NULL, listed INTEGER NOT NULL) STRICT;
CREATE TABLE view_heads (
  repository TEXT NOT NULL, snapshot TEXT NOT NULL, installation TEXT NOT NULL, epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL, hash TEXT NOT NULL, read_at TEXT NOT NULL, PRIMARY KEY (repository, snapshot)) STRICT;
CREATE TABLE view_snapshots (
  repository TEXT NOT NULL, snapshot TEXT NOT NULL, first_seen TEXT NOT NULL, present INTEGER NOT NULL,
  PRIMARY KEY (repository, snapshot)) STRICT, WITHOUT ROWID;
CREATE TABLE runs (
  run TEXT PRIMARY KEY, installation TEXT NOT NULL, epoch INTEGER NOT NULL, recipe TEXT NOT NULL, plan TEXT,
  args TEXT NOT NULL, pid INTEGER NOT NULL, state TEXT NOT NULL, started_at TEXT NOT NULL, ended_at TEXT,
  exit INTEGER, error TEXT) STRICT;
CREATE INDEX runs_open ON runs (state);
CREATE TABLE steps (
  run TEXT NOT NULL, step TEXT NOT NULL, state TEXT NOT NULL, attempt INTEGER NOT NULL, output TEXT,
  started_at TEXT NOT NULL, ended_at TEXT, ms INTEGER, error TEXT, PRIMARY KEY (run, step)) STRICT, WITHOUT ROWID;
`;
