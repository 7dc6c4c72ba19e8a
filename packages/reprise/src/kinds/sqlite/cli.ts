import type { Command } from '../../hosts/host.ts';
import { RepriseError } from '../../lib/errors/index.ts';
import { toolSays } from '../../lib/language.ts';
import type { Context } from '../kind.ts';
import { demand, output } from '../tool.ts';

/** A database file and how it is opened. */
export interface Database {
  readonly path: string;
  /**
   * `live`: read-write, with its write-ahead log and locks, on the kernel where its other users are; never creates it.
   * `copy`: a file that nobody else has, without locks and log.
   */
  readonly open: 'live' | 'copy';
  readonly user?: string | undefined;
  readonly cwd?: string | undefined;
  readonly busyTimeout?: number;
}

/**
 * What the `sqlite3` program answers to a script; text, one line for each row. The program and not `node:sqlite`: it
 * runs as the file's owner (so that -wal and -shm stay his), elsewhere too, and a long copy does not hold up Reprise.
 * Throws `sqlite.busy`, `sqlite.failed`, `process.missing`. Source: SQLite documentation, "Command Line Shell".
 */
export async function ask(db: Database, script: string, at: Context): Promise<string> {
  const command: Command = {
    argv: ['sqlite3', '-batch', '-bail', '-init', '/dev/null', uriOf(db)],
    user: db.user,
    cwd: db.cwd,
  };
  const { exit, stdout } = await output(
    at.host,
    command,
    at.signal,
    `.timeout ${db.busyTimeout ?? 10_000}\n${script}\n`,
  );
  if (exit.code === 0) return stdout;
  const why =
    exit.stderr.trim().slice(-500) || (exit.code === null ? String(exit.signal) : `exit ${exit.code}`);
  if (/database (table )?is locked|\(5\)|\(6\)/.test(why))
    throw new RepriseError('sqlite.busy', {
      path: db.path,
      seconds: Math.round((db.busyTimeout ?? 10_000) / 1000),
    });
  throw new RepriseError('sqlite.failed', {
    path: db.path,
    why: exit.stderr.trim() === '' ? why : toolSays(why),
  });
}

/** Source: SQLite documentation, "URI Filenames". */
const uriOf = ({ path, open }: Database): string =>
  `file:${path.split('/').map(encodeURIComponent).join('/')}?${open === 'live' ? 'mode=rw' : 'mode=ro&immutable=1'}`;

/** "3.40.1". Throws `process.missing`. */
export const versionOf = async (at: Context): Promise<string> =>
  (await demand(at.host, { argv: ['sqlite3', '--version'] }, at.signal)).split(' ')[0]?.trim() ?? '?';

/** A JSON value for each line of an answer. */
export const rows = (text: string): readonly unknown[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);

/** A name as SQL. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
