import { posix } from 'node:path';
import { finished } from 'node:stream/promises';

import type { Finding, Point } from '@reprise/contracts';

import { instant } from '../../lib/clock.ts';
import { RepriseError } from '../../lib/errors/index.ts';
import { judge } from '../../lib/findings/index.ts';
import { inBoth } from '../../lib/i18n/index.ts';
import { toolSays } from '../../lib/language.ts';
import { isAtLeast } from '../../lib/version.ts';
import { type Captures, capturing } from '../capturing.ts';
import type { Capture, Context, HandStep, Method, Restorable } from '../kind.ts';
import { quote } from '../shell.ts';
import { demand } from '../tool.ts';
import { ask, type Database, versionOf } from './cli.ts';
import { compareFile } from './compare.ts';
import { contentsOf, inventoryOf, recordedIn } from './contents.ts';
import { demandFound, find } from './file.ts';
import { restore } from './restore.ts';
import type { SqliteSpec } from './spec.ts';

/** `pragma_table_list`, which tells shadow tables from others, is there since. */
const oldest = '3.37.0';
const part = 'db';
const spare = 1024 * 1024;

/** SQLite's online backup, as one consistent state however busy the database is. */
export const online: Method<SqliteSpec> = {
  name: 'online',
  traits: {
    restoresInto: 'stopped',
    consistency: 'transaction',
    chain: 'full',
    needsService: false,
    inspects: 'parsed',
  },
  preflight,
  capture: async (spec, at) => capture(spec, at),
  inspect,
  forecast: async () => ({ scratch: 0, findings: [] }),
  restore,
  byHand,
};

/** What every database begins with. Source: sqlite.org, "Database File Format", 1.3.1. */
const signature = 'SQLite format 3\0';

async function preflight(spec: SqliteSpec, at: Context): Promise<readonly Finding[]> {
  const version = await versionOf(at);
  const found = await find(spec, at);
  const magic = found === undefined ? '' : await headOf(spec.path, at);
  return [
    judge(isAtLeast(version, oldest) ? 'pass' : 'fail', 'sqlite.tool', at.component, {
      version,
      needed: oldest,
    }),
    judge(magic === signature ? 'pass' : 'fail', 'sqlite.file', at.component, { path: spec.path }),
  ];
}

function capture(spec: SqliteSpec, at: Context): Capture {
  return capturing(async function* (): Captures {
    const found = await demandFound(spec, at);
    await using scratch = await at.host.scratch(found.size + spare, at.signal, found.database.user);
    const copy: Database = { path: `${scratch.path}/copy.db`, open: 'copy', user: found.database.user };
    const { asOf, pages } = await copyInto(scratch.path, found.database, at);
    const contents = await contentsOf(copy, at);
    if (contents.pages !== pages)
      throw new RepriseError('sqlite.failed', {
        path: spec.path,
        why: inBoth((t) => t['why.pages']({ found: contents.pages, of: pages })),
      });
    if (contents.judged && contents.integrity !== 'ok')
      throw new RepriseError('sqlite.failed', { path: spec.path, why: toolSays(contents.integrity) });
    const body = await at.host.read(copy.path, at.signal);
    const complete = finished(body);
    complete.catch(() => {}); // whoever stores it hears of it too
    try {
      yield { name: part, form: 'stream', body, complete };
    } finally {
      body.destroy();
    }
    return {
      asOf: { from: instant(asOf.from), to: instant(asOf.to), clock: 'host', offset_ms: 0 },
      inventory: inventoryOf(contents, found.stat, found.folder),
      tools: { sqlite3: await versionOf(at) },
      server: null,
      findings: [],
    };
  });
}

/**
 * A backup that reads page by page starts anew whenever somebody writes, and under steady writing never ends. Inside a
 * read transaction it is one pass over one state: with a write-ahead log nobody waits; with a rollback journal writers
 * wait as long as the copy takes. The state is the one of the first read, between the two times. How long it is in that
 * transaction tells a copy that is not of it: of the file without its log, say.
 * Source: SQLite documentation, "Online Backup API" and "Isolation In SQLite".
 */
async function copyInto(
  folder: string,
  live: Database,
  at: Context,
): Promise<{ asOf: { from: Date; to: Date }; pages: number }> {
  const now = "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now');";
  const script = [
    now,
    'BEGIN;',
    'SELECT count(*) FROM sqlite_schema;',
    now,
    'PRAGMA page_count;',
    '.backup main copy.db',
    'COMMIT;',
  ];
  const [from, , to, pages] = (await ask({ ...live, cwd: folder }, script.join('\n'), at)).split('\n');
  return { asOf: { from: new Date(from ?? ''), to: new Date(to ?? '') }, pages: Number(pages) };
}

/** Every page is read: integrity, foreign keys, every table and its rows as recorded. */
async function inspect(stored: Restorable, at: Context): Promise<readonly Finding[]> {
  await using scratch = await at.host.scratch(stored.point.bytes + spare, at.signal);
  const path = `${scratch.path}/copy.db`;
  await at.host.write(path, await stored.open(part, at.signal), 0o600, at.signal);
  return await compareFile(path, stored.point, at);
}

/**
 * By another process: closing a file that this one read would drop the locks that this process may hold on it, and with
 * them the log of whoever believes in those. Source: SQLite documentation, "How To Corrupt An SQLite Database File",
 * 2.2.
 */
const headOf = (path: string, at: Context): Promise<string> =>
  demand(at.host, { argv: ['head', '-c', '16', '--', path] }, at.signal);

/**
 * Typed under stress, and twice where a password was mistyped or a second repository stands below the first: what is put
 * aside gets a folder of its own each time, and nothing takes the database's name before it is whole and was read.
 * `sqlite3` exits 0 on a damaged database: what it says is compared.
 */
function byHand(point: Point, spec: SqliteSpec): readonly HandStep[] {
  const path = quote(spec.path);
  const fresh = quote(`${spec.path}.restored`);
  const rights = recordedIn(point.inventory)?.rights;
  const logs = ['-wal', '-shm', '-journal'].map((end) => quote(spec.path + end)).join(' ');
  const aside = `$(mktemp -d ${quote(`${spec.path}.before-`)}"$(date +%Y%m%dT%H%M%S)"-XXXXXX)`;
  return [
    {
      en: `Stop what uses ${spec.path}, and set aside what is left of it, in a folder beside it. Typed again, it takes another folder.`,
      fr: `Arrêtez ce qui utilise ${spec.path} et mettez de côté ce qu’il en reste, dans un dossier voisin. Une seconde fois, ce sera un autre dossier.`,
      shell: `mkdir -p ${quote(posix.dirname(spec.path))} && (b=; for f in ${path} ${logs}; do if [ -e "$f" ]; then b=\${b:-${aside}} && mv "$f" "$b/" || exit 1; fi; done)`,
    },
    {
      en: `Write the database beside its place, check it, give it its owner and mode (as root); only then it takes its place, which must be free. If the command fails, ${spec.path} is as it was: type it again.`,
      fr: `Écrivez la base à côté de sa place, contrôlez-la, rendez-lui son propriétaire et ses droits (en root) ; alors seulement elle prend sa place, qui doit être libre. Si la commande échoue, ${spec.path} est resté tel quel : recommencez.`,
      shell: [
        `{{restic}} dump {{snapshot:${part}}} {{path:${part}}} > ${fresh}`,
        `test "$(sqlite3 ${fresh} 'PRAGMA integrity_check')" = ok`,
        ...(rights === undefined
          ? []
          : [`chown ${rights.uid}:${rights.gid} ${fresh}`, `chmod ${rights.mode.toString(8)} ${fresh}`]),
        `test ! -e ${path}`,
        `mv -n ${fresh} ${path}`,
      ].join(' && '),
    },
  ];
}
