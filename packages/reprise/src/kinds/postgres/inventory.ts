import type { Inventory } from '@reprise/contracts';

import type { Session } from './session.ts';

type Item = Inventory['items'][number];

/** What users made: not the system's schemas, not what an extension brings. `c` is pg_class, `n` its schema. */
const userSchema = `n.nspname <> 'information_schema' AND n.nspname !~ '^pg_(catalog$|toast|temp_)'`;
const notOfExtension = (catalog: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`;

export interface Relation {
  readonly schema: string;
  readonly table: string;
  /** `schema.table`, quoted where SQL needs it: its name in the inventory. */
  readonly name: string;
  readonly kind: 'table' | 'partitioned' | 'matview';
  /** The partitioned table at the top, by name; null where it is no partition. */
  readonly root: string | null;
  readonly unlogged: boolean;
  /** Whether its rows can be read here (a standby has no unlogged rows). */
  readonly readable: boolean;
  /** Whether pg_dump writes its rows: it writes none of a table that has no columns, or only generated ones. */
  readonly dumpable: boolean;
  /** A materialized view may have been made WITH NO DATA. */
  readonly populated: boolean;
  /** Its rows on the server's disk, long values included; without indexes and maps, which come and go. */
  readonly bytes: number;
}

export const listRelations = (session: Session): Promise<readonly Relation[]> =>
  session.json(`
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'schema', n.nspname, 'table', c.relname, 'name', format('%I.%I', n.nspname, c.relname),
        'kind', CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned' ELSE 'matview' END,
        'root', CASE WHEN c.relispartition THEN (SELECT format('%I.%I', rn.nspname, r.relname) FROM pg_class r
          JOIN pg_namespace rn ON rn.oid = r.relnamespace WHERE r.oid = pg_partition_root(c.oid)) END,
        'unlogged', c.relpersistence = 'u',
        'readable', NOT (c.relpersistence = 'u' AND pg_is_in_recovery()),
        'dumpable', EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          AND a.attgenerated = ''),
        'populated', c.relispopulated, 'bytes', coalesce(pg_relation_size(c.oid), 0)
          + coalesce(pg_relation_size(nullif(c.reltoastrelid, 0)), 0)
      ) ORDER BY n.nspname, c.relname), '[]')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND ${userSchema} AND ${notOfExtension('pg_class', 'c.oid')}`);

const atATime = 40;

/** Exact rows of every ordinary table (leaves, not roots), in the session's snapshot: one scan each. */
export async function countRows(
  session: Session,
  relations: readonly Relation[],
): Promise<ReadonlyMap<string, number>> {
  const counted = new Map<string, number>();
  const tables = relations.filter((r) => r.kind === 'table' && r.readable && r.dumpable);
  for (let i = 0; i < tables.length; i += atATime) {
    const batch = tables.slice(i, i + atATime);
    const selects = batch.map((r, j) => `SELECT ${j} AS i, (SELECT count(*) FROM ONLY ${r.name}) AS n`);
    const rows = await session.json<[number, number][]>(
      `SELECT jsonb_agg(jsonb_build_array(i, n)) FROM (${selects.join(' UNION ALL ')}) q`,
    );
    for (const [j, n] of rows) counted.set(batch[j]?.name ?? '', n);
  }
  return counted;
}

export function tableItems(
  database: string,
  relations: readonly Relation[],
  rows: ReadonlyMap<string, number>,
): readonly Item[] {
  const below = new Map<string, number>();
  for (const r of relations)
    if (r.root !== null) below.set(r.root, (below.get(r.root) ?? 0) + (rows.get(r.name) ?? 0));
  return relations
    .filter((r) => r.kind !== 'partitioned' || r.root === null)
    .map((r) => ({
      name: r.name,
      type: r.kind,
      values: {
        database,
        // A materialized view is refreshed by a restore: how many rows it had when it was stale proves nothing.
        rows: r.kind === 'partitioned' ? (below.get(r.name) ?? 0) : (rows.get(r.name) ?? null),
        unlogged: r.unlogged,
        partition: r.root !== null,
        ...(r.kind === 'table' ? { bytes: r.bytes } : {}),
        ...(r.kind === 'matview' ? { populated: r.populated } : {}),
      },
    }));
}

/** Everything of a database that is not rows: itself, sequences, extensions, and how many objects of each sort. */
export async function describeDatabase(
  session: Session,
  database: string,
  part: string,
): Promise<readonly Item[]> {
  const of = (catalog: string, schema: string, where = 'true'): string =>
    `(SELECT count(*) FROM ${catalog} o JOIN pg_namespace n ON n.oid = o.${schema} WHERE ${userSchema} AND ${where} AND ${notOfExtension(catalog, 'o.oid')})`;
  const values = await session.json<Item['values']>(`
    SELECT jsonb_build_object(
      'encoding', pg_encoding_to_char(d.encoding), 'collate', d.datcollate, 'ctype', d.datctype,
      'owner', pg_get_userbyid(d.datdba), 'tablespace', t.spcname, 'template', d.datistemplate,
      'functions', ${of('pg_proc', 'pronamespace')}, 'types', ${of('pg_type', 'typnamespace', "o.typtype IN ('d','e','r')")},
      'views', ${of('pg_class', 'relnamespace', "o.relkind = 'v'")},
      'foreign_tables', ${of('pg_class', 'relnamespace', "o.relkind = 'f'")},
      'indexes', ${of('pg_class', 'relnamespace', "o.relkind IN ('i', 'I')")},
      'constraints', ${of('pg_constraint', 'connamespace', "o.contype <> 'n'")},
      'triggers', (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal), 'policies', (SELECT count(*) FROM pg_policy),
      'event_triggers', (SELECT count(*) FROM pg_event_trigger o WHERE ${notOfExtension('pg_event_trigger', 'o.oid')}),
      'publications', (SELECT count(*) FROM pg_publication),
      'large_objects', (SELECT count(*) FROM pg_largeobject_metadata),
      'settings', (SELECT count(*) FROM pg_db_role_setting s WHERE s.setdatabase = d.oid))
    FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace WHERE d.datname = current_database()`);
  const sequences = await session.json<Item[]>(`
    SELECT coalesce(jsonb_agg(jsonb_build_object('name', format('%I.%I', s.schemaname, s.sequencename), 'type', 'sequence',
      'values', jsonb_build_object('last', s.last_value::text, 'increment', s.increment_by::text, 'cycle', s.cycle))
      ORDER BY s.schemaname, s.sequencename), '[]')
    FROM pg_sequences s JOIN pg_namespace n ON n.nspname = s.schemaname
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.sequencename
    WHERE ${userSchema} AND ${notOfExtension('pg_class', 'c.oid')}`);
  const extensions = await session.json<Item[]>(`
    SELECT coalesce(jsonb_agg(jsonb_build_object('name', extname, 'type', 'extension',
      'values', jsonb_build_object('version', extversion)) ORDER BY extname), '[]') FROM pg_extension`);
  return [
    { name: database, type: 'database', values: { part, ...values } },
    ...[...sequences, ...extensions].map((item) => ({ ...item, values: { database, ...item.values } })),
  ];
}

export interface ServerFacts {
  /** "15.18". */
  readonly version: string;
  readonly major: number;
  readonly superuser: boolean;
  /** Reads every row: superuser, or pg_read_all_data with BYPASSRLS. */
  readonly readsAll: boolean;
  readonly standby: boolean;
  /** null where the role may not ask. */
  readonly identifier: string | null;
}

export async function serverFacts(session: Session): Promise<ServerFacts> {
  const facts = await session.json<Omit<ServerFacts, 'identifier'> & { mayIdentify: boolean }>(`
    SELECT jsonb_build_object('version', split_part(current_setting('server_version'), ' ', 1),
      'major', current_setting('server_version_num')::int / 10000, 'superuser', r.rolsuper,
      'readsAll', r.rolsuper OR (r.rolbypassrls AND EXISTS (SELECT FROM pg_roles p
        WHERE p.rolname = 'pg_read_all_data' AND pg_has_role(current_user, p.oid, 'USAGE'))),
      'standby', pg_is_in_recovery(),
      'mayIdentify', has_function_privilege('pg_control_system()', 'EXECUTE'))
    FROM pg_roles r WHERE r.rolname = current_user`);
  const identifier = facts.mayIdentify
    ? await session.json<string>(`SELECT to_jsonb(system_identifier::text) FROM pg_control_system()`)
    : null;
  return { ...facts, identifier };
}

/** Roles that `pg_dumpall --globals-only` writes. */
export const listRoles = (session: Session): Promise<readonly Item[]> =>
  session.json(`
    SELECT coalesce(jsonb_agg(jsonb_build_object('name', rolname, 'type', 'role', 'values',
      jsonb_build_object('login', rolcanlogin, 'superuser', rolsuper, 'bypassrls', rolbypassrls)) ORDER BY rolname), '[]')
    FROM pg_roles WHERE rolname !~ '^pg_'`);

/** Tablespaces beside the two every cluster has. */
export const listTablespaces = (session: Session): Promise<readonly Item[]> =>
  session.json(`
    SELECT coalesce(jsonb_agg(jsonb_build_object('name', spcname, 'type', 'tablespace', 'values',
      jsonb_build_object('location', pg_tablespace_location(oid))) ORDER BY spcname), '[]')
    FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global')`);

/**
 * Has anything that users made in it: relations, functions, types, large objects, schemas, extensions beside plpgsql.
 */
export const userObjects = (session: Session): Promise<{ tables: number; others: number }> =>
  session.json(`
    SELECT jsonb_build_object(
      'tables', (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'm', 'f')
        AND c.relpersistence <> 't' AND ${userSchema} AND ${notOfExtension('pg_class', 'c.oid')}),
      'others', (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'S')
        AND c.relpersistence <> 't' AND ${userSchema} AND ${notOfExtension('pg_class', 'c.oid')})
      + (SELECT count(*) FROM pg_proc o JOIN pg_namespace n ON n.oid = o.pronamespace WHERE ${userSchema} AND ${notOfExtension('pg_proc', 'o.oid')})
      + (SELECT count(*) FROM pg_type o JOIN pg_namespace n ON n.oid = o.typnamespace WHERE o.typtype IN ('d', 'e', 'r') AND ${userSchema} AND ${notOfExtension('pg_type', 'o.oid')})
      + (SELECT count(*) FROM pg_largeobject_metadata)
      + (SELECT count(*) FROM pg_namespace n WHERE ${userSchema} AND n.nspname <> 'public' AND ${notOfExtension('pg_namespace', 'n.oid')})
      + (SELECT count(*) FROM pg_extension WHERE extname <> 'plpgsql'))`);

export interface DatabaseName {
  readonly name: string;
  readonly system: boolean;
}
/** Databases that can be connected to; `system`: those initdb makes (template0 is never among them). */
export const listDatabases = (session: Session): Promise<readonly DatabaseName[]> =>
  session.json(`
    SELECT coalesce(jsonb_agg(jsonb_build_object('name', datname, 'system', datname IN ('postgres', 'template1'))
      ORDER BY datname), '[]')
    FROM pg_database WHERE datallowconn AND datname <> 'template0'`);

/** Databases that allow no connection, whoever asks: nobody can dump them. */
export const listClosed = (session: Session): Promise<readonly string[]> =>
  session.json(`SELECT coalesce(jsonb_agg(datname ORDER BY datname), '[]') FROM pg_database
    WHERE NOT datallowconn AND datname <> 'template0'`);

/**
 * What of the database a dump would fail at: tables and sequences without SELECT, or whose rows are hidden by row
 * security, large objects of others. Not what an extension brings. Source: PostgreSQL manual, "pg_dump", Notes.
 */
export const listUnreadable = (session: Session): Promise<readonly string[]> =>
  session.json(`
    SELECT coalesce(jsonb_agg(what ORDER BY what), '[]') FROM (
      SELECT format('%I.%I', n.nspname, c.relname) AS what FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'S') AND c.relpersistence <> 't' AND ${userSchema} AND ${notOfExtension('pg_class', 'c.oid')}
        AND NOT (has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AND NOT row_security_active(c.oid))
      UNION ALL
      SELECT format('large object %s', o.oid) FROM pg_largeobject_metadata o
      WHERE NOT EXISTS (SELECT FROM aclexplode(coalesce(o.lomacl, acldefault('L', o.lomowner))) a
        WHERE a.privilege_type = 'SELECT' AND (a.grantee = 0 OR pg_has_role(a.grantee, 'USAGE')))) q`);
