import type { Finding } from '@reprise/contracts';

import { isError } from '../../lib/errors/index.ts';
import { judge } from '../../lib/findings/index.ts';
import { said } from '../../lib/language.ts';
import type { Context } from '../kind.ts';
import { openAccess, type Access } from './access.ts';
import { listDatabases, serverFacts, type ServerFacts } from './inventory.ts';
import { openMaintenance } from './maintenance.ts';
import type { PostgresSpec } from './spec.ts';
import { majorOf, versionOf, type Tool } from './tools.ts';

/** Can this server be captured with these tools by this role? Each question stops at the first no that hides the rest. */
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
    judge(asked.facts.readsAll ? 'pass' : 'unable', 'postgres.rights', at.component, {
      role: spec.connection.user,
    }),
    ...databases(spec, asked.present, at),
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

async function askServer(
  spec: PostgresSpec,
  access: Access,
  at: Context,
): Promise<Finding | { facts: ServerFacts; present: readonly string[] }> {
  try {
    await using maintenance = await openMaintenance(access, spec, at);
    const present = (await listDatabases(maintenance.session)).map((d) => d.name);
    return { facts: await serverFacts(maintenance.session), present };
  } catch (e) {
    if (!isError(e, 'postgres.unreachable')) throw e;
    return judge('fail', 'postgres.connect', at.component, {
      where: said(e.params.where, 'en'),
      why: said(e.params.why, 'en'),
    });
  }
}

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

const databases = (spec: PostgresSpec, present: readonly string[], at: Context): readonly Finding[] =>
  (spec.databases === 'all' ? [] : spec.databases).map((database) =>
    judge(present.includes(database) ? 'pass' : 'fail', 'postgres.database', at.component, { database }),
  );
