import type { Finding } from '@reprise/contracts';

import { isError, type RepriseError } from '../../lib/errors/index.ts';
import { judge } from '../../lib/findings/index.ts';
import { said } from '../../lib/language.ts';
import type { Context } from '../kind.ts';
import { openAccess, type Access } from './access.ts';
import { listClosed, listDatabases, listUnreadable, serverFacts, type ServerFacts } from './inventory.ts';
import { openMaintenance } from './maintenance.ts';
import { openSession } from './session.ts';
import type { PostgresSpec } from './spec.ts';
import { majorOf, versionOf, type Tool } from './tools.ts';

/**
 * Can this server be captured with these tools by this role? Each question stops at the first no that hides the rest.
 */
export async function preflight(spec: PostgresSpec, at: Context): Promise<readonly Finding[]> {
  await using first = await openAccess(spec, at);
  const missing = await missingTool(first, at, ['psql']);
  if (missing !== undefined) return [missing];
  const asked = await askServer(spec, first, at);
  if ('verdict' in asked) return [asked];

  await using access = await openAccess(spec, at, asked.facts.major);
  const incomplete = await missingTool(access, at, ['pg_dump', 'pg_dumpall', 'pg_restore']);
  if (incomplete !== undefined) return [incomplete];
  return [
    await versions(asked.facts, access, at),
    ...(await rights(spec, asked, access, at)),
    ...databases(spec, asked, at),
  ];
}

async function missingTool(
  access: Access,
  at: Context,
  tools: readonly Tool[],
): Promise<Finding | undefined> {
  for (const tool of tools) {
    const version = await versionOf(access.tools, tool, at).catch((e: unknown) => {
      if (isError(e, 'process.missing')) return undefined;
      throw e;
    });
    if (version === undefined)
      return judge('fail', 'postgres.tool', at.component, { tool: access.tools.path(tool) });
  }
  return undefined;
}

interface Asked {
  readonly facts: ServerFacts;
  /** Databases that can be connected to. */
  readonly present: readonly string[];
  readonly closed: readonly string[];
}

async function askServer(spec: PostgresSpec, access: Access, at: Context): Promise<Finding | Asked> {
  try {
    await using maintenance = await openMaintenance(access, spec, at);
    const { session } = maintenance;
    const present = (await listDatabases(session)).map((d) => d.name);
    return { facts: await serverFacts(session), present, closed: await listClosed(session) };
  } catch (e) {
    if (!isError(e, 'postgres.unreachable')) throw e;
    return notEntered(e, at);
  }
}

const notEntered = (e: RepriseError<'postgres.unreachable'>, at: Context): Finding =>
  judge('fail', 'postgres.connect', at.component, {
    where: said(e.params.where, 'en'),
    why: said(e.params.why, 'en'),
  });

/** pg_dump refuses a server of a newer major version. Source: PostgreSQL manual, "pg_dump", Notes. */
async function versions(facts: ServerFacts, access: Access, at: Context): Promise<Finding> {
  const tools = await versionOf(access.tools, 'pg_dump', at);
  const verdict = (majorOf(tools) ?? 0) >= facts.major ? 'pass' : 'fail';
  return judge(verdict, 'postgres.versions', at.component, {
    tools: tools ?? '?',
    server: facts.version,
    major: facts.major,
  });
}

/** Named in a finding; how many more there are is said. */
const named = 10;

/**
 * A role that does not read everything anyway is asked what it cannot read, in each database that is to be captured.
 */
async function rights(
  spec: PostgresSpec,
  { facts, present }: Asked,
  access: Access,
  at: Context,
): Promise<readonly Finding[]> {
  const role = spec.connection.user;
  if (facts.readsAll) return [judge('pass', 'postgres.rights', at.component, { role })];
  const asked = spec.databases === 'all' ? present : present.filter((name) => spec.databases.includes(name));
  const found: Finding[] = [];
  for (const database of asked) {
    const unreadable = await unreadableIn(database, access, at);
    if ('verdict' in unreadable) found.push(unreadable);
    else if (unreadable.length > 0)
      found.push(
        judge('fail', 'postgres.rights', at.component, {
          role,
          database,
          unreadable: unreadable.slice(0, named).join(', '),
          more: Math.max(0, unreadable.length - named),
        }),
      );
  }
  return found.length > 0 ? found : [judge('pass', 'postgres.rights', at.component, { role })];
}

async function unreadableIn(
  database: string,
  access: Access,
  at: Context,
): Promise<readonly string[] | Finding> {
  try {
    await using session = await openSession(access, database, at);
    return await listUnreadable(session);
  } catch (e) {
    if (!isError(e, 'postgres.unreachable')) throw e;
    return notEntered(e, at);
  }
}

/**
 * One that allows no connection is in no dump: with `all` the rest is captured, and the point cannot be called good.
 */
function databases(spec: PostgresSpec, { present, closed }: Asked, at: Context): readonly Finding[] {
  if (spec.databases === 'all')
    return closed.map((database) => judge('unable', 'postgres.closed', at.component, { database }));
  return spec.databases.map((database) =>
    closed.includes(database)
      ? judge('fail', 'postgres.closed', at.component, { database })
      : judge(present.includes(database) ? 'pass' : 'fail', 'postgres.database', at.component, { database }),
  );
}
