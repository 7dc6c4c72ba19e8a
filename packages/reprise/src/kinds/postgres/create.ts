import { RepriseError } from '../../lib/errors/index.ts';
import type { Directory } from '../kind.ts';
import { createsDatabase, feed, type Head } from './archive.ts';
import type { Item } from './inspect.ts';
import { listDatabases } from './inventory.ts';
import { openMaintenance } from './maintenance.ts';
import { ident } from './names.ts';
import type { Restoring } from './restore.ts';
import { demand, output } from './run.ts';
import { holdsSomething } from './select.ts';
import { statementsOf } from './sql.ts';

interface Archive {
  readonly head: Head;
  /** Enough of the archive for its table of contents. */
  readonly bytes: readonly Buffer[];
  /** Where working files may be put. */
  readonly work: Directory;
}

/**
 * Creates the database with the statement that pg_dump recorded (template0, encoding, locale and its provider, owner,
 * tablespace), and returns the path of a list of everything else. The two are apart because the database may be there
 * already (`postgres`, `template1`), or need another tablespace; `--create` with that list still restores the database's
 * properties, comment and rights. Throws `postgres.occupied` when it is there and holds anything.
 */
export async function createDatabase(database: Item, archive: Archive, r: Restoring): Promise<string> {
  const { at, spec } = r;
  const list = async (name: string, creates: boolean): Promise<string> => {
    const path = `${archive.work.path}/${name}`;
    const lines = archive.head.entries.filter((e) => createsDatabase(e) === creates).map((e) => e.line);
    await at.host.write(path, `${lines.join('\n')}\n`, 0o600, at.signal, spec.run_as);
    return path;
  };
  await using maintenance = await openMaintenance(r.access, spec, at);
  const present = (await listDatabases(maintenance.session)).find((d) => d.name === database.name);
  if (present !== undefined && (await holdsSomething(database.name, r.access, at)))
    throw new RepriseError('postgres.occupied', { component: at.component, database: database.name });

  if (present?.system !== true) {
    // An empty one that somebody else made may have another encoding, locale or owner.
    if (present !== undefined)
      await maintenance.session.run(`DROP DATABASE ${ident(database.name)} WITH (FORCE)`);
    const creation = await list('database', true);
    if (r.globals.absent.has(String(database.values['tablespace']))) {
      for (const statement of await creationScript(creation, archive, r))
        await maintenance.session.run(withoutTablespace(statement));
    } else await create(maintenance.database, creation, archive, r);
  }
  return list('contents', false);
}

async function create(
  from: string,
  creation: string,
  archive: Archive,
  { access, at }: Restoring,
): Promise<void> {
  const command = access.command('pg_restore', from, ['--create', '--exit-on-error', '-L', creation], {
    stdin: 'pipe',
  });
  const running = await at.host.run(command, at.signal);
  running.stdout.resume();
  const [exit] = await Promise.all([running.exit, feed(archive.bytes, running.stdin)]);
  demand(exit, 'pg_restore', from);
}

/** The statements as text; psql's own \connect line, which cannot name every database, is not among them. */
async function creationScript(
  creation: string,
  archive: Archive,
  { access, at }: Restoring,
): Promise<readonly string[]> {
  const command = access.command('pg_restore', undefined, ['--create', '-L', creation, '-f', '-']);
  const { stdout } = await output(at.host, command, at.signal, archive.bytes);
  return statementsOf(stdout).filter((s) => /^(CREATE|ALTER) DATABASE /.test(s));
}

const withoutTablespace = (statement: string): string =>
  statement.startsWith('CREATE DATABASE ')
    ? statement.replace(/ TABLESPACE = (?:"(?:[^"]|"")+"|\S+)$/, '')
    : statement;
