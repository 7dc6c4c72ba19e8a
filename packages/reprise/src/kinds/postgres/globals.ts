import { RepriseError } from '../../lib/errors/index.ts';
import { inBoth } from '../../lib/i18n/index.ts';
import type { Context } from '../kind.ts';
import type { Access } from './access.ts';
import { finished } from './inspect.ts';
import { literal } from './names.ts';
import { aboutTablespace, rolesOn, sparing } from './neighbours.ts';
import { openSession, type Session } from './session.ts';
import type { PostgresSpec } from './spec.ts';
import { statementsOf, takeIdentifier } from './sql.ts';

export interface AppliedGlobals {
  /** Tablespaces of the dump that this server does not have: what was in them goes to the default one. */
  readonly absent: ReadonlySet<string>;
  /** Statements about the very role that restores: run last, so that it does not lock itself out half-way. */
  readonly own: readonly string[];
}

/**
 * Roles, their passwords, settings and memberships, then tablespaces. A role that exists already (the one initdb made,
 * one that the image's entrypoint made) is given the recorded attributes; every other failure is an error. The role
 * statements are one transaction: a second attempt finds all of them or none.
 *
 * Where `neighbours` live on the same server, nobody consented to a change of theirs: only what is absent is made, and
 * what is there (roles, tablespaces) is left as it is, and said.
 */
export async function applyGlobals(
  script: string,
  session: Session,
  spec: PostgresSpec,
  at: Context,
  neighbours: readonly string[] = [],
): Promise<AppliedGlobals> {
  if (!finished(script)) throw new RepriseError('postgres.globals-cut', { component: at.component });
  const present = await rolesOn(session);
  const statements = toRun(script, present, neighbours, at);
  const me = spec.connection.user;
  const own = statements.filter((s) => aboutRole(s) === me);
  if (own.some((s) => /^ALTER ROLE .* WITH NOSUPERUSER/s.test(s)))
    throw new RepriseError('postgres.own-role', { component: at.component, role: me });

  await session.run('BEGIN');
  for (const s of statements) {
    if (own.includes(s) || aboutTablespace(s)) continue;
    const created = s.startsWith('CREATE ROLE ')
      ? takeIdentifier(s.slice('CREATE ROLE'.length))?.name
      : undefined;
    if (created === undefined || !present.has(created)) await session.run(s);
  }
  await session.run('COMMIT');
  const tablespaces = statements.filter(aboutTablespace);
  return { own, absent: await applyTablespaces(tablespaces, session, at, neighbours.length > 0) };
}

function toRun(
  script: string,
  present: ReadonlySet<string>,
  neighbours: readonly string[],
  at: Context,
): readonly string[] {
  const all = statementsOf(script).filter((s) => !s.startsWith('SET '));
  if (neighbours.length === 0) return all;
  const { statements, kept } = sparing(all, present);
  if (kept.length > 0)
    at.log(inBoth((t) => t['log.roles-kept']({ roles: kept.join(', '), neighbours: neighbours.join(', ') })));
  return statements;
}

/** The role that `ALTER ROLE name WITH …` or `ALTER ROLE name SET …` is about. */
const aboutRole = (statement: string): string | undefined =>
  statement.startsWith('ALTER ROLE ')
    ? takeIdentifier(statement.slice('ALTER ROLE'.length))?.name
    : undefined;

/**
 * A tablespace is a directory of the old machine. It is made again where the server has that directory, empty;
 * otherwise its contents go to the default tablespace, and that is said.
 */
async function applyTablespaces(
  statements: readonly string[],
  session: Session,
  at: Context,
  spare: boolean,
): Promise<Set<string>> {
  const present = new Set(await session.json<string[]>(`SELECT jsonb_agg(spcname) FROM pg_tablespace`));
  const absent = new Set<string>();
  for (const s of statements) {
    const name = takeIdentifier(s.replace(/^.*? TABLESPACE /s, ''))?.name ?? '';
    if (s.startsWith('CREATE TABLESPACE ') && !present.has(name)) {
      if (await usable(s, session)) await session.run(s);
      else {
        absent.add(name);
        at.log(inBoth((t) => t['log.tablespace-absent']({ name })));
      }
    } else if (!s.startsWith('CREATE TABLESPACE ') && !absent.has(name) && !(spare && present.has(name)))
      await session.run(s);
  }
  return absent;
}

/** Is the directory there for the server, and empty? */
async function usable(create: string, session: Session): Promise<boolean> {
  const location = /LOCATION '((?:[^']|'')*)'/.exec(create)?.[1]?.replaceAll("''", "'") ?? '';
  if (location === '') return false;
  return session.json<boolean>(
    `SELECT to_jsonb((pg_stat_file(${literal(location)}, true)).isdir IS TRUE
      AND NOT EXISTS (SELECT FROM pg_ls_dir(${literal(location)}, true, false)))`,
  );
}

export async function finishOwnRole(
  own: readonly string[],
  access: Access,
  spec: PostgresSpec,
  at: Context,
): Promise<void> {
  if (own.length === 0) return;
  await using session = await openSession(access, spec.connection.database, at);
  for (const s of own) await session.run(s);
}
