import { createHash } from 'node:crypto';

import type { Inventory } from '@reprise/contracts';

import type { FileStat } from '../../hosts/host.ts';
import { RepriseError } from '../../lib/errors/index.ts';
import type { Context } from '../kind.ts';
import { ask, type Database, identifier, literal, rows } from './cli.ts';

/** What a database holds, as far as it can be told in numbers. */
export interface Contents {
  readonly tables: ReadonlyMap<string, { readonly type: string; readonly rows: number | null }>;
  readonly userVersion: number;
  readonly applicationId: number;
  readonly pages: number;
  readonly pageSize: number;
  /** SHA-256 over every object's definition. */
  readonly schema: string;
  /** `ok`, or the first things that integrity_check found. */
  readonly integrity: string;
  /** Could integrity_check run? Not where the schema needs functions or collations of its program. */
  readonly judged: boolean;
  /** null: foreign_key_check could not run. */
  readonly foreignKeys: number | null;
}
export interface Rights {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export async function contentsOf(db: Database, at: Context): Promise<Contents> {
  const facts = await factsOf(db, at);
  const integrity = await attempt(
    ask(db, `SELECT json_group_array(integrity_check) FROM pragma_integrity_check(10);`, at),
  );
  const foreign = await attempt(ask(db, 'SELECT count(*) FROM pragma_foreign_key_check;', at));
  const found = 'value' in integrity ? (rows(integrity.value)[0] as string[]).join('; ') : integrity.why;
  return {
    ...facts,
    schema: await schemaOf(db, at),
    tables: await tablesOf(db, at),
    integrity: found.slice(0, 500),
    judged: 'value' in integrity,
    foreignKeys: 'value' in foreign ? Number(foreign.value) : null,
  };
}

/** Throws `sqlite.failed` for what is no database at all. */
async function factsOf(db: Database, at: Context) {
  const [facts] = rows(
    await ask(
      db,
      `SELECT json_object('userVersion', (SELECT user_version FROM pragma_user_version),
        'applicationId', (SELECT application_id FROM pragma_application_id),
        'pages', (SELECT page_count FROM pragma_page_count), 'pageSize', (SELECT page_size FROM pragma_page_size));`,
      at,
    ),
  ) as [Pick<Contents, 'userVersion' | 'applicationId' | 'pages' | 'pageSize'>];
  return facts;
}

/** sqlite_stat tables come and go with ANALYZE: no part of the data. */
async function schemaOf(db: Database, at: Context): Promise<string> {
  const text = await ask(
    db,
    `SELECT json_array(type, name, tbl_name, sql) FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name, tbl_name;`,
    at,
  );
  return createHash('sha256').update(text).digest('hex');
}

/** Rows of virtual tables are not counted: they need their module, and lie in other tables. */
async function tablesOf(db: Database, at: Context): Promise<Contents['tables']> {
  const list = rows(
    await ask(
      db,
      `SELECT json_object('name', name, 'type', type) FROM pragma_table_list
        WHERE schema = 'main' AND type IN ('table', 'shadow', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\';`,
      at,
    ),
  ) as { name: string; type: string }[];
  const counting = list
    .filter((t) => t.type !== 'virtual')
    .map((t) => `SELECT json_array(${literal(t.name)}, (SELECT count(*) FROM main.${identifier(t.name)}));`);
  const counted = new Map(
    counting.length === 0 ? [] : (rows(await ask(db, counting.join('\n'), at)) as [string, number][]),
  );
  return new Map(list.map((t) => [t.name, { type: t.type, rows: counted.get(t.name) ?? null }]));
}

/** A schema may need functions, collations or modules that only its own program has: then there is no judgement. */
async function attempt(asking: Promise<string>): Promise<{ value: string } | { why: string }> {
  try {
    return { value: await asking };
  } catch (error) {
    const why = error instanceof RepriseError && error.code === 'sqlite.failed' ? error.message : '';
    if (/no such (function|collation|module)|unknown function|foreign key mismatch/i.test(why))
      return { why };
    throw error;
  }
}

export function inventoryOf(contents: Contents, stat: FileStat, folder: FileStat): Inventory {
  const { tables, ...facts } = contents;
  return {
    v: 1,
    items: [
      {
        name: 'database',
        type: 'sqlite',
        values: {
          user_version: facts.userVersion,
          application_id: facts.applicationId,
          pages: facts.pages,
          page_size: facts.pageSize,
          schema: facts.schema,
          integrity: facts.integrity,
          judged: facts.judged,
          foreign_keys: facts.foreignKeys,
          mode: stat.mode & 0o7777,
          uid: stat.uid,
          gid: stat.gid,
          folder_mode: folder.mode & 0o7777,
          folder_uid: folder.uid,
          folder_gid: folder.gid,
        },
      },
      ...[...tables].map(([name, { type, rows: count }]) => ({ name, type, values: { rows: count } })),
    ],
  };
}

/** Back from the journal; undefined where it is not a database's. */
export function recordedIn(
  inventory: Inventory,
): { contents: Contents; rights: Rights; folder: Rights } | undefined {
  const v = inventory.items.find((i) => i.type === 'sqlite')?.values;
  if (v === undefined) return undefined;
  const number = (key: string): number => Number(v[key] ?? 0);
  const tables = inventory.items.filter((i) => i.type !== 'sqlite');
  return {
    contents: {
      userVersion: number('user_version'),
      applicationId: number('application_id'),
      pages: number('pages'),
      pageSize: number('page_size'),
      schema: String(v['schema']),
      integrity: String(v['integrity']),
      judged: v['judged'] === true,
      foreignKeys: v['foreign_keys'] === null ? null : number('foreign_keys'),
      tables: new Map(
        tables.map(({ name, type, values: { rows: count } }) => [
          name,
          { type, rows: typeof count === 'number' ? count : null },
        ]),
      ),
    },
    rights: { mode: number('mode'), uid: number('uid'), gid: number('gid') },
    folder: { mode: number('folder_mode'), uid: number('folder_uid'), gid: number('folder_gid') },
  };
}
