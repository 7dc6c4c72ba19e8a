import { once } from 'node:events';
import { chmod, cp, mkdir, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { describe, expect, test } from 'vitest';

import type { RepriseError } from '../../packages/reprise/src/lib/errors/index.ts';
import type { Said } from '../../packages/reprise/src/lib/language.ts';
import { Secret } from '../../packages/reprise/src/lib/secret.ts';
import type { Repository } from '../../packages/reprise/src/repository/repository.ts';
import { freePort } from '../testbed/freePort.ts';
import { mountTmpfs, whyNoTmpfs } from '../testbed/tmpfs.ts';
import { bench, calm, codeOf, drain, noise, tags } from './repository-bench.ts';

const well = Promise.resolve();
const noTmpfs = await whyNoTmpfs();
const give = (repository: Repository, name: string, bytes = 6_000_000) =>
  repository.backupStream(Readable.from(noise(bytes)), well, `/${name}`, tags(name), calm);

describe('a repository in trouble', () => {
  test('wrong password, nothing there, something there already', async () => {
    await using at = await bench();
    const repository = await at.fresh();
    const wrong = at.open(repository.path, { password: { secret: async () => new Secret('not it') } });
    expect(await codeOf(wrong.snapshots(calm))).toBe('repository.wrong-password');
    expect(await codeOf(wrong.backupTree({ root: at.folder }, tags('t'), calm))).toBe(
      'repository.wrong-password',
    );
    expect(await codeOf(at.open(join(at.folder, 'nowhere')).id(calm))).toBe('repository.absent');
    expect(await codeOf(repository.init(calm))).toBe('repository.exists');
    expect(await codeOf(copyFrom(repository, wrong))).toBe('repository.wrong-password');
  });

  test(
    'a refused connection, a name that nobody knows, a server that says nothing: given up in time',
    { timeout: 120_000 },
    async () => {
      await using at = await bench();
      const began = performance.now();
      const at_ = (url: string) => at.open(url, { name: 'off-site' });
      const refused = at_(`rest:http://u:hush@127.0.0.1:${await freePort()}/x/`);
      await expect(refused.snapshots(calm)).rejects.toMatchObject({ code: 'repository.unreachable' });
      const error = await refused.init(calm).catch((e: unknown) => e);
      expect(error).toMatchObject({ code: 'repository.unreachable' });
      expect(
        JSON.stringify([(error as RepriseError).params, (error as Error).message, refused.url]),
      ).not.toMatch(/hush|u:/);
      expect(await codeOf(at_('rest:http://nobody.invalid/x/').id(calm))).toBe('repository.unreachable');
      expect(performance.now() - began).toBeLessThan(30_000);
      const silent = createServer(() => {}).listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const { port } = silent.address() as { port: number };
      expect(await codeOf(at_(`rest:http://127.0.0.1:${port}/x/`).id(calm))).toBe('repository.unreachable');
      silent.close();
      expect(performance.now() - began).toBeLessThan(75_000);
    },
  );

  test('a full disk: said so, nothing half is listed, room again and it works', async (ctx) => {
    ctx.skip(noTmpfs !== undefined, noTmpfs);
    await using at = await bench();
    await using small = await mountTmpfs({ bytes: 8_000_000 });
    const repository = at.open(join(small.path, 'repo'));
    await repository.init(calm);
    const first = await give(repository, 'small', 500_000);
    // More than once: restic 0.18.0 ends by itself on a full disk, or hangs.
    for (let n = 0; n < 4; n++)
      expect(await codeOf(give(repository, 'large', 30_000_000))).toBe('repository.full');
    expect(
      await codeOf(repository.backupTree({ root: await treeOf(at.folder, 20_000_000) }, tags('t'), calm)),
    ).toBe('repository.full');
    // Not a byte left, for a lock neither: it can still be read and listed.
    const filler = join(small.path, 'filler');
    await writeFile(filler, Buffer.alloc(10_000_000)).catch(() => {});
    expect((await repository.snapshots(calm)).map((s) => s.id)).toEqual([first.snapshot]);
    await rm(filler);
    expect((await give(repository, 'again', 400_000)).bytes).toBe(400_000);
  });

  test('a restore into a place that is too small says which place', async (ctx) => {
    ctx.skip(noTmpfs !== undefined, noTmpfs);
    await using at = await bench();
    await using small = await mountTmpfs({ bytes: 4_000_000 });
    const repository = await at.fresh();
    const { snapshot } = await repository.backupTree(
      { root: await treeOf(at.folder, 20_000_000) },
      tags('t'),
      calm,
    );
    const into = join(small.path, 'into');
    await expect(repository.restore(snapshot, into, calm)).rejects.toMatchObject({
      code: 'repository.target-full',
      params: { path: into },
    });
  });

  test('a flipped bit: dump and restore fail, reading the packs finds it, the structure alone cannot', async () => {
    await using at = await bench();
    const repository = await at.fresh();
    const { snapshot } = await give(repository, 's');
    const tree = await repository.backupTree({ root: await treeOf(at.folder, 5_000_000) }, tags('t'), calm);
    await flip(await largestPacks(repository.path));
    const dump = await repository.dump(snapshot, '/s', calm);
    expect(await drain(dump.body)).toBeLessThan(6_000_000);
    expect(await codeOf(dump.complete)).toBe('repository.damaged');
    expect(await codeOf(repository.restore(tree.snapshot, join(at.folder, 'back'), calm))).toBe(
      'repository.damaged',
    );
    expect(await repository.check(calm)).toMatchObject([{ verdict: 'pass' }]);
    const found = await repository.check(calm, '1/1');
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((f) => f.verdict === 'fail' && f.code === 'repository.pack-damaged')).toBe(true);
  });

  test('a pack that is gone', async () => {
    await using at = await bench();
    const repository = await at.fresh();
    const { snapshot } = await give(repository, 's');
    for (const pack of await largestPacks(repository.path)) await rm(pack);
    const dump = await repository.dump(snapshot, '/s', calm);
    await drain(dump.body);
    expect(await codeOf(dump.complete)).toBe('repository.damaged');
    const found = await repository.check(calm);
    expect(found).toMatchObject([{ verdict: 'fail', code: 'repository.pack-missing' }]);
  });

  test('indexes gone, an index and a snapshot changed', async () => {
    await using at = await bench();
    const repository = await at.fresh();
    const { snapshot } = await give(repository, 's');
    const keep = join(at.folder, 'keep');
    await cp(repository.path, keep, { recursive: true });
    const again = async (harm: () => Promise<void>): Promise<Repository> => {
      await rm(repository.path, { recursive: true });
      await cp(keep, repository.path, { recursive: true });
      await harm();
      return repository;
    };
    const read = async (): Promise<string> => {
      const { body, complete } = await repository.dump(snapshot, '/s', calm);
      await drain(body);
      return await codeOf(complete);
    };
    await again(async () => {
      for (const path of await filesOf(repository.path, 'index')) await rm(path);
    });
    expect(await read()).toBe('repository.damaged');
    expect((await repository.check(calm)).map((f) => f.code)).toContain('repository.index-missing');
    await again(async () => await flip(await filesOf(repository.path, 'index'), 40));
    expect(await read()).toBe('repository.damaged');
    expect((await repository.check(calm)).map((f) => f.code)).toContain('repository.index-damaged');
    await again(async () => await flip(await filesOf(repository.path, 'snapshots'), 40));
    expect(await read()).toBe('repository.damaged');
    expect((await repository.check(calm)).map((f) => f.code)).toContain('repository.snapshot-damaged');
    // Restic lists the others, and says in English what it left out: whoever listens is told, else the log, once.
    const said: Said[] = [];
    const logged = at.open(repository.path, { name: 'near', log: (words) => void said.push(words) });
    const unread: string[] = [];
    expect(await logged.snapshots(calm, { unread: (id) => void unread.push(id) })).toEqual([]);
    expect([unread, said]).toEqual([[snapshot.slice(0, 8)], []]);
    const other = at.open(repository.path, { name: 'near', log: (words) => void said.push(words) });
    for (let i = 0; i < 2; i++) expect(await other.snapshots(calm)).toEqual([]);
    expect(said).toEqual([
      {
        en: `snapshot ${unread[0]} in near cannot be read: passed over`,
        fr: `l’instantané ${unread[0]} de near est illisible : il est laissé de côté`,
      },
    ]);
  });

  test('a snapshot or a file of it that is not there', async () => {
    await using at = await bench();
    const repository = await at.fresh();
    const { snapshot } = await give(repository, 's', 100);
    const none = await repository.dump('e'.repeat(64), '/s', calm);
    none.body.resume();
    expect(await codeOf(none.complete)).toBe('repository.snapshot-missing');
    const other = await repository.dump(snapshot, '/reprise.sys.other.s', calm);
    other.body.resume();
    expect(await codeOf(other.complete)).toBe('repository.snapshot-missing');
    expect(await codeOf(Array.fromAsync(repository.list('e'.repeat(64), calm)))).toBe(
      'repository.snapshot-missing',
    );
    expect(await codeOf(repository.restore('e'.repeat(64), join(at.folder, 'x'), calm))).toBe(
      'repository.snapshot-missing',
    );
  });

  test(
    'in use: waited for, then said; a stale lock is removed; a stream is not cut by the wait',
    { timeout: 90_000 },
    async () => {
      await using at = await bench();
      const repository = await at.fresh();
      const held = await lockedBy(at, repository);
      expect(await codeOf(give(repository, 's', 3_000_000))).toBe('repository.locked');
      const patient = at.open(repository.path, { lockWait: 20_000 });
      const storing = give(patient, 'patient', 3_000_000);
      setTimeout(() => void held.end(), 4000);
      const { snapshot, bytes } = await storing;
      expect(bytes).toBe(3_000_000);
      const { body, complete } = await repository.dump(snapshot, '/patient', calm);
      const [seen, sent] = [await text(body), await text(Readable.from(noise(3_000_000)))];
      await complete;
      expect(seen === sent).toBe(true);
      // A lock whose process is gone.
      const left = await lockedBy(at, repository);
      await left.kill();
      expect((await readdir(join(repository.path, 'locks'))).length).toBe(1);
      expect((await give(repository, 'after', 100)).bytes).toBe(100);
      // One that is killed while it is waited for: restic alone would wait to the end, and give up.
      const dying = await lockedBy(at, repository);
      setTimeout(() => void dying.kill(), 3000);
      expect((await give(at.open(repository.path, { lockWait: 30_000 }), 'later', 100)).bytes).toBe(100);
    },
  );

  test('a prune that does not end keeps nobody from reading: without a lock after a wait, and said', async () => {
    await using at = await bench();
    const repository = await at.fresh();
    const { snapshot } = await give(repository, 's', 3_000_000);
    const held = await lockedBy(at, repository);
    const said: Said[] = [];
    const reader = at.open(repository.path, { name: 'near', log: (words) => void said.push(words) });
    const { body, complete } = await reader.dump(snapshot, '/s', calm);
    const [seen, sent] = [await text(body), await text(Readable.from(noise(3_000_000)))];
    await complete;
    expect(seen.length).toBe(sent.length);
    expect(seen === sent).toBe(true);
    expect((await reader.restore(snapshot, join(at.folder, 'back'), calm)).bytes).toBe(3_000_000);
    // What a prune takes away under the reader is no damage.
    for (const pack of await filesOf(repository.path, 'data')) await rm(pack);
    const torn = await reader.dump(snapshot, '/s', calm);
    torn.body.resume();
    expect(await codeOf(torn.complete)).toBe('repository.locked');
    expect(await codeOf(reader.restore(snapshot, join(at.folder, 'torn'), calm))).toBe('repository.locked');
    expect(said.map((s) => (typeof s === 'string' ? s : s.en))).toEqual(
      Array(4).fill('near is being pruned or checked by somebody else: it is read without a lock'),
    );
    await held.kill();
    // Stale by now: removed, and locked as ever.
    expect(await codeOf(reader.restore(snapshot, join(at.folder, 'again'), calm))).toBe('repository.damaged');
    expect(said.length).toBe(4);
    expect(await readdir(join(repository.path, 'locks'))).toEqual([]);
  });

  test('a restic that is too old or is not there', async () => {
    await using at = await bench();
    const old = join(at.folder, 'restic');
    await writeFile(old, '#!/bin/sh\necho "restic 0.16.5 compiled with go1.21 on linux/amd64"\n', {
      mode: 0o755,
    });
    await expect(at.open('/x', { program: old }).snapshots(calm)).rejects.toMatchObject({
      code: 'repository.too-old',
      params: { found: '0.16.5', needed: '0.17.0' },
    });
    expect(await codeOf(at.open('/x', { program: 'no-restic-here' }).snapshots(calm))).toBe(
      'process.missing',
    );
  });

  test('two accounts for one copy are refused before anything runs', async () => {
    await using at = await bench();
    const from = at.open(join(at.folder, 'a'), { name: 'a', ...account('one') });
    const to = at.open(join(at.folder, 'b'), { name: 'b', ...account('two') });
    await expect(to.copy(from, ['e'.repeat(64)], calm)).rejects.toMatchObject({
      code: 'repository.two-accounts',
      params: { from: 'a', to: 'b', variable: 'AWS_ACCESS_KEY_ID' },
    });
    expect(to.invocations).toBe(0);
  });
});

const copyFrom = async (to: Repository, from: Repository): Promise<unknown> =>
  await to.copy(from, ['e'.repeat(64)], calm);

async function treeOf(folder: string, bytes: number): Promise<string> {
  const root = join(folder, `tree-${bytes}`);
  await mkdir(root);
  await writeFile(join(root, 'file'), Buffer.concat([...noise(bytes)]));
  return root;
}

async function filesOf(repository: string, folder: string): Promise<string[]> {
  const names = await readdir(join(repository, folder), { recursive: true, withFileTypes: true });
  return names.filter((n) => n.isFile()).map((n) => join(n.parentPath, n.name));
}

/** The packs with data, not those of trees. */
async function largestPacks(repository: string): Promise<string[]> {
  const all = await filesOf(repository, 'data');
  const sizes = await Promise.all(all.map(async (path) => (await stat(path)).size));
  return all.filter((_path, i) => (sizes[i] ?? 0) > 1_000_000);
}

async function flip(paths: readonly string[], position = 500_000): Promise<void> {
  for (const path of paths) {
    await chmod(path, 0o600);
    await using file = await open(path, 'r+');
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, position);
    await file.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, position);
  }
}

/** A real restic that holds an exclusive lock. */
async function lockedBy(at: Awaited<ReturnType<typeof bench>>, repository: Repository & { path: string }) {
  const { password } = await import('./repository-bench.ts');
  const stop = new AbortController();
  const running = await at.host.run(
    {
      argv: ['restic', '-r', repository.path, '--no-cache', 'prune'],
      secrets: { RESTIC_PASSWORD: password },
      grace: 0,
    },
    stop.signal,
  );
  running.exit.catch(() => {});
  running.stdout.resume();
  const locked = async (): Promise<boolean> =>
    (await readdir(join(repository.path, 'locks'))).some((name) => !name.includes('tmp'));
  while (!(await locked())) await new Promise((go) => setTimeout(go, 1));
  process.kill(running.pid, 'SIGSTOP'); // alive, and not getting on
  return {
    end: async () => {
      process.kill(running.pid, 'SIGCONT');
      await running.exit.catch(() => {});
    },
    kill: async () => {
      process.kill(running.pid, 'SIGKILL');
      await running.exit.catch(() => {});
    },
  };
}

const account = (value: string) => ({
  credentials: async () => ({ AWS_ACCESS_KEY_ID: new Secret(value) }),
});
