import { dirname } from 'node:path';

import type { FileStat } from '../../hosts/host.ts';
import { isError, RepriseError } from '../../lib/errors/index.ts';
import { inBoth } from '../../lib/i18n/index.ts';
import type { Said } from '../../lib/language.ts';
import type { Context, Vacancy } from '../kind.ts';
import { somethingElse } from '../something-else.ts';
import { canonical, demand, output } from '../tool.ts';
import type { Database } from './cli.ts';
import type { SqliteSpec } from './spec.ts';

/** What SQLite keeps beside a database. Source: SQLite documentation, "Temporary Files Used By SQLite". */
export const beside = ['-wal', '-journal', '-shm'] as const;

/** A half-written restore has this name, in the same folder. */
export const stageOf = (path: string): string =>
  `${dirname(path)}/.reprise-restoring-${path.slice(path.lastIndexOf('/') + 1)}`;

export interface Found {
  readonly database: Database;
  readonly stat: FileStat;
  /** Of its folder: the log is made there, by whoever may write to it. */
  readonly folder: FileStat;
  /** Of the database and its log, in bytes. */
  readonly size: number;
}

/** The file of a spec, opened as its owner; undefined where there is none. */
export async function find(spec: SqliteSpec, at: Context): Promise<Found | undefined> {
  const path = await canonical(at.host, spec.path, at.signal);
  const stat = await at.host.stat(path, at.signal);
  if (stat?.type !== 'file' || stat.size === 0) return undefined;
  const wal = await at.host.stat(`${path}-wal`, at.signal);
  const folder = await at.host.stat(dirname(path), at.signal);
  if (folder === undefined) return undefined; // removed meanwhile
  const user = spec.run_as ?? (await ownerOf(stat, at));
  return {
    database: { path, open: 'live', user, busyTimeout: spec.busy_timeout },
    stat,
    folder,
    size: stat.size + (wal?.size ?? 0),
  };
}

/** Throws `sqlite.failed` where there is none. */
export async function demandFound(spec: SqliteSpec, at: Context): Promise<Found> {
  const found = await find(spec, at);
  if (found === undefined)
    throw new RepriseError('sqlite.failed', {
      path: spec.path,
      why: inBoth((t) => t['why.no-database-file']),
    });
  return found;
}

/** undefined: it has no name, or only root could act for it; then Reprise's own user has to do. */
async function ownerOf(stat: FileStat, at: Context): Promise<string | undefined> {
  const { exit, stdout } = await output(at.host, { argv: ['id', '-nu', '--', String(stat.uid)] }, at.signal);
  const user = stdout.trim();
  if (exit.code !== 0 || user === '') return undefined;
  try {
    await demand(at.host, { argv: ['true'], user }, at.signal);
    return user;
  } catch (error) {
    if (isError(error, 'user.forbidden') || isError(error, 'user.missing')) return undefined;
    throw error;
  }
}

/** Absent, or a file of no bytes, and no log of a database that was: SQLite would play it into a new one. */
export async function isVacant(spec: SqliteSpec, at: Context): Promise<Vacancy> {
  const path = await canonical(at.host, spec.path, at.signal);
  const main = await at.host.stat(path, at.signal);
  const identity = main?.id ?? null;
  if (main !== undefined && main.type !== 'file')
    return { vacant: false, found: somethingElse(main.type, path), identity };
  if (main !== undefined && main.size > 0)
    return { vacant: false, found: bytesAt('a file', 'un fichier', main.size, path), identity };
  for (const suffix of ['-wal', '-journal']) {
    const log = await at.host.stat(path + suffix, at.signal);
    if (log !== undefined && log.size > 0)
      return { vacant: false, found: bytesAt('a log', 'un journal', log.size, path + suffix), identity };
  }
  return { vacant: true, found: null, identity: null }; // an empty file is replaced: its inode would prove nothing
}

const bytesAt = (en: string, fr: string, bytes: number, path: string): Said => ({
  en: `${en} of ${bytes} bytes at ${path}`,
  fr: `${fr} de ${bytes} octets : ${path}`,
});

/** Aside: the log goes with its database, else that would be of another time. */
export async function clear(
  spec: SqliteSpec,
  at: Context,
  how: 'aside' | 'wipe',
  suffix: string,
): Promise<string | null> {
  const path = await canonical(at.host, spec.path, at.signal);
  const aside = `${path}.before-${suffix}`;
  let moved = false;
  for (const end of [...beside, '']) {
    if ((await at.host.stat(path + end, at.signal)) === undefined) continue;
    if (how === 'wipe') await at.host.remove(path + end, at.signal);
    else await at.host.rename(path + end, aside + end, at.signal);
    moved = true;
  }
  if (how === 'wipe') await at.host.remove(stageOf(path), at.signal);
  return how === 'aside' && moved ? aside : null;
}
