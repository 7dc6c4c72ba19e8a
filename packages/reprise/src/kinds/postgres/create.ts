import { RepriseError } from '../../lib/errors/index.ts';
import type { Directory } from '../kind.ts';
import { aboutDatabase, type Archive } from './archive.ts';
import type { Item } from './inspect.ts';
import { listDatabases } from './inventory.ts';
import { openMaintenance, type Maintenance } from './maintenance.ts';
import { ident } from './names.ts';
import type { Restoring } from './restore.ts';
import { demand, output } from './run.ts';
import { holdsSomething } from './select.ts';
import { statementsOf } from './sql.ts';

/** The database that pg_restore is to connect to first, and what to tell it. */
export interface Target {
  readonly connect: string;
  /** For the call that is to create the database. */
  readonly create: readonly string[];
  /** For every call. */
  readonly args: readonly string[];
}

/**
 * Makes way for a database. Usually pg_restore creates it itself, with the statement that pg_dump recorded (template0,
 * encoding, locale and its provider, owner, tablespace), its properties, comment and rights. Where that cannot be —
 * `postgres` and `template1` exist in every cluster; a tablespace of the old machine is missing — the same statements
 * are run here: `--create` does not let `-L` leave the CREATE out. Throws `postgres.occupied` when it holds anything.
 */
export async function prepare(
  database: Item,
  archive: Archive,
  work: Directory,
  r: Restoring,
): Promise<Target> {
  await using maintenance = await openMaintenance(r.access, r.spec, r.at);
  const present = (await listDatabases(maintenance.session)).find((d) => d.name === database.name);
  if (present !== undefined && (await holdsSomething(database.name, r.access, r.at)))
    throw new RepriseError('postgres.occupied', { component: r.at.component, database: database.name });
  const system = present?.system === true;
  // An empty one that somebody else made may have another encoding, locale or owner.
  if (present !== undefined && !system)
    await maintenance.session.run(`DROP DATABASE ${ident(database.name)} WITH (FORCE)`);

  const noPlace = r.globals.absent.size > 0 ? ['--no-tablespaces'] : [];
  if (!system && !r.globals.absent.has(String(database.values['tablespace'])))
    return { connect: maintenance.database, create: ['--create'], args: noPlace };
  await createByHand(archive, system, work, maintenance, r);
  return { connect: database.name, create: [], args: noPlace };
}

async function createByHand(
  archive: Archive,
  exists: boolean,
  work: Directory,
  { session }: Maintenance,
  { access, spec, at }: Restoring,
): Promise<void> {
  const list = `${work.path}/database`;
  const lines = archive.head.entries.filter(aboutDatabase).map((e) => e.line);
  await at.host.write(list, `${lines.join('\n')}\n`, 0o600, at.signal, spec.run_as);
  const command = access.command('pg_restore', undefined, ['--create', '-L', list, '-f', '-']);
  const { stdout, exit } = await output(at.host, command, at.signal, archive.bytes);
  // psql's \connect line, which pg_restore cannot write for a name with a newline in it: then this fails, and says so.
  demand(exit, 'pg_restore', at.component);
  for (const statement of statementsOf(stdout)) {
    if (/^(SET|SELECT) /.test(statement)) continue;
    if (!statement.startsWith('CREATE DATABASE ')) await session.run(statement);
    else if (!exists) await session.run(withoutTablespace(statement));
  }
}

export const withoutTablespace = (createDatabase: string): string =>
  createDatabase.replace(/ TABLESPACE = (?:"(?:[^"]|"")+"|\S+)(?= |$)/, '');
