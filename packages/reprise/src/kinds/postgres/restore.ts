import type { Readable } from 'node:stream';

import { RepriseError, isError } from '../../lib/errors/index.ts';
import type { Context, Restorable, Until, Vacant } from '../kind.ts';
import { openAccess, type Access } from './access.ts';
import { readHead } from './archive.ts';
import { prepare } from './create.ts';
import { applyGlobals, finishOwnRole, type AppliedGlobals } from './globals.ts';
import { itemsOf, type Item } from './inspect.ts';
import { serverFacts, userObjects, type ServerFacts } from './inventory.ts';
import { guardsIndexes, loadDatabase, partBytes, sizesIn, wayOf } from './load.ts';
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
  /** Is the restoring role one? */
  readonly superuser: boolean;
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
  const { major, superuser } = await askServer(spec, at);
  await using access = await openAccess(spec, at, major);
  // A repository takes a second to open: the first dump begins to come while the roles are made, and waits in its pipe.
  await using first = beginning(from, databases[0], at);
  const globals = await restoreGlobals(from, spec, access, at);
  for (const database of databases) {
    const body = await (database === databases[0] ? first.body : undefined);
    await restoreDatabase(database, body, { from, spec, access, globals, superuser, at });
  }
  await finishOwnRole(globals.own, access, spec, at);
}

const partOf = (database: Item): string => String(database.values['part']);

/** What nobody read to its end is closed, and with it the program that gives it. */
function beginning(from: Restorable, database: Item | undefined, at: Context) {
  const body = database === undefined ? undefined : from.open(partOf(database), at.signal);
  body?.catch(() => {}); // told to who reads it
  return {
    body,
    [Symbol.asyncDispose]: async (): Promise<void> => {
      (await body?.catch(() => undefined))?.destroy();
    },
  };
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

async function askServer(spec: PostgresSpec, at: Context): Promise<ServerFacts> {
  await using access = await openAccess(spec, at);
  await using maintenance = await openMaintenance(access, spec, at);
  return await serverFacts(maintenance.session);
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

async function restoreDatabase(database: Item, begun: Readable | undefined, r: Restoring): Promise<void> {
  const { at, access, spec } = r;
  const part = partOf(database);
  const lister = access.command('pg_restore', undefined, ['--list', '--create']);
  const body = begun ?? (await r.from.open(part, at.signal));
  using archive = await readHead(body, lister, at.host, at.signal);
  const { head, bytes, whole } = archive;
  demand(head.exit, 'pg_restore', database.name);
  await using work = await at.host.scratch(head.list.length * 2, at.signal, spec.run_as);
  const target = await prepare(database, archive, work, r);
  const quickest = wayOf(sizesIn(r.from.point, database.name), { jobs: spec.jobs, superuser: r.superuser });
  const way = quickest === 'streamed' && head.entries.some(guardsIndexes) ? 'serial' : quickest;
  const size = partBytes(r.from, part);
  await loadDatabase({ database: database.name, size, target, head: bytes, whole, access, spec, at }, way);
  await settle(database, r);
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
