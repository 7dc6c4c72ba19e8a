import type { Finding } from '@reprise/contracts';

import { RepriseError } from '../../lib/errors/index.ts';
import { judge } from '../../lib/findings/index.ts';
import type { Context, Restorable } from '../kind.ts';
import { openAccess, type Access } from './access.ts';
import { userObjects } from './inventory.ts';
import { openMaintenance } from './maintenance.ts';
import { isAside } from './names.ts';
import { textOf } from './run.ts';
import { openSession, type Session } from './session.ts';
import type { PostgresSpec } from './spec.ts';
import { statementsOf, takeIdentifier } from './sql.ts';

/**
 * Live databases of the same server that a restore is not about: what lies there was neither seen vacant nor put aside,
 * and its people log in with the server's roles. One that cannot be looked into counts; what an earlier restore put
 * aside does not; of `postgres` only tables count (monitoring puts its extensions there).
 */
export async function neighboursOf(
  spec: PostgresSpec,
  access: Access,
  session: Session,
  at: Context,
): Promise<readonly string[]> {
  if (spec.databases === 'all') return []; // every database is at stake
  const present = await session.json<{ name: string; open: boolean }[]>(`
    SELECT jsonb_agg(jsonb_build_object('name', datname, 'open', datallowconn) ORDER BY datname)
    FROM pg_database WHERE datname NOT IN ('template0', 'template1')`);
  const live: string[] = [];
  for (const { name, open } of present) {
    if (spec.databases.includes(name) || isAside(name)) continue;
    if (!open || (await holdsData(name, access, at))) live.push(name);
  }
  return live;
}

async function holdsData(database: string, access: Access, at: Context): Promise<boolean> {
  try {
    await using session = await openSession(access, database, at);
    const { tables, others } = await userObjects(session);
    return tables > 0 || (database !== 'postgres' && others > 0);
  } catch (e) {
    if (e instanceof RepriseError) return true;
    throw e;
  }
}

export const rolesOn = async (session: Session): Promise<ReadonlySet<string>> =>
  new Set(await session.json<string[]>(`SELECT jsonb_agg(rolname) FROM pg_roles`));

/** Without what would change a role that is there: attributes, password, settings, memberships, rights, comment. */
export function sparing(
  statements: readonly string[],
  present: ReadonlySet<string>,
): { readonly statements: readonly string[]; readonly kept: readonly string[] } {
  const kept = new Set<string>();
  const left = statements.filter((s) => {
    const role = changedRole(s);
    if (role === null) return true;
    if (role !== undefined && !present.has(role)) return true;
    if (role !== undefined) kept.add(role);
    return false;
  });
  return { statements: left, kept: [...kept].toSorted() };
}

/**
 * The role whose state a statement of pg_dumpall changes; null: none, it is about a tablespace; undefined: not
 * understood. Of a membership it is the member. Source: PostgreSQL manual, "pg_dumpall", and what 10 to 18 write.
 */
export function changedRole(statement: string): string | null | undefined {
  if (aboutTablespace(statement)) return null;
  const named = /^(?:(?:CREATE|ALTER) ROLE|COMMENT ON ROLE|SECURITY LABEL FOR \S+ ON ROLE) /.exec(statement);
  if (named !== null) return takeIdentifier(statement.slice(named[0].length))?.name;
  const granted = /^(?:GRANT|REVOKE) (?:[A-Z, ]+ ON PARAMETER |ADMIN OPTION FOR )?/.exec(statement);
  if (granted === null) return undefined;
  const rest = takeIdentifier(statement.slice(granted[0].length))?.rest ?? '';
  const to = /^\s+(?:TO|FROM) /.exec(rest);
  return to === null ? undefined : takeIdentifier(rest.slice(to[0].length))?.name;
}

/** `CREATE TABLESPACE`, `ALTER …`, `COMMENT ON …`, `GRANT … ON …`. */
export const aboutTablespace = (s: string): boolean =>
  /^(CREATE|ALTER|COMMENT ON) TABLESPACE |^(GRANT|REVOKE) [A-Z, ]+ ON TABLESPACE /.test(s);

/**
 * For `--dry-run`: the roles that a restore would leave as they are. Where the server does not answer, none is known.
 */
export async function rolesToKeep(
  stored: Restorable,
  spec: PostgresSpec,
  at: Context,
): Promise<readonly Finding[]> {
  if (spec.databases === 'all') return [];
  try {
    await using access = await openAccess(spec, at);
    await using maintenance = await openMaintenance(access, spec, at);
    const neighbours = await neighboursOf(spec, access, maintenance.session, at);
    if (neighbours.length === 0) return [];
    const script = await textOf(await stored.open('globals', at.signal), 64 * 1024 * 1024);
    const { kept } = sparing(statementsOf(script), await rolesOn(maintenance.session));
    return kept.length === 0 ? [] : [keptFinding('pass', kept, neighbours, at)];
  } catch (e) {
    at.signal.throwIfAborted();
    if (e instanceof RepriseError && e.code.startsWith('postgres.')) return []; // that it is not vacant cannot be seen either
    throw e;
  }
}

/** `pass`: left as they are, as is right. `unable`: one that is there differs, and nobody can say which is meant. */
export const keptFinding = (
  verdict: 'pass' | 'unable',
  roles: readonly string[],
  neighbours: readonly string[],
  at: Context,
): Finding =>
  judge(verdict, 'postgres.roles-kept', at.component, {
    roles: roles.join(', '),
    neighbours: neighbours.join(', '),
  });
