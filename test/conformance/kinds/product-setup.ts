import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { localHost } from '../../../packages/reprise/src/hosts/local.ts';
import type { Setup, Store } from '../../../packages/reprise/src/kinds/conformance/index.ts';
import { systemClock } from '../../../packages/reprise/src/lib/clock.ts';
import { Secret } from '../../../packages/reprise/src/lib/secret.ts';
import {
  sqliteWithFiles,
  SqliteWithFilesSpec,
} from '../../../packages/reprise/src/products/sqlite-with-files.ts';
import { noService } from '../../../packages/reprise/src/services/none.ts';
import { mint } from './mint.ts';
import { portraitOf } from './portrait.ts';

type Spec = ReturnType<typeof SqliteWithFilesSpec.parse>;

/** Uploads, and the rows that name them; the database lies in the folder of the files, as many small servers have it. */
export const productSetup = (store: (run: string, folder: string) => Promise<Store>): Setup<Spec> => ({
  name: 'sqlite-with-files',
  producers: ['sqlite3', 'find'],
  mint,
  store: (folder, run) => store(run, folder),
  spoil: {
    'without one file': (folder) => rm(join(folder, 'storage', '7')),
    'with a file cut by one byte': (folder) => truncate(join(folder, 'storage', '7'), 3),
  },
  async world(run, scratchRoot) {
    const base = await mkdtemp(join(tmpdir(), 'reprise-product-'));
    await chmod(base, 0o755);
    const spec = at(join(base, 'pb_data'));
    await mkdir(join(spec.files, 'storage'), { recursive: true });
    const db = new DatabaseSync(spec.database, { timeout: 10_000 });
    db.exec('PRAGMA journal_mode = wal; CREATE TABLE upload(name TEXT); CREATE TABLE canary(n INTEGER)');
    const upload = async (name: string, body: string | Buffer): Promise<void> => {
      await writeFile(join(spec.files, 'storage', name), body);
      db.prepare('INSERT INTO upload VALUES (?)').run(name);
    };
    const secret = `canary-${randomBytes(12).toString('hex')}`;
    for (let i = 0; i < 20; i++) await upload(String(i), `file ${i} ${secret}`);
    const host = localHost({ name: 'local', run, scratchRoot, clock: systemClock });
    let places = 0;
    return {
      kind: sqliteWithFiles,
      method: sqliteWithFiles.methods['composite'] as never,
      spec,
      host,
      service: noService('none', host),
      secrets: new Map([['content', new Secret(secret)]]),
      elsewhere: async () => at(join(base, `place ${++places}`, 'data')),
      async occupy(place) {
        await mkdir(dirname(place.database), { recursive: true });
        await writeFile(join(place.files, 'worth keeping'), 'x');
      },
      async portrait(place) {
        const all = await portraitOf(place.files);
        // The database is in the same folder: who writes it changes the folder's time.
        all['.'] = all['.']?.replace(/ mtime=\d+/, '') ?? '';
        const files = Object.entries(all).filter(([name]) => !name.includes('data.db'));
        const rows = all['data.db'] === undefined ? [] : rowsIn(place.database);
        return { ...Object.fromEntries(files), rows: JSON.stringify(rows) };
      },
      canary: async (n) => void db.prepare('INSERT INTO canary VALUES (?)').run(n),
      async canaries(place) {
        using restored = new DatabaseSync(place.database, { readOnly: true });
        return new Set(
          restored
            .prepare('SELECT n FROM canary')
            .all()
            .map((row) => Number(row['n'])),
        );
      },
      async slow() {
        for (let i = 100; i < 1100; i++) await upload(String(i), randomBytes(3000));
        await upload('large', randomBytes(50 * 1024 * 1024));
      },
      async [Symbol.asyncDispose]() {
        await host[Symbol.asyncDispose]();
        db.close();
        await rm(base, { recursive: true, force: true });
      },
    };
  },
});

const at = (folder: string): Spec =>
  SqliteWithFilesSpec.parse({
    database: join(folder, 'data.db'),
    files: folder,
    references: "SELECT 'storage/' || name FROM upload WHERE name <> 'none';",
  });

function rowsIn(path: string): readonly unknown[] {
  using db = new DatabaseSync(path, { readOnly: true });
  return db.prepare('SELECT name FROM upload ORDER BY name').all();
}
