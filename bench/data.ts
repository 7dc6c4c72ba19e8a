import { createHash, randomFillSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Cluster } from '../test/testbed/postgres.ts';

/** A database of about so many bytes: half of it text that compresses well, half that does not; keys and an index. */
export async function fillDatabase(cluster: Cluster, bytes: number): Promise<number> {
  await cluster.psql('create database shop');
  await cluster.psql(
    `create table customers (id int primary key, name text not null);
     insert into customers select n, 'customer ' || n from generate_series(1, 10000) n;
     create table orders (id bigint primary key, customer int not null references customers, at timestamptz not null,
       total numeric(9, 2) not null, note text not null, token text not null)`,
    'shop',
  );
  const size = async (): Promise<number> =>
    Number(await cluster.psql('select pg_database_size(current_database())', 'shop'));
  const batch = 200_000;
  for (let from = 0; (await size()) < bytes; from += batch)
    await cluster.psql(
      `insert into orders select n, 1 + n % 10000, timestamptz '2026-01-01' + n * interval '7 seconds', n % 99999 / 7.0,
         repeat('delivered in good order, thank you. ', 1 + (n % 5)::int), md5(n::text) || md5((n * 31)::text)
       from generate_series(${from + 1}::bigint, ${from + batch}) n`,
      'shop',
    );
  await cluster.psql('create index on orders (customer); vacuum analyze', 'shop').catch(async () => {
    await cluster.psql('create index on orders (customer)', 'shop');
    await cluster.psql('vacuum analyze', 'shop');
  });
  return await size();
}

/** So many files in folders of a hundred; half of each file's bytes are random. */
export async function fillTree(root: string, files: number, bytes: number): Promise<void> {
  const each = Math.max(64, Math.floor(bytes / files));
  const content = Buffer.alloc(each);
  for (let n = 0; n < files; n += 1) {
    const folder = join(root, `d${Math.floor(n / 100)}`);
    if (n % 100 === 0) await mkdir(folder, { recursive: true });
    content.fill(createHash('sha256').update(String(n)).digest('hex'));
    randomFillSync(content, 0, Math.floor(each / 2));
    await writeFile(join(folder, `f${n}.bin`), content);
  }
}
