import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { expect, test } from 'vitest';

import { Secret } from '../../packages/reprise/src/lib/secret.ts';
import { startRestServer } from '../testbed/restServer.ts';
import { bench, calm, codeOf, noise, tags } from './repository-bench.ts';

const well = Promise.resolve();

const login = (user: string, secret: string) => ({
  credentials: async () => ({
    RESTIC_REST_USERNAME: new Secret(user),
    RESTIC_REST_PASSWORD: new Secret(secret),
  }),
});

test('a writer behind an append-only server backs up, reads and verifies, and removes nothing', async () => {
  await using at = await bench();
  const directory = await mkdtemp(join(tmpdir(), 'rp-data-'));
  await using _gone = {
    [Symbol.asyncDispose]: async () => await rm(directory, { recursive: true, force: true }),
  };
  await using server = await startRestServer({ appendOnly: true, directory, htpasswd: { w: 'hush-writer' } });
  const writer = at.open(server.url('sys'), { name: 'off-site', ...login('w', 'hush-writer') });
  await writer.init(calm);
  const a = await writer.backupStream(Readable.from(noise(2_000_000)), well, '/a', tags('a'), calm);
  const argv = at.host.wrap({ argv: ['echo', 'b'] });
  const b = await writer.backupCommand(argv, '/b', tags('b'), calm);
  const { body, complete } = await writer.dump(b.snapshot, '/b', calm);
  expect(await text(body)).toBe('b\n');
  await complete;
  expect(await writer.check(calm, '1/1')).toMatchObject([{ verdict: 'pass' }]);
  await writer.unlock(calm);

  const began = performance.now();
  await expect(writer.forget([a.snapshot], calm)).rejects.toMatchObject({
    code: 'repository.append-only',
    exit: 4,
    params: { repository: 'off-site', url: server.url('sys') },
  });
  expect(performance.now() - began).toBeLessThan(15_000);
  expect(await writer.snapshots(calm)).toHaveLength(2);

  // Somebody else's password of the server.
  expect(await codeOf(at.open(server.url('sys'), login('w', 'wrong')).id(calm))).toBe('repository.denied');

  // The maintainer, over the same data by another door: forgets; then the writer may not prune what is left over.
  await using door = await startRestServer({ directory, htpasswd: { m: 'hush-maintainer' } });
  const maintainer = at.open(door.url('sys'), { identity: 'maintainer', ...login('m', 'hush-maintainer') });
  await maintainer.forget([a.snapshot], calm);
  expect(await codeOf(writer.prune(calm))).toBe('repository.append-only');
  await maintainer.prune(calm);
  expect((await maintainer.snapshots(calm)).map((s) => s.id)).toEqual([b.snapshot]);
  expect(await maintainer.check(calm, '1/1')).toMatchObject([{ verdict: 'pass' }]);
});

test('a server that goes away in the middle of a backup: unreachable, and it works once it is back', async () => {
  await using at = await bench();
  const directory = await mkdtemp(join(tmpdir(), 'rp-data-'));
  await using _gone = {
    [Symbol.asyncDispose]: async () => await rm(directory, { recursive: true, force: true }),
  };
  const server = await startRestServer({ directory });
  const repository = at.open(server.url('sys'));
  await repository.init(calm);
  async function* body(): AsyncGenerator<Buffer> {
    yield* noise(20_000_000);
    await server.kill9();
    yield* noise(40_000_000);
  }
  expect(await codeOf(repository.backupStream(Readable.from(body()), well, '/a', tags('a'), calm))).toBe(
    'repository.unreachable',
  );
  await using _again = await startRestServer({ directory, port: server.port });
  expect(await repository.snapshots(calm)).toEqual([]);
  expect((await repository.backupStream(Readable.from(['ok']), well, '/a', tags('a'), calm)).bytes).toBe(2);
});
