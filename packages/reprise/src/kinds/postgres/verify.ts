import type { Finding, Inventory } from '@reprise/contracts';

import { isError } from '../../lib/errors/index.ts';
import { judge } from '../../lib/findings/index.ts';
import { said } from '../../lib/language.ts';
import type { Context } from '../kind.ts';
import { openAccess, type Access } from './access.ts';
import { itemsOf, type Item } from './inspect.ts';
import { countRows, describeDatabase, listRelations, listRoles, tableItems } from './inventory.ts';
import { openMaintenance } from './maintenance.ts';
import { keptFinding, neighboursOf } from './neighbours.ts';
import { openSession } from './session.ts';
import type { PostgresSpec } from './spec.ts';
import { keyOf } from './sql.ts';

/** The server's databases and roles against what was recorded: exact rows, sequences, extensions, objects, owners. */
export async function verify(
  spec: PostgresSpec,
  at: Context,
  recorded: Inventory,
): Promise<readonly Finding[]> {
  await using access = await openAccess(spec, at);
  const findings: Finding[] = [...(await verifyRoles(spec, access, recorded, at))];
  const databases = itemsOf(recorded, 'database').filter(
    (d) => spec.databases === 'all' || spec.databases.includes(d.name),
  );
  for (const database of databases) {
    at.signal.throwIfAborted();
    findings.push(...(await verifyDatabase(database, access, recorded, at)));
  }
  return findings;
}

async function verifyRoles(
  spec: PostgresSpec,
  access: Access,
  recorded: Inventory,
  at: Context,
): Promise<readonly Finding[]> {
  await using maintenance = await openMaintenance(access, spec, at);
  const present = new Map((await listRoles(maintenance.session)).map((r) => [r.name, r]));
  const roles = itemsOf(recorded, 'role');
  const differing = roles.filter((r) => !sameValues(r, present.get(r.name)));
  // On a server that others live on, a restore leaves roles that are there as they are: that they differ is no failure.
  const neighbours = differing.length === 0 ? [] : await neighboursOf(spec, access, maintenance.session, at);
  const kept = neighbours.length === 0 ? [] : differing.filter((r) => present.has(r.name));
  const wrong = differing.filter((r) => !kept.includes(r));
  const names = kept.map((r) => r.name);
  if (kept.length > 0 && wrong.length === 0) return [keptFinding('unable', names, neighbours, at)];
  return wrong.length === 0
    ? [judge('pass', 'postgres.roles', at.component, { roles: roles.length, role: '' })]
    : wrong.map((r) => judge('fail', 'postgres.roles', at.component, { roles: roles.length, role: r.name }));
}

const sameValues = (recorded: Item, found: Item | undefined): boolean =>
  found !== undefined && Object.entries(recorded.values).every(([key, value]) => found.values[key] === value);

async function verifyDatabase(
  database: Item,
  access: Access,
  recorded: Inventory,
  at: Context,
): Promise<readonly Finding[]> {
  try {
    await using session = await openSession(access, database.name, at);
    const relations = await listRelations(session);
    const tables = tableItems(database.name, relations, await countRows(session, relations));
    const others = await describeDatabase(session, database.name, String(database.values['part']));
    const differences = [...compare(recorded, { v: 1, items: [...others, ...tables] }, database)].map((d) =>
      judge('fail', 'postgres.differs', at.component, { database: database.name, ...d }),
    );
    return differences.length > 0 ? differences : [matches(database, recorded, at)];
  } catch (e) {
    if (!isError(e, 'postgres.unreachable')) throw e;
    return [
      judge('fail', 'postgres.differs', at.component, {
        database: database.name,
        what: 'database',
        recorded: '1',
        found: said(e.params.why, 'en'),
      }),
    ];
  }
}

const matches = (database: Item, recorded: Inventory, at: Context): Finding => {
  const tables = itemsOf(recorded, 'table', database.name);
  const rows = tables.reduce((sum, t) => sum + Number(t.values['rows'] ?? 0), 0);
  return judge('pass', 'postgres.matches', at.component, {
    database: database.name,
    tables: tables.length,
    rows,
  });
};

interface Difference {
  readonly what: string;
  readonly recorded: string;
  readonly found: string;
}

/** Another server may have other places; what lies there is the same. */
const notCompared = new Set(['tablespace', 'part']);

function* compare(recorded: Inventory, now: Inventory, database: Item): Generator<Difference> {
  const found = now.items.find((i) => i.type === 'database');
  for (const [key, value] of Object.entries(database.values))
    if (!notCompared.has(key) && found?.values[key] !== value)
      yield { what: key, recorded: String(value), found: String(found?.values[key] ?? null) };

  const items = new Map(now.items.map((i) => [`${i.type} ${keyOf(i.name)}`, i]));
  for (const type of ['table', 'partitioned', 'matview', 'sequence', 'extension'])
    for (const item of itemsOf(recorded, type, database.name)) {
      const other = items.get(`${type} ${keyOf(item.name)}`);
      const what = `${type} ${item.name}`;
      if (other === undefined) yield { what, recorded: '1', found: '0' };
      else yield* compareItem(item, other, what);
    }
}

function* compareItem(recorded: Item, found: Item, what: string): Generator<Difference> {
  const differs = (key: string): Difference => ({
    what: `${what} (${key})`,
    recorded: value(recorded, key),
    found: value(found, key),
  });
  const rows = recorded.values['rows'];
  if (typeof rows === 'number' && found.values['rows'] !== rows) yield differs('rows');
  if (recorded.type === 'matview' && recorded.values['populated'] !== found.values['populated'])
    yield differs('populated');
  if (recorded.type === 'sequence' && !reached(recorded, found)) yield differs('last');
}

/** A sequence does not follow snapshots: pg_dump may have read it later, so it may be ahead, never behind. */
function reached(recorded: Item, found: Item): boolean {
  const { last, increment, cycle } = recorded.values;
  if (typeof last !== 'string' || cycle === true) return true;
  const now = found.values['last'];
  if (typeof now !== 'string') return false;
  return BigInt(String(increment)) > 0n ? BigInt(now) >= BigInt(last) : BigInt(now) <= BigInt(last);
}

const value = (item: Item, key: string): string => String(item.values[key] ?? null);
