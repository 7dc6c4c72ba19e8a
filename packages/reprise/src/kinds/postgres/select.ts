import { RepriseError } from '../../lib/errors/index.ts';
import type { Context } from '../kind.ts';
import type { Access } from './access.ts';
import { listDatabases, userObjects } from './inventory.ts';
import { openSession, type Session } from './session.ts';
import type { PostgresSpec } from './spec.ts';

/**
 * The databases of the plan. `all`: those that users made, and of `postgres` and `template1` those that hold something
 * of theirs. Throws `postgres.no-database` for a named one that is not there, and where there is none at all.
 */
export async function selectDatabases(
  spec: PostgresSpec,
  session: Session,
  access: Access,
  at: Context,
): Promise<readonly string[]> {
  const present = await listDatabases(session);
  if (spec.databases !== 'all') {
    const absent = spec.databases.find((name) => !present.some((d) => d.name === name));
    if (absent !== undefined)
      throw new RepriseError('postgres.no-database', { where: access.where, database: absent });
    return [...new Set(spec.databases)];
  }
  const chosen: string[] = [];
  for (const { name, system } of present)
    if (!system || (await holdsSomething(name, access, at))) chosen.push(name);
  if (chosen.length === 0)
    throw new RepriseError('postgres.no-database', { where: access.where, database: '*' });
  return chosen;
}

export async function holdsSomething(database: string, access: Access, at: Context): Promise<boolean> {
  await using session = await openSession(access, database, at);
  const { tables, others } = await userObjects(session);
  return tables + others > 0;
}
