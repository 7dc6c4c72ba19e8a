import { Readable } from 'node:stream';

import type { Command } from '../../hosts/host.ts';
import { RepriseError, isError } from '../../lib/errors/index.ts';
import { inBoth } from '../../lib/i18n/index.ts';
import type { Context, Directory, Restorable, Until, Vacant } from '../kind.ts';
import { openAccess, type Access } from './access.ts';
import { feed, readHead } from './archive.ts';
import { prepare } from './create.ts';
import { applyGlobals, finishOwnRole, type AppliedGlobals } from './globals.ts';
import { itemsOf, type Item } from './inspect.ts';
import { serverFacts, userObjects } from './inventory.ts';
import { openMaintenance } from './maintenance.ts';
import { neighboursOf } from './neighbours.ts';
import { demand, textOf } from './run.ts';
import { openSession } from './session.ts';
import type { PostgresSpec } from './spec.ts';
import { isVacant } from './vacancy.ts';

export interface Restoring {
  readonly from: Restorable;
  readonly spec: PostgresSpec;
  readonly access: Access;
  readonly globals: AppliedGlobals;
  readonly at: Context;
}

/**
 * Globals, then each database: created as it was, loaded, counted, analysed; what is recorded of the restoring role
 * itself comes last. Throws `postgres.until` (a dump knows one moment only), and where anything is not as it must be.
 */
export async function restore(
  from: Restorable,
  into: Vacant<PostgresSpec>,
  at: Context,
  until?: Until,
): Promise<void> {
  if (until !== undefined) throw new RepriseError('postgres.until', { component: at.component });
  const { spec } = into;
  const databases = wanted(from, spec, at);
  // Seen again at the last moment: the proof may have gone stale. What consent covers was put aside before this.
  const { vacant, found } = await isVacant(spec, at);
  if (!vacant) throw new RepriseError('kind.not-vacant', { component: at.component, found: found ?? '?' });
  await using access = await openAccess(spec, at, await serverMajor(spec, at));
  const globals = await restoreGlobals(from, spec, access, at);
  for (const database of databases) await restoreDatabase(database, { from, spec, access, globals, at });
  await finishOwnRole(globals.own, access, spec, at);
}

/** The databases of the point that the plan asks for. */
function wanted(from: Restorable, spec: PostgresSpec, at: Context): readonly Item[] {
  const captured = itemsOf(from.point.inventory, 'database');
  if (spec.databases === 'all') return captured;
  return spec.databases.map((name) => {
    const item = captured.find((i) => i.name === name);
    if (item !== undefined) return item;
    throw new RepriseError('postgres.not-in-point', {
      component: at.component,
      point: from.point.id,
      database: name,
    });
  });
}

async function serverMajor(spec: PostgresSpec, at: Context): Promise<number> {
  await using access = await openAccess(spec, at);
  await using maintenance = await openMaintenance(access, spec, at);
  return (await serverFacts(maintenance.session)).major;
}

async function restoreGlobals(
  from: Restorable,
  spec: PostgresSpec,
  access: Access,
  at: Context,
): Promise<AppliedGlobals> {
  const script = await textOf(await from.open('globals', at.signal), 64 * 1024 * 1024);
  await using maintenance = await openMaintenance(access, spec, at);
  const neighbours = await neighboursOf(spec, access, maintenance.session, at);
  return await applyGlobals(script, maintenance.session, spec, at, neighbours);
}

async function restoreDatabase(database: Item, r: Restoring): Promise<void> {
  const { at, access, spec } = r;
  const part = String(database.values['part']);
  const lister = access.command('pg_restore', undefined, ['--list', '--create']);
  const { head, bytes, whole } = await readHead(
    await r.from.open(part, at.signal),
    lister,
    at.host,
    at.signal,
  );
  demand(head.exit, 'pg_restore', database.name);
  await using work = await at.host.scratch(head.list.length * 2, at.signal, spec.run_as);
  const { connect, args } = await prepare(database, { head, bytes }, work, r);

  await using room = spec.jobs > 1 ? await claim(partBytes(r.from, part), spec, at) : undefined;
  const command = (more: readonly string[]): Command =>
    access.command('pg_restore', connect, ['--exit-on-error', ...args, ...more], { stdin: 'pipe' });
  if (room === undefined) await loadFromStream(database.name, command([]), whole, r);
  else await loadInParallel(database.name, command, whole, room, r);
  await settle(database, r);
}

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

/** `pg_restore --jobs` needs a file it can seek in. */
async function loadInParallel(
  database: string,
  command: (more: readonly string[]) => Command,
  whole: AsyncIterable<Buffer>,
  room: Directory,
  { spec, at }: Restoring,
): Promise<void> {
  const file = `${room.path}/dump`;
  await at.host.write(file, Readable.from(whole, { objectMode: false }), 0o600, at.signal, spec.run_as);
  at.log(inBoth((t) => t['log.connections']({ database, jobs: spec.jobs })));
  await load(database, command([`--jobs=${spec.jobs}`, file]), [], at);
}

async function loadFromStream(
  database: string,
  command: Command,
  whole: AsyncIterable<Buffer>,
  { spec, at }: Restoring,
): Promise<void> {
  if (spec.jobs > 1) at.log(inBoth((t) => t['log.one-connection']({ database })));
  await load(database, command, whole, at);
}

async function load(
  database: string,
  command: Command,
  stdin: AsyncIterable<Buffer> | Iterable<Buffer>,
  at: Context,
): Promise<void> {
  const running = await at.host.run(command, at.signal);
  running.stdout.resume();
  const [exit] = await Promise.all([running.exit, feed(stdin, running.stdin)]);
  demand(exit, 'pg_restore', database);
}

/** A pg_restore that exits 0 having done nothing is noticed here; then the planner gets its statistics. */
async function settle(database: Item, { from, access, at }: Restoring): Promise<void> {
  const expected = ['table', 'partitioned', 'matview'].reduce(
    (sum, type) => sum + itemsOf(from.point.inventory, type, database.name).length,
    0,
  );
  const less = (tables: number, cause?: unknown) =>
    new RepriseError(
      'postgres.restored-less',
      { component: at.component, database: database.name, tables, expected },
      { cause },
    );
  await using session = await openSession(access, database.name, at).catch((e: unknown) => {
    throw isError(e, 'postgres.unreachable') ? less(0, e) : e; // it had made the connection to the server before
  });
  const { tables } = await userObjects(session);
  if (tables < expected) throw less(tables);
  await session.run('ANALYZE');
}
