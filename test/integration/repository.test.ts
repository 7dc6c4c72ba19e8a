import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';

import { describe, expect, test } from 'vitest';

import type { Host } from '../../packages/reprise/src/hosts/host.ts';
import { Secret } from '../../packages/reprise/src/lib/secret.ts';
import type { Progress } from '../../packages/reprise/src/repository/repository.ts';
import { stored } from '../../packages/reprise/src/repository/stored.ts';
import { bench, calm, codeOf, noise, password, tags } from './repository-bench.ts';

describe('a repository in a folder', () => {
  test('takes a command, a stream and a tree, lists them and gives them back', async () => {
    await using at = await bench();
    const repository = await at.fresh();
    expect(await repository.id(calm)).toBe(JSON.parse(await readConfigId(repository)));

    const bytes = randomBytes(3_000_000);
    await writeFile(join(at.folder, 'dump'), bytes);
    const argv = at.host.wrap({ argv: ['cat', join(at.folder, 'dump')] });
    const fromCommand = await repository.backupCommand(
      argv,
      '/reprise.sys.db.db.app',
      tags('db.a%2Cb'),
      calm,
    );
    const fromStream = await repository.backupStream(
      Readable.from(['hello ', 'world']),
      Promise.resolve(),
      '/reprise.sys.db.globals',
      tags('globals'),
      calm,
    );
    await mkdir(join(at.folder, 'tree/sub'), { recursive: true });
    await writeFile(join(at.folder, 'tree/sub/file'), 'text');
    const tree = await repository.backupTree({ root: join(at.folder, 'tree') }, tags('tree'), calm);

    expect(fromCommand).toMatchObject({ bytes: 3_000_000, files: 1 });
    expect(fromStream).toMatchObject({ bytes: 11, files: 1 });
    expect(tree).toMatchObject({ bytes: 4, files: 1 });
    const list = await repository.snapshots(calm, { form: 'part' });
    expect(list.map((s) => s.tags.part)).toEqual(['db.a%2Cb', 'globals', 'tree']);
    expect(list[0]).toMatchObject({
      id: fromCommand.snapshot,
      host: 'sys',
      paths: ['/reprise.sys.db.db.app'],
      bytes: 3_000_000,
      tags: { form: 'part', component: 'db', installation: '11111111-1111-4111-8111-111111111111' },
    });
    expect(await repository.snapshots(calm, { form: 'state' })).toEqual([]);

    const dump = await repository.dump(fromCommand.snapshot, '/reprise.sys.db.db.app', calm);
    expect((await buffer(dump.body)).equals(bytes)).toBe(true);
    await dump.complete;
    const into = join(at.folder, 'back');
    expect(await repository.restore(tree.snapshot, into, calm)).toMatchObject({ bytes: 4 });
    expect(await readFile(join(into, 'sub/file'), 'utf8')).toBe('text');
    const listed = await Array.fromAsync(repository.list(tree.snapshot, calm));
    expect(listed).toEqual([
      { path: '/sub', type: 'dir', size: 0 },
      { path: '/sub/file', type: 'file', size: 4 },
    ]);
    expect(await readdir(join(at.folder, 'home/tmp'))).toEqual([]);
  });

  test('verifies in one call that what was stored is there, with its size', async () => {
    await using at = await bench();
    const repository = await at.fresh();
    const one = await repository.backupStream(Readable.from(['1']), Promise.resolve(), '/a', tags('a'), calm);
    const two = await repository.backupStream(
      Readable.from(['22']),
      Promise.resolve(),
      '/b',
      tags('b'),
      calm,
    );
    const before = repository.invocations;
    const never = { snapshot: 'f'.repeat(64), bytes: 5 };
    const findings = await stored(repository, [one, { ...two, bytes: 3 }, never], calm);
    expect(findings.map((f) => [f.verdict, f.params['bytes']])).toEqual([
      ['pass', 1],
      ['fail', 2],
      ['fail', null],
    ]);
    expect(repository.invocations - before).toBe(1);
  });

  test('shows progress: bytes, total of a tree, rate', async () => {
    await using at = await bench();
    const repository = await at.fresh();
    await mkdir(join(at.folder, 'tree'));
    // A hole: much to read, nothing to store.
    await writeFile(join(at.folder, 'tree/file'), '');
    await truncate(join(at.folder, 'tree/file'), 400_000_000);
    const seen: Progress[] = [];
    await repository.backupTree({ root: join(at.folder, 'tree') }, tags('tree'), calm, (p) => seen.push(p));
    await repository.backupStream(
      Readable.from(slowly(noise(8_000_000), 20)),
      Promise.resolve(),
      '/s',
      tags('s'),
      calm,
      (p) => seen.push(p),
    );
    expect(seen.some((p) => p.total === 400_000_000)).toBe(true);
    expect(seen.some((p) => p.bytes > 0 && p.bytes < 8_000_000 && (p.rate ?? 0) > 0)).toBe(true);
    expect(seen.at(-1)?.bytes).toBe(8_000_000);
  });

  test('a second key opens it; without hint or with', async () => {
    await using at = await bench();
    const repository = await at.fresh();
    const recovery = new Secret('recovery key, printed once');
    const key = await repository.addKey(recovery, { user: 'recovery', host: 'sys' }, calm);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    const other = at.open(repository.path, { password: { secret: async () => recovery }, keyHint: key });
    expect(await other.id(calm)).toBe(await repository.id(calm));
    expect(await readdir(join(at.folder, 'home/tmp'))).toEqual([]);

    expect(await repository.keys(calm)).toContainEqual({ id: key, user: 'recovery', host: 'sys' });
    await repository.removeKey(key, calm);
    expect((await repository.keys(calm)).map((k) => k.id)).not.toContain(key);
    const revoked = at.open(repository.path, { password: { secret: async () => recovery } });
    await expect(revoked.id(calm)).rejects.toMatchObject({ code: 'repository.wrong-password' });
  });

  test('a password in a file is used where it is', async () => {
    await using at = await bench();
    const file = join(at.folder, 'key');
    await writeFile(file, `${password.reveal()}\n`, { mode: 0o600 });
    const repository = await at.fresh('repo', { password: { file } });
    await repository.backupStream(Readable.from(['1']), Promise.resolve(), '/a', tags('a'), calm);
    expect(await at.open(repository.path).snapshots(calm)).toHaveLength(1);
    await expect(readdir(join(at.folder, 'home/tmp'))).rejects.toThrow('ENOENT');
  });

  test('copies with another password, recognises copies, and copies of copies', async () => {
    await using at = await bench();
    const first = await at.fresh('first');
    const second = at.open(join(at.folder, 'second'), {
      name: 'second',
      password: { secret: async () => new Secret('two') },
    });
    const third = at.open(join(at.folder, 'third'), {
      name: 'third',
      password: { secret: async () => new Secret('three') },
    });
    await second.init(calm, first);
    await third.init(calm, second);
    const a = await first.backupStream(Readable.from(['aaa']), Promise.resolve(), '/a', tags('a'), calm);
    const b = await first.backupStream(Readable.from(['bbb']), Promise.resolve(), '/b', tags('b'), calm);
    const once = await second.copy(first, [a.snapshot, b.snapshot], calm);
    const again = await second.copy(first, [a.snapshot], calm);
    expect(again.get(a.snapshot)).toBe(once.get(a.snapshot));
    expect(await second.snapshots(calm)).toHaveLength(2);
    const [bThere] = [once.get(b.snapshot)!];
    const deep = await third.copy(second, [bThere], calm);
    const dump = await third.dump(deep.get(bThere)!, '/b', calm);
    expect(await text(dump.body)).toBe('bbb');
    await dump.complete;
    expect(await codeOf(second.copy(first, ['e'.repeat(64)], calm))).toBe('repository.snapshot-missing');
    const polynomials = await Promise.all(['first', 'second', 'third'].map((n) => chunker(at, n)));
    expect(new Set(polynomials).size).toBe(1);
    expect(await readdir(join(at.folder, 'home/tmp'))).toEqual([]);
  });

  test('forgets by id, twice without complaint, and prunes', async () => {
    await using at = await bench();
    const repository = await at.fresh();
    const a = await repository.backupStream(
      Readable.from(noise(500_000)),
      Promise.resolve(),
      '/a',
      tags('a'),
      calm,
    );
    const b = await repository.backupStream(Readable.from(['b']), Promise.resolve(), '/b', tags('b'), calm);
    await repository.forget([a.snapshot], calm);
    await repository.forget([a.snapshot], calm);
    await repository.prune(calm);
    expect((await repository.snapshots(calm)).map((s) => s.id)).toEqual([b.snapshot]);
    expect(await repository.check(calm, '1/1')).toMatchObject([
      { verdict: 'pass', params: { slice: '1/1' } },
    ]);
  });
});

async function* slowly(chunks: Iterable<Buffer>, ms: number): AsyncGenerator<Buffer> {
  for (const chunk of chunks) {
    yield chunk;
    await new Promise((go) => setTimeout(go, ms));
  }
}

async function readConfigId(repository: { id(s: AbortSignal): Promise<string> }): Promise<string> {
  return JSON.stringify(await repository.id(calm));
}

async function chunker(at: { folder: string; host: Host }, name: string): Promise<string> {
  const key = { first: password.reveal(), second: 'two', third: 'three' }[name] ?? '';
  const running = await at.host.run(
    {
      argv: ['restic', '-r', join(at.folder, name), '--no-cache', 'cat', 'config'],
      secrets: { RESTIC_PASSWORD: new Secret(key) },
    },
    calm,
  );
  return (JSON.parse(await text(running.stdout)) as { chunker_polynomial: string }).chunker_polynomial;
}
