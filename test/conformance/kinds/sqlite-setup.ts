import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, lstat, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { localHost } from '../../../packages/reprise/src/hosts/local.ts';
import type { Setup, Store } from '../../../packages/reprise/src/kinds/conformance/index.ts';
import { sqlite } from '../../../packages/reprise/src/kinds/sqlite/index.ts';
import { SqliteSpec } from '../../../packages/reprise/src/kinds/sqlite/spec.ts';
import { systemClock } from '../../../packages/reprise/src/lib/clock.ts';
import { Secret } from '../../../packages/reprise/src/lib/secret.ts';
import { noService } from '../../../packages/reprise/src/services/none.ts';
import { root } from '../../testbed/process.ts';
import { mint } from './mint.ts';

const nobody = 65_534;

/** `journal`: a database with a write-ahead log, or with the rollback journal that SQLite begins with. */
export const sqliteSetup = (
  store: (run: string, folder: string) => Promise<Store>,
  journal: 'wal' | 'delete',
): Setup<SqliteSpec> => ({
  name: `sqlite (${journal})`,
  producers: ['sqlite3'],
  mint,
  store: (folder, run) => store(run, folder),
  header: () => 100, // SQLite's own header
  async world(run, scratchRoot) {
    const base = await mkdtemp(join(tmpdir(), 'reprise-sqlite-'));
    const path = join(base, "da%ta ?of #the 'app'", 'app db.sqlite');
    const host = localHost({ name: 'local', run, scratchRoot, clock: systemClock });
    const secret = `canary-${randomBytes(12).toString('hex')}`;
    const live = await fill(path, journal, secret);
    await chmod(base, 0o755);
    let places = 0;
    return {
      kind: sqlite,
      method: sqlite.methods['online'] as never,
      spec: SqliteSpec.parse({ path }),
      host,
      service: noService('none', host),
      secrets: new Map([['content', new Secret(secret)]]),
      elsewhere: async () => SqliteSpec.parse({ path: join(base, `place ${++places}`, 'data', 'app.db') }),
      async occupy(place) {
        await mkdir(dirname(place.path), { recursive: true });
        using other = new DatabaseSync(place.path);
        other.exec('CREATE TABLE keep(x); INSERT INTO keep VALUES (1)');
      },
      portrait: async (place) => portraitOf(place.path),
      canary: async (n) => void live.prepare('INSERT INTO canary VALUES (?)').run(n),
      async canaries(place) {
        using db = new DatabaseSync(place.path, { readOnly: true });
        return new Set(
          db
            .prepare('SELECT n FROM canary')
            .all()
            .map((row) => Number(row['n'])),
        );
      },
      async slow() {
        live.exec(`WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 200000)
          INSERT INTO entry(body) SELECT hex(randomblob(100)) FROM c`);
      },
      async [Symbol.asyncDispose]() {
        await host[Symbol.asyncDispose]();
        live.close();
        await rm(base, { recursive: true, force: true });
      },
    };
  },
});

/** Open the whole time, its newest rows only in the log. */
async function fill(path: string, journal: string, secret: string): Promise<DatabaseSync> {
  await mkdir(dirname(path), { mode: 0o755 });
  const db = new DatabaseSync(path, { timeout: 10_000 });
  if (root()) {
    await chown(path, nobody, nobody);
    await chown(dirname(path), nobody, nobody);
  }
  await chmod(path, 0o640);
  db.exec(`PRAGMA journal_mode = ${journal}; PRAGMA user_version = 42; PRAGMA application_id = 1234;
    CREATE TABLE entry(id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT, size INT GENERATED ALWAYS AS (length(body)) STORED);
    CREATE TABLE "odd ""name""
      'of a table'"(k TEXT PRIMARY KEY, v BLOB) WITHOUT ROWID;
    CREATE TABLE note(id INTEGER PRIMARY KEY, entry REFERENCES entry(id));
    CREATE TABLE canary(n INTEGER);
    CREATE VIRTUAL TABLE words USING fts5(body);
    CREATE INDEX by_size ON entry(size) WHERE size > 3;
    CREATE VIEW long AS SELECT * FROM entry WHERE size > 10;
    CREATE TRIGGER t AFTER INSERT ON note BEGIN INSERT INTO words VALUES (new.id); END;
    WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 3000)
      INSERT INTO entry(body) SELECT hex(randomblob(60)) FROM c;
    INSERT INTO note(entry) SELECT id FROM entry LIMIT 50;
    INSERT INTO "odd ""name""
      'of a table'" VALUES ('k', x'00ff'), ('null', NULL);`);
  db.prepare('INSERT INTO entry(body) VALUES (?)').run(secret);
  return db;
}

async function portraitOf(path: string): Promise<Record<string, string>> {
  const { uid, gid, mode } = await lstat(path);
  const portrait: Record<string, string> = {
    owner: `${uid}:${gid}`,
    'owner mode': (mode & 0o7777).toString(8),
  };
  using db = new DatabaseSync(path, { readOnly: true });
  const names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  for (const { name } of names) {
    const hash = createHash('sha256');
    const query = db.prepare(`SELECT * FROM "${String(name).replaceAll('"', '""')}"`);
    for (const row of query.iterate())
      hash.update(
        JSON.stringify(row, (_, v: unknown) =>
          v instanceof Uint8Array ? Buffer.from(v).toString('hex') : v,
        ),
      );
    portrait[String(name)] = hash.digest('hex');
  }
  for (const pragma of [
    'user_version',
    'application_id',
    'journal_mode',
    'page_size',
    'encoding',
    'integrity_check',
  ])
    portrait[pragma] = JSON.stringify(db.prepare(`PRAGMA ${pragma}`).all());
  portrait['schema'] = JSON.stringify(
    db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').all(),
  );
  return portrait;
}
