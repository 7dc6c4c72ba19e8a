import type { PartRecord, Point } from '@reprise/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { bench, type Bench } from '../../packages/reprise/src/kinds/conformance/bench.ts';
import { fileStore } from '../../packages/reprise/src/kinds/conformance/index.ts';
import type { Vacant } from '../../packages/reprise/src/kinds/kind.ts';
import { postgres } from '../../packages/reprise/src/kinds/postgres/index.ts';
import { logical } from '../../packages/reprise/src/kinds/postgres/logical.ts';
import type { PostgresSpec } from '../../packages/reprise/src/kinds/postgres/spec.ts';
import { type Cluster, startPostgres } from '../testbed/postgres.ts';
import { password, postgresWorld, specOf } from './postgres-world.ts';

/** One server, two applications: bringing one back must not touch what the other logs in with. */
let b: Bench<PostgresSpec>;
let server: Cluster;
let spec: PostgresSpec;
let point: Point;
const opened = new AsyncDisposableStack();
beforeAll(async () => {
  b = opened.use(
    await bench({
      name: 'postgres',
      world: postgresWorld,
      store: fileStore,
      producers: [],
      mint: <T>(one: T) => ({ spec: one, because: 'empty' }) as unknown as Vacant<T>,
    }),
  );
  server = opened.use(await startPostgres({ password }));
  spec = specOf(server, { databases: ['shop'] });
  await server.psql(`
    CREATE ROLE team; CREATE ROLE auditors;
    CREATE ROLE shop LOGIN PASSWORD 'old of shop' IN ROLE team; ALTER ROLE shop SET work_mem = '7MB';
    CREATE ROLE blog LOGIN PASSWORD 'old of blog' IN ROLE auditors; ALTER ROLE blog SET work_mem = '8MB';
    GRANT SET ON PARAMETER log_statement TO blog;`);
  await server.psql('CREATE DATABASE shop OWNER shop');
  await server.psql('CREATE DATABASE blog OWNER blog');
  await server.psql('CREATE TABLE orders AS SELECT 1 AS one; ALTER TABLE orders OWNER TO shop', 'shop');
  await server.psql('CREATE TABLE posts AS SELECT 1 AS one; ALTER TABLE posts OWNER TO blog', 'blog');
  point = await captured();
});
afterAll(() => opened.disposeAsync());

async function captured(): Promise<Point> {
  const at = b.context();
  const like = await b.capture();
  await using capture = await logical.capture(spec, at);
  const parts: PartRecord[] = [];
  for await (const part of capture.parts) parts.push(await b.store.put(part, at.host, at.signal));
  const { asOf, inventory } = await capture.done;
  const copies = like.copies.map((c) => ({ ...c, parts }));
  return { ...like, at: new Date().toISOString(), as_of: asOf, inventory, copies };
}

/** Everything about a role that pg_dumpall would write, passwords as the server keeps them. */
const roles = async (where: string): Promise<string> =>
  server.psql(`SELECT string_agg(concat_ws(' ', rolname, rolpassword, rolcanlogin, rolcreatedb,
      (SELECT string_agg(roleid::regrole::text, ',' ORDER BY roleid::regrole::text) FROM pg_auth_members m WHERE m.member = a.oid),
      (SELECT string_agg(s.setconfig::text, ',') FROM pg_db_role_setting s WHERE s.setrole = a.oid),
      (SELECT parname || paracl::text FROM pg_parameter_acl WHERE paracl::text LIKE '%' || rolname || '=%')), E'\\n' ORDER BY rolname)
    FROM pg_authid a WHERE rolname !~ '^pg_' AND ${where}`);

test('the roles of a live database stay as they are; absent ones are made; --dry-run says so', async () => {
  await server.psql(`
    ALTER ROLE blog PASSWORD 'new of blog'; ALTER ROLE blog SET work_mem = '80MB'; REVOKE auditors FROM blog;
    REVOKE SET ON PARAMETER log_statement FROM blog;`);
  const live = await roles(`rolname <> 'shop'`);
  const recorded = await roles(`rolname = 'shop'`);
  await server.psql('DROP DATABASE shop');
  await server.psql('DROP ROLE shop');

  const { findings } = await logical.forecast(b.store.read(point), spec, b.context());
  expect(findings.find((f) => f.code === 'postgres.roles-kept')).toMatchObject({
    verdict: 'pass',
    params: { roles: 'auditors, blog, postgres, team', neighbours: 'blog' },
  });
  await b.restore(point, spec);
  expect(await roles(`rolname <> 'shop'`)).toBe(live);
  expect(await roles(`rolname = 'shop'`)).toBe(recorded);
  expect(b.log.some((line) => line.includes('roles auditors, blog, postgres, team'))).toBe(true);
  const verified = await postgres.verify(spec, b.context(), point.inventory);
  expect(verified.filter((f) => f.verdict !== 'pass')).toEqual([]);

  // A first try ended half-way: the roles are there, the data is not whole.
  await postgres.clear(spec, b.context(), 'wipe', 'x');
  await b.restore(point, spec);
  expect(await roles(`rolname = 'shop'`)).toBe(recorded);
  expect(await server.psql('SELECT one FROM orders', 'shop')).toBe('1');
});

test('a role with other rights than recorded cannot be judged while others live on the server', async () => {
  await server.psql('ALTER ROLE blog BYPASSRLS');
  const verified = await postgres.verify(spec, b.context(), point.inventory);
  expect(verified.filter((f) => f.verdict !== 'pass')).toMatchObject([
    { verdict: 'unable', code: 'postgres.roles-kept', params: { roles: 'blog', neighbours: 'blog' } },
  ]);
});

test('what an earlier restore put aside, an empty database and monitoring in postgres are no neighbours', async () => {
  await server.psql('ALTER DATABASE blog RENAME TO "blog_before_20260101T000000Z-ab"');
  await server.psql('CREATE DATABASE nothing_yet');
  await server.psql('CREATE EXTENSION pgcrypto');
  await postgres.clear(spec, b.context(), 'aside', '20260101T000000Z-ab');
  const { findings } = await logical.forecast(b.store.read(point), spec, b.context());
  expect(findings.map((f) => f.code)).not.toContain('postgres.roles-kept');
  await b.restore(point, spec);
  const verified = await postgres.verify(spec, b.context(), point.inventory);
  expect(verified.filter((f) => f.verdict !== 'pass')).toEqual([]);
  expect(await roles(`rolname = 'blog'`)).toContain('work_mem=8MB');
});
