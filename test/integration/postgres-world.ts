import { localHost } from '../../packages/reprise/src/hosts/local.ts';
import type { World } from '../../packages/reprise/src/kinds/conformance/index.ts';
import type { AnyKind } from '../../packages/reprise/src/kinds/kind.ts';
import { postgres } from '../../packages/reprise/src/kinds/postgres/index.ts';
import { logical } from '../../packages/reprise/src/kinds/postgres/logical.ts';
import { PostgresSpec } from '../../packages/reprise/src/kinds/postgres/spec.ts';
import { systemClock } from '../../packages/reprise/src/lib/clock.ts';
import { Secret } from '../../packages/reprise/src/lib/secret.ts';
import { noService } from '../../packages/reprise/src/services/none.ts';
import { type Cluster, startPostgres } from '../testbed/postgres.ts';
import { fillRich, portraitOf } from './postgres-fixture.ts';

export const password = 'canary: \\ of the superuser';
const ref = { env: 'PG_PASSWORD' };

export const specOf = (server: Cluster, more: Partial<PostgresSpec> = {}): PostgresSpec => ({
  ...PostgresSpec.parse({
    connection: { host: '127.0.0.1', port: server.port, user: server.superuser, password: ref },
    bin: server.bin,
  }),
  ...more,
});

const secrets = new Map([[JSON.stringify(ref), new Secret(password)]]);

/** A server full of everything, and as many empty ones as are asked for. */
export async function postgresWorld(run: string, scratchRoot: string): Promise<World<PostgresSpec>> {
  const host = localHost({ run, scratchRoot, clock: systemClock });
  const clusters = new Map<number, Cluster>();
  const start = async (): Promise<Cluster> => {
    const cluster = await startPostgres({ password });
    clusters.set(cluster.port, cluster);
    return cluster;
  };
  const of = (spec: PostgresSpec): Cluster => {
    const found = clusters.get(spec.connection.port);
    if (found === undefined) throw new TypeError('not a server of this world');
    return found;
  };
  /** An empty server that nothing was put into: starting one takes a second. */
  const untouched = async (): Promise<Cluster | undefined> => {
    const questions = `SELECT (SELECT count(*) FROM pg_database) || ' ' || (SELECT count(*) FROM pg_roles WHERE rolname !~ '^pg_')`;
    for (const cluster of clusters.values()) if ((await cluster.psql(questions)) === '3 1') return cluster;
    return undefined;
  };
  const source = await start();
  await fillRich(source);
  await source.psql('CREATE TABLE public.canary (n int PRIMARY KEY)', 'shop');
  return {
    kind: postgres as unknown as AnyKind,
    method: logical,
    spec: specOf(source),
    host,
    service: noService('server', host),
    secrets,
    elsewhere: async () => specOf((await untouched()) ?? (await start())),
    occupy: async (spec) => {
      await of(spec).psql('CREATE DATABASE shop');
      await of(spec).psql(`CREATE TABLE precious (x) AS SELECT 'do not lose me'`, 'shop');
    },
    portrait: (spec) => portraitOf(of(spec)),
    canary: async (n) => void (await source.psql(`INSERT INTO public.canary VALUES (${n})`, 'shop')),
    canaries: async (spec) => {
      const rows = await of(spec).psql('SELECT n FROM public.canary', 'shop');
      return new Set(rows.split('\n').filter(Boolean).map(Number));
    },
    slow: async () =>
      void (await source.psql(
        `CREATE TABLE public.filler AS SELECT i, repeat(md5(i::text), 20) t FROM generate_series(1, 60000) i`,
        'shop',
      )),
    [Symbol.asyncDispose]: async () => {
      await host[Symbol.asyncDispose]();
      await Promise.all([...clusters.values()].map((c) => c[Symbol.asyncDispose]()));
    },
  };
}
