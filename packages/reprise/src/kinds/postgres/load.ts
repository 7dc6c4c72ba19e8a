import { Readable } from 'node:stream';

import type { Point } from '@reprise/contracts';

import type { Command } from '../../hosts/host.ts';
import { isError } from '../../lib/errors/index.ts';
import { inBoth } from '../../lib/i18n/index.ts';
import type { Context, Directory, Restorable } from '../kind.ts';
import type { Access } from './access.ts';
import { type Entry, feed, runOn } from './archive.ts';
import type { Target } from './create.ts';
import { itemsOf } from './inspect.ts';
import { demand } from './run.ts';
import type { PostgresSpec } from './spec.ts';

/**
 * `serial`: one pg_restore reads the dump as it comes. `streamed`: the same for the rows, by one connection; what comes
 * after them (indexes, constraints, views' contents) by several. `staged`: all by several, from a file of the whole
 * dump.
 */
export type Way = 'serial' | 'streamed' | 'staged';

/** Time to put a dump into a file, as part of the time in which one connection loads it: measured 0.2–0.3. */
const staging = 0.25;

/**
 * Which way is the quickest, by the sizes of the tables at capture (bytes; null where an older version did not record
 * them). Several connections gain nothing on a database that is mostly one table: one COPY writes it, and it can begin
 * before the dump is whole. `superuser`: in sections, rights are given before the rows come, and might forbid another
 * role to write them.
 */
export function wayOf(
  tables: readonly (number | null)[],
  { jobs, superuser }: { readonly jobs: number; readonly superuser: boolean },
): Way {
  if (jobs === 1) return 'serial';
  const sizes = tables.filter((t) => t !== null);
  if (!superuser || sizes.length === 0 || sizes.length < tables.length) return 'staged';
  const total = sizes.reduce((sum, n) => sum + n, 0);
  const together = Math.max(total / jobs, ...sizes);
  return staging * total + together < total ? 'staged' : 'streamed';
}

/**
 * In sections rights come before indexes, and the expression of an index is worked out as the owner of its table: one
 * that may not run the function was no obstacle where rights came last.
 */
export const guardsIndexes = ({ rest }: Pick<Entry, 'rest'>): boolean =>
  /^ACL \S+ (FUNCTION|PROCEDURE|AGGREGATE|TYPE|SCHEMA) /.test(rest);

/** What was recorded of the tables that hold rows, for `wayOf`. */
export const sizesIn = (
  { inventory }: Pick<Point, 'inventory'>,
  database: string,
): readonly (number | null)[] =>
  itemsOf(inventory, 'table', database).map(({ values }) =>
    typeof values['bytes'] === 'number' ? values['bytes'] : null,
  );

/** Room for the whole dump, or undefined where there is none. */
export async function claim(bytes: number, spec: PostgresSpec, at: Context): Promise<Directory | undefined> {
  try {
    return await at.host.scratch(bytes, at.signal, spec.run_as);
  } catch (e) {
    if (isError(e, 'scratch.full')) return undefined;
    throw e;
  }
}

export const partBytes = (from: Restorable, part: string): number =>
  Math.max(
    ...from.point.copies.flatMap((c) => c.parts.filter((p) => p.name === part).map((p) => p.bytes)),
    0,
  );

export interface Loading {
  readonly database: string;
  /** Bytes of the dump, as recorded. */
  readonly size: number;
  readonly target: Target;
  /** Enough of the dump for its table of contents. */
  readonly head: readonly Buffer[];
  /** All of it; ends with an error where it is not what was stored. */
  readonly whole: AsyncIterable<Buffer>;
  readonly access: Access;
  readonly spec: PostgresSpec;
  readonly at: Context;
}

/** Loads a database that `prepare` made way for. Throws `postgres.tool`, and what the stream says at its end. */
export async function loadDatabase(l: Loading, way: Way): Promise<void> {
  if (way === 'streamed') return await inSections(l);
  await using room = way === 'staged' ? await claim(l.size, l.spec, l.at) : undefined;
  if (room !== undefined) return await fromFile(l, room);
  if (way === 'staged') l.at.log(inBoth((t) => t['log.one-connection']({ database: l.database })));
  await load(l, pgRestore(l, l.target.connect, [...l.target.create, ...l.target.args]), l.whole);
}

const pgRestore = ({ access }: Loading, database: string, args: readonly string[]): Command =>
  access.command('pg_restore', database, ['--exit-on-error', ...args]);

/** Only for its owner, and not synced: if the machine stops, all of it is done again. */
const intoFile = (file: string, { spec }: Loading): Command => ({
  argv: ['sh', '-c', 'umask 077; exec cat >"$1"', 'sh', file],
  user: spec.run_as,
  cwd: '/',
});

/** `pg_restore --jobs` needs a file it can seek in. */
async function fromFile(l: Loading, room: Directory): Promise<void> {
  const { at, database, spec, target } = l;
  const file = `${room.path}/dump`;
  await load(l, intoFile(file, l), l.whole, 'cat');
  at.log(inBoth((t) => t['log.connections']({ database, jobs: spec.jobs })));
  await load(
    l,
    pgRestore(l, target.connect, [...target.create, ...target.args, `--jobs=${spec.jobs}`, file]),
  );
}

/**
 * Only the rows need more of the archive than its table of contents, and they are read in the order in which they were
 * written. Source: PostgreSQL manual, "pg_restore", `--section`.
 */
async function inSections(l: Loading): Promise<void> {
  const { at, database, spec, target } = l;
  const bytes = l.head.reduce((sum, b) => sum + b.length, 0);
  await using room = await at.host.scratch(bytes, at.signal, spec.run_as);
  const head = `${room.path}/head`;
  await at.host.write(head, Readable.from(l.head, { objectMode: false }), 0o600, at.signal, spec.run_as);
  const section = (name: string, into: string, more: readonly string[]): Command =>
    pgRestore(l, into, [`--section=${name}`, ...target.args, ...more]);
  at.log(inBoth((t) => t['log.as-it-comes']({ database, jobs: spec.jobs })));
  await load(l, section('pre-data', target.connect, [...target.create, head]));
  await load(l, section('data', database, []), l.whole);
  await load(l, section('post-data', database, [`--jobs=${spec.jobs}`, head]));
}

async function load(
  { at, database }: Loading,
  command: Command,
  stdin: AsyncIterable<Buffer> | Iterable<Buffer> = [],
  tool = 'pg_restore',
): Promise<void> {
  const { exit } = await runOn(command, at, (to) => feed(stdin, to), dropped);
  demand(exit, tool, database);
}

const dropped = async (out: Readable): Promise<void> => void out.resume();
