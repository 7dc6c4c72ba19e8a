import type { Command, Directory } from '../../hosts/host.ts';
import { RepriseError } from '../../lib/errors/index.ts';
import { Secret } from '../../lib/secret.ts';
import type { Context } from '../kind.ts';
import { conninfo, passfileLine } from './names.ts';
import type { PostgresSpec } from './spec.ts';
import { findTools, type Tool, type Tools } from './tools.ts';

/**
 * The way in: builds the command lines of the tools. The password stands in a 0600 file of the user that runs them,
 * for as long as this is not disposed: it is in no argv and in no environment, restic's child included.
 */
export interface Access extends AsyncDisposable {
  readonly tools: Tools;
  readonly where: string;
  /** `-d` with the database, if one is named. */
  command(
    tool: Tool,
    database: string | undefined,
    args: readonly string[],
    more?: Partial<Command>,
  ): Command;
}

export async function openAccess(spec: PostgresSpec, at: Context, major?: number): Promise<Access> {
  const { connection } = spec;
  const tools = await findTools(spec.bin, at, major);
  const passfile = await writePassfile(spec, at);
  // TZ: an archive's header says when it was made in local time; inspect compares it with the point's, in UTC.
  const env: Record<string, string> = {
    TZ: 'UTC',
    PGHOST: connection.host,
    PGPORT: String(connection.port),
    PGUSER: connection.user,
    PGAPPNAME: 'reprise',
    PGCONNECT_TIMEOUT: '15',
    ...(connection.sslmode === undefined ? {} : { PGSSLMODE: connection.sslmode }),
    ...(passfile === undefined ? {} : { PGPASSFILE: `${passfile.path}/pgpass` }),
  };
  return {
    tools,
    where: `${connection.user}@${connection.host}:${connection.port}`,
    command: (tool, database, args, more = {}) => ({
      argv: [
        tools.path(tool),
        ...(tool === 'pg_restore' && database === undefined ? [] : ['--no-password']),
        ...(database === undefined ? [] : ['-d', conninfo(database)]),
        ...args,
      ],
      // Not for pg_dump: it would convert what the database holds, instead of keeping its encoding.
      env: tool === 'psql' ? { ...env, PGCLIENTENCODING: 'UTF8' } : env,
      user: spec.run_as,
      cwd: '/',
      ...more,
    }),
    [Symbol.asyncDispose]: async () => {
      await passfile?.[Symbol.asyncDispose]();
    },
  };
}

async function writePassfile(spec: PostgresSpec, at: Context): Promise<Directory | undefined> {
  if (spec.connection.password === undefined) return undefined;
  const password = (await at.secret(spec.connection.password)).reveal();
  if (/[\r\n\0]/.test(password)) throw new RepriseError('postgres.password', { component: at.component });
  const directory = await at.host.scratch(4096, at.signal, spec.run_as);
  try {
    const line = new Secret(passfileLine(password));
    await at.host.write(`${directory.path}/pgpass`, line, 0o600, at.signal, spec.run_as);
    return directory;
  } catch (e) {
    await directory[Symbol.asyncDispose]();
    throw e;
  }
}
