import type { Readable } from 'node:stream';

import type { Finding, Inventory, Point } from '@reprise/contracts';

import { judge } from '../../lib/findings/index.ts';
import type { Context, Restorable } from '../kind.ts';
import { feed, readHead, runOn, type Head } from './archive.ts';
import { decoderFor } from './encodings.ts';
import { oneLine } from './names.ts';
import { RowCounter, type Counted } from './rows.ts';
import { complaint, textOf } from './run.ts';
import { keyOf, statementsOf, takeIdentifier } from './sql.ts';
import { findTools, type Tools } from './tools.ts';

export type Item = Inventory['items'][number];
export const itemsOf = (inventory: Inventory, type: string, database?: string): readonly Item[] =>
  inventory.items.filter(
    (i) => i.type === type && (database === undefined || i.values['database'] === database),
  );

/**
 * Reads every part back from the repository, to its end, with the native tool, and compares what it says with the
 * inventory that another program (psql) took in the same snapshot. A dump that is cut, of another database, of another
 * day, or that lacks a table or rows, is found here; so is a pg_restore that says nothing.
 */
export async function inspect(stored: Restorable, at: Context): Promise<readonly Finding[]> {
  const { inventory } = stored.point;
  const tools = await toolsOf(inventory, at);
  const findings: Finding[] = [...(await inspectGlobals(stored, at))];
  for (const database of itemsOf(inventory, 'database')) {
    at.signal.throwIfAborted();
    findings.push(...(await inspectDatabase(database, stored, tools, at)));
  }
  return findings;
}

/** There may be no server and no plan where this runs: the directory used at capture if it is there, else as found. */
async function toolsOf(inventory: Inventory, at: Context): Promise<Tools> {
  const bin = itemsOf(inventory, 'server')[0]?.values['bin'];
  const here = typeof bin === 'string' && (await at.host.stat(`${bin}/pg_restore`, at.signal)) !== undefined;
  return findTools(here ? bin : undefined, at);
}

async function inspectDatabase(
  database: Item,
  stored: Restorable,
  tools: Tools,
  at: Context,
): Promise<readonly Finding[]> {
  const pgRestore = (args: readonly string[]) =>
    ({ argv: [tools.path('pg_restore'), ...args], env: { TZ: 'UTC' }, cwd: '/' }) as const;
  const body = await stored.open(String(database.values['part']), at.signal);
  using archive = await readHead(body, pgRestore(['--list']), at.host, at.signal);
  const { head, whole } = archive;

  const counter = new RowCounter(decoderFor(database.values['encoding']));
  const counting = async (script: Readable): Promise<void> => {
    for await (const chunk of script as AsyncIterable<Buffer>) counter.push(chunk);
  };
  const reader = pgRestore(['--data-only', '-f', '-']);
  const { exit } = await runOn(reader, at, (to) => feed(whole, to), counting);

  const broken = [head.exit, exit].find((e) => e.code !== 0);
  if (broken !== undefined)
    return [
      judge('fail', 'postgres.archive-broken', at.component, {
        database: database.name,
        why: complaint(broken),
      }),
    ];
  const counted = counter.end();
  if (counted.zeros)
    return [
      judge('fail', 'postgres.archive-broken', at.component, {
        database: database.name,
        why: 'zero-bytes',
      }),
    ];
  const problems = [
    ...identity(head, database, stored.point, at.component),
    ...rows(counted, database, stored.point.inventory, at.component),
  ];
  return problems.length > 0 ? problems : [passed(database, stored.point.inventory, at.component)];
}

const passed = (database: Item, inventory: Inventory, component: string): Finding => {
  const tables = itemsOf(inventory, 'table', database.name);
  const counted = tables.reduce((sum, t) => sum + Number(t.values['rows'] ?? 0), 0);
  return judge('pass', 'postgres.archive-read', component, {
    database: database.name,
    tables: tables.length,
    rows: counted,
  });
};

/** Clocks of one host are compared, but it may have been set meanwhile. */
const clockTolerance = 60_000;

/** Is it this database, dumped for this point? */
function identity(head: Head, database: Item, point: Point, component: string): readonly Finding[] {
  const findings: Finding[] = [];
  if (head.database !== oneLine(database.name))
    findings.push(
      judge('fail', 'postgres.archive-other', component, {
        database: database.name,
        found: head.database ?? '',
      }),
    );
  const from = Date.parse(point.as_of.from) - (point.as_of.offset_ms ?? 0) - clockTolerance;
  const to = Date.parse(point.at) + clockTolerance;
  const made = head.made?.getTime();
  if (made === undefined || made < from || made > to)
    findings.push(
      judge('fail', 'postgres.archive-time', component, {
        database: database.name,
        made: head.made?.toISOString() ?? '',
        as_of: point.as_of.from,
      }),
    );
  return findings;
}

/** Has it every table, with exactly the rows that were counted? */
function rows(counted: Counted, database: Item, inventory: Inventory, component: string): readonly Finding[] {
  const findings: Finding[] = [];
  for (const table of itemsOf(inventory, 'table', database.name)) {
    const found = counted.tables.get(keyOf(table.name));
    const recorded = table.values['rows'];
    const subject = { database: database.name, table: table.name };
    if (found === undefined) findings.push(judge('fail', 'postgres.archive-table', component, subject));
    else if (typeof recorded === 'number' && found !== recorded)
      findings.push(judge('fail', 'postgres.archive-rows', component, { ...subject, recorded, found }));
  }
  for (const [what, found, recorded] of [
    ['sequences', counted.sequences, itemsOf(inventory, 'sequence', database.name).length],
    ['large objects', counted.largeObjects, Number(database.values['large_objects'])],
  ] as const)
    if (found !== recorded)
      findings.push(
        judge('fail', 'postgres.archive-objects', component, {
          database: database.name,
          what,
          recorded,
          found,
        }),
      );
  return findings;
}

/** pg_dumpall's last words; without them the script was cut. Source: what it writes, every version since 8.0. */
export const finished = (script: string): boolean =>
  script.endsWith('\n-- PostgreSQL database cluster dump complete\n--\n\n');

async function inspectGlobals(stored: Restorable, at: Context): Promise<readonly Finding[]> {
  const script = await textOf(await stored.open('globals', at.signal), 64 * 1024 * 1024);
  if (
    !script.startsWith('--\n-- PostgreSQL database cluster dump') ||
    script.includes('\0') ||
    !finished(script)
  )
    return [judge('fail', 'postgres.globals-cut', at.component, {})];
  const created = new Set(
    statementsOf(script)
      .filter((s) => s.startsWith('CREATE ROLE '))
      .map((s) => takeIdentifier(s.slice('CREATE ROLE'.length))?.name),
  );
  const roles = itemsOf(stored.point.inventory, 'role');
  const missing = roles.filter((r) => !created.has(r.name));
  return missing.length > 0
    ? missing.map((r) => judge('fail', 'postgres.globals-role', at.component, { role: r.name }))
    : [judge('pass', 'postgres.globals-read', at.component, { roles: roles.length })];
}
