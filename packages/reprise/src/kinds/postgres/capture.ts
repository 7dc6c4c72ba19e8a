import type { Finding } from '@reprise/contracts';

import { RepriseError } from '../../lib/errors/index.ts';
import { judge } from '../../lib/findings/index.ts';
import { capturing, type Captures } from '../capturing.ts';
import type { Capture, CommandPart, Context } from '../kind.ts';
import { openAccess, type Access } from './access.ts';
import type { Item } from './inspect.ts';
import {
  describeDatabase,
  listRoles,
  listTablespaces,
  serverFacts,
  tableItems,
  type ServerFacts,
} from './inventory.ts';
import { partOf } from './names.ts';
import { selectDatabases } from './select.ts';
import { openSession } from './session.ts';
import { asOf, emptiedMeanwhile, readRows, takeSnapshot, type Snapshot } from './snapshot.ts';
import type { PostgresSpec } from './spec.ts';
import { versionOf } from './tools.ts';

/** How long pg_dump waits for a table that a migration holds, before the capture fails instead of hanging. */
const lockWait = '60s';

export const capture = async (spec: PostgresSpec, at: Context): Promise<Capture> =>
  capturing((failed) => recipe(spec, at, failed));

/**
 * First a snapshot of every database, one right after the other, then the dumps: the databases of a point lie as close
 * together in time as the server allows, however long the dumps take. The inventory is read in the same snapshots by
 * another program, while pg_dump works.
 */
async function* recipe(spec: PostgresSpec, at: Context, failed: (why: unknown) => void): Captures {
  const server = await ask(spec, at);
  await using access = await openAccess(spec, at, server.facts.major);
  await using open = new AsyncDisposableStack();
  const snapshots: Snapshot[] = [];
  for (const database of server.databases) snapshots.push(open.use(await takeSnapshot(access, database, at)));

  yield globals(spec, server.facts, access);
  const items: Item[] = [...server.items];
  const findings: Finding[] = [...passwords(server.facts, at)];
  for (const snapshot of snapshots) {
    const described = await describeDatabase(snapshot.session, snapshot.database, partOf(snapshot.database));
    const counting = readRows(snapshot);
    counting.catch(failed); // its transaction ends, and with it the snapshot that the dump asks for
    yield dump(snapshot, access);
    const rows = await counting;
    const emptied = await emptiedMeanwhile(snapshot, rows);
    if (emptied[0] !== undefined)
      throw new RepriseError('postgres.rewritten', { component: at.component, table: emptied[0] });
    items.push(...described, ...tableItems(snapshot.database, rows.relations, rows.counts));
    for (const r of rows.relations)
      if (!r.dumpable && r.kind === 'table')
        findings.push(
          judge('unable', 'postgres.no-columns', at.component, {
            database: snapshot.database,
            table: r.name,
          }),
        );
    await snapshot.session.close();
  }
  return {
    asOf: asOf(snapshots),
    inventory: { v: 1, items },
    tools: { pg_dump: (await versionOf(access.tools, 'pg_dump', at)) ?? 'unknown' },
    server: server.facts.version,
    findings,
  };
}

/** What is captured, asked in the maintenance database. */
async function ask(spec: PostgresSpec, at: Context) {
  await using access = await openAccess(spec, at);
  await using session = await openSession(access, spec.connection.database, at);
  const facts = await serverFacts(session);
  const databases = await selectDatabases(spec, session, access, at);
  const items: Item[] = [
    {
      name: 'server',
      type: 'server',
      values: {
        version: facts.version,
        identifier: facts.identifier,
        bin: spec.bin ?? null,
        role: spec.connection.user,
      },
    },
    ...(await listRoles(session)),
    ...(await listTablespaces(session)),
  ];
  return { facts, databases, items };
}

const globals = (spec: PostgresSpec, facts: ServerFacts, access: Access): CommandPart => ({
  name: 'globals',
  form: 'command',
  command: access.command('pg_dumpall', undefined, [
    '--globals-only',
    '-l',
    spec.connection.database,
    ...(facts.superuser ? [] : ['--no-role-passwords']),
  ]),
});

/** `-Z0`: the repository compresses, and only what is not compressed before is deduplicated from point to point. */
const dump = (snapshot: Snapshot, access: Access): CommandPart => ({
  name: partOf(snapshot.database),
  form: 'command',
  command: access.command('pg_dump', snapshot.database, [
    '-Fc',
    '-Z0',
    `--snapshot=${snapshot.id}`,
    `--lock-wait-timeout=${lockWait}`,
  ]),
});

const passwords = (facts: ServerFacts, at: Context): readonly Finding[] =>
  facts.superuser ? [] : [judge('unable', 'postgres.no-passwords', at.component, {})];
