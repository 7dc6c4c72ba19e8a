import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { freePort } from '../testbed/freePort.ts';
import { newerPostgres } from '../testbed/newerPostgres.ts';
import { startPostgres } from '../testbed/postgres.ts';
import { children, must, root, run } from '../testbed/process.ts';
import { startRestServer } from '../testbed/restServer.ts';
import { openLive } from '../testbed/sqlite.ts';
import { mountTmpfs, whyNoTmpfs } from '../testbed/tmpfs.ts';

// The helpers every other suite stands on are tried themselves: against the real server, and for what they leave.
let temporary = '';
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'rp-testbed-'));
});
afterAll(() => rm(temporary, { recursive: true, force: true }));

const tools = resolve(import.meta.dirname, '../../.cache/tools/bin');
const restic = (args: readonly string[], env: Record<string, string> = {}): ReturnType<typeof run> =>
  run(['restic', '--no-cache', ...args], {
    env: { RESTIC_PASSWORD: 'secret', PATH: `${process.env['PATH']}${delimiter}${tools}`, ...env },
  });

test('a free port can be listened on', async () => {
  const port = await freePort();
  const server = createServer();
  await new Promise<void>((done, fail) => {
    server.once('error', fail).listen(port, '127.0.0.1', done);
  });
  server.close();
});

describe('PostgreSQL', () => {
  test('runs unprivileged, survives a crash with what was committed, leaves nothing', async () => {
    const cluster = await startPostgres({ fast: false });
    const { directory } = cluster;
    try {
      expect(await cluster.psql('create table t (id int); insert into t values (1), (2)')).toBe('');
      await cluster.psql('create database "odd ""name"""');
      expect(await cluster.psql('select current_database()', 'odd "name"')).toBe('odd "name"');
      if (root()) {
        const pid = (await readFile(join(cluster.data, 'postmaster.pid'), 'utf8')).split('\n')[0] ?? '';
        expect(await must(['stat', '-c', '%U', `/proc/${pid}`])).toBe('postgres\n');
      }
      await expect(cluster.psql('select * from missing')).rejects.toThrow(
        'relation "missing" does not exist',
      );

      const before = children(process.pid).length;
      await cluster.kill9();
      expect(cluster.running()).toBe(false);
      expect(children(process.pid).length).toBe(before - 1);
      await expect(cluster.psql('select 1')).rejects.toThrow('psql ended with 2');
      await cluster.start();
      expect(await cluster.psql('select count(*) from t')).toBe('2');
    } finally {
      await cluster[Symbol.asyncDispose]();
    }
    expect(existsSync(directory)).toBe(false);
    expect(cluster.running()).toBe(false);
  });

  test('asks for the password when it has one', async () => {
    await using cluster = await startPostgres({ password: `it's "quoted"`, superuser: 'boss' });
    expect(await cluster.psql('select current_user')).toBe('boss');
    const wrong = await run(['psql', '-X', '-w', '-c', 'select 1', 'postgres'], {
      env: { ...cluster.env, PGPASSWORD: 'wrong' },
    });
    expect(wrong).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('password authentication') as string,
    });
  });

  test('ends with the process that started it', async () => {
    const file = JSON.stringify(resolve(import.meta.dirname, '../testbed/postgres.ts'));
    const script = `const { startPostgres } = await import(${file});
      const c = await startPostgres({}); console.log(c.data); process.kill(process.pid, 'SIGKILL');`;
    const { stdout } = await run([process.execPath, '--input-type=module', '-e', script]);
    const data = stdout.trim();
    expect(data).toContain('rp-pg-');
    try {
      // An orderly stop removes the pid file.
      await expect.poll(() => existsSync(join(data, 'postmaster.pid')), { timeout: 15_000 }).toBe(false);
    } finally {
      await rm(join(data, '..'), { recursive: true, force: true });
    }
  });

  test('a newer server than the tools: its own programs run, an older pg_dump refuses it', async () => {
    await using newer = await newerPostgres();
    await using cluster = await startPostgres({ bin: newer.bin });
    expect(cluster.major).toBe(18);
    expect(await cluster.psql('show server_version')).toMatch(/^18\./);
    expect(existsSync(join(newer.bin, 'pg_dump'))).toBe(false);
    const dump = await run(['pg_dump', 'postgres'], { env: cluster.env });
    expect(dump.code).toBe(1);
    expect(dump.stderr).toContain('server version mismatch');
  });
});

describe('rest-server', () => {
  test('append-only takes a snapshot and refuses to lose it', async () => {
    await using server = await startRestServer({ appendOnly: true });
    const env = { RESTIC_REPOSITORY: server.url('a') };
    await writeFile(join(temporary, 'file'), 'content');
    expect(await restic(['init'], env)).toMatchObject({ code: 0 });
    expect(await restic(['backup', join(temporary, 'file')], env)).toMatchObject({ code: 0 });
    // Asked directly: restic itself would go on trying for most of a minute.
    const [snapshot] = JSON.parse((await restic(['snapshots', '--json'], env)).stdout) as { id: string }[];
    const address = `http://127.0.0.1:${server.port}/a/snapshots/${snapshot?.id}`;
    expect((await fetch(address, { method: 'DELETE' })).status).toBe(403);
    expect((await fetch(address)).status).toBe(200);

    // The same data under other rules, as a maintainer would reach it.
    await using maintainer = await startRestServer({ directory: server.directory });
    const forget = await restic(['forget', snapshot?.id ?? ''], { RESTIC_REPOSITORY: maintainer.url('a') });
    expect(forget).toMatchObject({ code: 0 });
    expect((await fetch(address)).status).toBe(404);
  });

  test('TLS and passwords: both are needed', async () => {
    await using server = await startRestServer({ tls: true, htpasswd: { writer: 'p@ss/word' } });
    const trust = ['--cacert', server.cacert ?? ''];
    const init = await restic([...trust, 'init'], { RESTIC_REPOSITORY: server.url('b', 'writer') });
    expect(init).toMatchObject({ code: 0 });
    const nobody = await fetchStatus(server.port, server.cacert ?? '');
    expect(nobody).toBe('401');
    const distrust = await run([
      'openssl',
      's_client',
      '-verify_return_error',
      '-connect',
      `127.0.0.1:${server.port}`,
    ]);
    expect(distrust.code).not.toBe(0);
  });

  test('stopped, it no longer answers', async () => {
    await using server = await startRestServer();
    await server.stop();
    await expect(fetch(`http://127.0.0.1:${server.port}/`)).rejects.toThrow('fetch failed');
  });
});

/** First line of an answer over TLS with our own certificate as the only trusted one. */
async function fetchStatus(port: number, cacert: string): Promise<string | undefined> {
  const argv = [
    'openssl',
    's_client',
    '-quiet',
    '-verify_return_error',
    '-CAfile',
    cacert,
    '-connect',
    `127.0.0.1:${port}`,
  ];
  const { stdout } = await run(argv, { input: 'GET /b/config HTTP/1.0\r\n\r\n' });
  return / (\d{3}) /.exec(stdout)?.[1];
}

test('a tmpfs is a file system of its own that fills up, and is gone afterwards', async (ctx) => {
  const why = await whyNoTmpfs();
  ctx.skip(why !== undefined, why);
  let path = '';
  {
    await using small = await mountTmpfs({ bytes: 1024 * 1024 });
    path = small.path;
    const { bsize, blocks } = await statfs(path);
    expect(bsize * blocks).toBe(1024 * 1024);
    await writeFile(join(path, 'fits'), Buffer.alloc(512 * 1024));
    await expect(writeFile(join(path, 'does not'), Buffer.alloc(1024 * 1024))).rejects.toThrow('ENOSPC');
  }
  expect(existsSync(path)).toBe(false);
});

test('a live SQLite database has rows that a copy of its file misses', async () => {
  using live = openLive(join(temporary, 'live.db'));
  live.add(100);
  expect(live.count()).toBe(100);
  await copyFile(live.path, join(temporary, 'copy.db'));
  using copy = new DatabaseSync(join(temporary, 'copy.db'));
  expect(copy.prepare('select count(*) as n from entry').get()).toEqual({ n: 0 });
  const digest = async (): Promise<string> =>
    createHash('sha256')
      .update(await readFile(live.path))
      .digest('hex');
  const before = await digest();
  live.add(10);
  expect(await digest()).toBe(before);
});
