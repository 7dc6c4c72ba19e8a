import { plural } from '../../lib/i18n/define.ts';
import { saidTogether, type Said } from '../../lib/language.ts';
import type { Context, Vacancy } from '../kind.ts';
import { openAccess, type Access } from './access.ts';
import { serverFacts, userObjects } from './inventory.ts';
import { openMaintenance } from './maintenance.ts';
import { asideName, ident, isAside, literal } from './names.ts';
import { openSession, type Session } from './session.ts';
import type { PostgresSpec } from './spec.ts';

interface Occupied {
  readonly name: string;
  readonly system: boolean;
  readonly what: Said;
}

/** Is any database that a restore would write over there, with anything in it? Throws `postgres.unreachable`. */
export async function isVacant(spec: PostgresSpec, at: Context): Promise<Vacancy> {
  await using access = await openAccess(spec, at);
  await using maintenance = await openMaintenance(access, spec, at);
  const occupied = await occupiedIn(spec, access, maintenance.session, at);
  const { identifier } = await serverFacts(maintenance.session);
  return {
    vacant: occupied.length === 0,
    found:
      occupied.length === 0
        ? null
        : saidTogether(
            occupied.map((o) => o.what),
            ', ',
          ),
    identity: identifier,
  };
}

/**
 * Databases at stake that hold something. One that is there but empty (an image's entrypoint makes it) does not count,
 * and neither does what an earlier restore put aside.
 */
async function occupiedIn(
  spec: PostgresSpec,
  access: Access,
  session: Session,
  at: Context,
): Promise<readonly Occupied[]> {
  const present = await session.json<{ name: string; system: boolean; open: boolean }[]>(`
    SELECT jsonb_agg(jsonb_build_object('name', datname, 'system', datname IN ('postgres', 'template1'),
      'open', datallowconn) ORDER BY datname) FROM pg_database WHERE datname <> 'template0'`);
  const atStake = present.filter((d) =>
    spec.databases === 'all' ? !isAside(d.name) : spec.databases.includes(d.name),
  );
  const occupied: Occupied[] = [];
  for (const { name, system, open } of atStake) {
    const closed = {
      en: `database ${name}, which allows no connection`,
      fr: `la base ${name}, qui n’accepte aucune connexion`,
    };
    const what = open ? await contents(name, access, at) : closed;
    if (what !== undefined) occupied.push({ name, system, what });
  }
  return occupied;
}

async function contents(database: string, access: Access, at: Context): Promise<Said | undefined> {
  await using session = await openSession(access, database, at);
  const { tables, others } = await userObjects(session);
  if (tables + others === 0) return undefined;
  const [n, en, fr] = tables > 0 ? [tables, 'table', 'table'] : [others, 'object', 'objet'];
  return {
    en: `${n} ${plural('en', n, en, `${en}s`)} in database ${database}`,
    fr: `${n} ${plural('fr', n, fr, `${fr}s`)} dans la base ${database}`,
  };
}

/**
 * Renames what is at stake and holds something to `<name>_before_<suffix>`, or drops it. Connections to it are ended;
 * `postgres` and `template1` are made anew, empty. Returns the new names, null where nothing was put aside.
 */
export async function clear(
  spec: PostgresSpec,
  at: Context,
  how: 'aside' | 'wipe',
  suffix: string,
): Promise<string | null> {
  await using access = await openAccess(spec, at);
  await using maintenance = await openMaintenance(access, spec, at);
  const occupied = await occupiedIn(spec, access, maintenance.session, at);
  const names: string[] = [];
  for (const database of occupied) {
    at.signal.throwIfAborted();
    // Not from within: a database cannot be renamed by a session of its own.
    const outside = {
      ...spec,
      connection: { ...spec.connection, database: database.name === 'postgres' ? 'template1' : 'postgres' },
    };
    await maintenance[Symbol.asyncDispose]();
    await using other = await openMaintenance(access, outside, at);
    if (how === 'aside')
      names.push(await putAside(database.name, asideName(database.name, suffix), other.session));
    else await drop(database.name, other.session);
    if (database.system) await makeAnew(database.name, other.session);
  }
  return names.length === 0 ? null : names.join(', ');
}

async function putAside(name: string, aside: string, session: Session): Promise<string> {
  await session.run(`ALTER DATABASE ${ident(name)} WITH ALLOW_CONNECTIONS false`);
  await session.run(`DO $$ BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = ${literal(name)} AND pid <> pg_backend_pid(); END $$`);
  // Both or neither: killed in between, a database that nobody looks at any more would stay closed. Killed before, it is
  // still at stake, under its name.
  await session.run(`BEGIN; ALTER DATABASE ${ident(name)} RENAME TO ${ident(aside)};
    ALTER DATABASE ${ident(aside)} WITH ALLOW_CONNECTIONS true; COMMIT`);
  return aside;
}

async function drop(name: string, session: Session): Promise<void> {
  // A template cannot be dropped, whether it is the system's or one that users marked.
  await session.run(`ALTER DATABASE ${ident(name)} WITH IS_TEMPLATE false`);
  await session.run(`DROP DATABASE ${ident(name)} WITH (FORCE)`);
}

async function makeAnew(name: string, session: Session): Promise<void> {
  await session.run(
    `CREATE DATABASE ${ident(name)} WITH TEMPLATE template0 IS_TEMPLATE ${name === 'template1'}`,
  );
}
