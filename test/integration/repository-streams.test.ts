import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { describe, expect, test } from 'vitest';

import { Secret } from '../../packages/reprise/src/lib/secret.ts';
import { bench, calm, codeOf, drain, noise, tags } from './repository-bench.ts';

const sh = (script: string): [string, ...string[]] => ['sh', '-c', script];
const well = Promise.resolve();

describe('what restic is given', () => {
  test(
    '150 MB through Reprise: its memory stays flat, every byte comes back',
    { timeout: 180_000 },
    async () => {
      await using at = await bench();
      const repository = await at.fresh();
      const size = 150_000_000;
      // What is waiting to be collected is no leak: what is reachable is counted, by collecting first.
      setFlagsFromString('--expose-gc');
      const collect = runInNewContext('gc') as () => void;
      const held = (): number => {
        collect();
        const { heapUsed, external } = process.memoryUsage();
        return heapUsed + external;
      };
      const base = held();
      let peak = 0;
      const timer = setInterval(() => (peak = Math.max(peak, held())), 100);
      const stored = await repository.backupStream(
        Readable.from(noise(size)),
        well,
        '/big',
        tags('big'),
        calm,
      );
      const { body, complete } = await repository.dump(stored.snapshot, '/big', calm);
      const back = await drain(body);
      await complete;
      clearInterval(timer);
      expect([stored.bytes, back]).toEqual([size, size]);
      expect(peak).toBeGreaterThan(0);
      expect((peak - base) / 1e6).toBeLessThan(40);
    },
  );

  test('an empty stream, an empty command and one that fails late are no captures', async () => {
    await using at = await bench();
    const repository = await at.fresh();
    const command = (script: string) =>
      repository.backupCommand(at.host.wrap({ argv: sh(script) }), '/c', tags('c'), calm);
    expect(await codeOf(repository.backupStream(Readable.from([]), well, '/e', tags('e'), calm))).toBe(
      'repository.empty-stream',
    );
    expect(await codeOf(command('true'))).toBe('repository.empty-stream');
    await expect(
      command('head -c 20000000 /dev/urandom; echo "lost the server" >&2; exit 7'),
    ).rejects.toMatchObject({
      code: 'repository.producer-failed',
      params: { part: '/c', what: { en: expect.stringMatching(/^exit status 7/) as string } },
    });
    expect(await codeOf(command('kill -9 $$'))).toBe('repository.producer-failed');
    // restic saves a snapshot of nothing where it exits with 3; what failed leaves none.
    const left = await repository.snapshots(calm);
    expect(left.map((s) => s.bytes)).toEqual([0, 0]);
  });

  test.each([
    ['fails after many bytes', 20_000_000],
    ['fails after the last byte', 3_000_000],
  ])('a producer that %s: restic never sees the end, no snapshot', async (_how, bytes) => {
    await using at = await bench();
    const repository = await at.fresh();
    const failed = Promise.withResolvers<void>();
    async function* body(): AsyncGenerator<Buffer> {
      yield* noise(bytes);
      await sleep(300);
      failed.reject(new Error('pg_dump ended with 1'));
    }
    const storing = repository.backupStream(Readable.from(body()), failed.promise, '/s', tags('s'), calm);
    await expect(storing).rejects.toThrow('pg_dump ended with 1');
    expect(await repository.snapshots(calm)).toEqual([]);
    expect(running(repository.url)).toEqual([]);
  });

  test('a body that breaks: no snapshot', async () => {
    await using at = await bench();
    const repository = await at.fresh();
    const storing = repository.backupStream(Readable.from(breaking()), well, '/s', tags('s'), calm);
    await expect(storing).rejects.toThrow('connection reset');
    expect(await repository.snapshots(calm)).toEqual([]);
  });

  test('abort ends restic and the producer that it started; its lock does not stay', async () => {
    await using at = await bench();
    const repository = await at.fresh();
    const marker = join(at.folder, 'producer');
    const argv = at.host.wrap({
      argv: sh(`echo $$ > ${marker}; while :; do head -c 100000 /dev/urandom; sleep 0.05; done`),
    });
    const stop = new AbortController();
    const storing = repository.backupCommand(argv, '/c', tags('c'), stop.signal);
    const settled = expect(storing).rejects.toThrow('enough');
    while (!existsSync(marker)) await sleep(20);
    await sleep(300);
    stop.abort(new Error('enough'));
    await settled;
    const pid = Number(readFileSync(marker, 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(running(repository.url)).toEqual([]);
    await repository.prune(calm); // needs the repository for itself
    expect(await repository.snapshots(calm)).toEqual([]);
  });

  test('restic killed in the middle: an error, no snapshot, the next backup works', async () => {
    await using at = await bench();
    const repository = await at.fresh();
    async function* body(): AsyncGenerator<Buffer> {
      yield* noise(2_000_000);
      for (const pid of running(repository.url)) process.kill(pid, 'SIGKILL');
      await sleep(60_000, undefined, { ref: false });
    }
    expect(await codeOf(repository.backupStream(Readable.from(body()), well, '/s', tags('s'), calm))).toBe(
      'repository.failed',
    );
    expect(await repository.snapshots(calm)).toEqual([]);
    await repository.backupStream(Readable.from(['ok']), well, '/s', tags('s'), calm);
    await repository.prune(calm); // the lock of the killed one is stale and is removed
    expect(await repository.snapshots(calm)).toHaveLength(1);
  });

  test('four at once', async () => {
    await using at = await bench();
    const repository = await at.fresh();
    const one = async (n: number) =>
      await repository.backupStream(Readable.from(noise(1_000_000 + n)), well, `/s${n}`, tags(`s${n}`), calm);
    const all = await Promise.all([1, 2, 3, 4].map(one));
    expect(all.map((s) => s.bytes)).toEqual([1, 2, 3, 4].map((n) => 1_000_000 + n));
    expect(new Set((await repository.snapshots(calm)).map((s) => s.id))).toEqual(
      new Set(all.map((s) => s.snapshot)),
    );
  });

  test('a reader that turns away ends restic in good order', async () => {
    await using at = await bench();
    const repository = await at.fresh();
    const { snapshot } = await repository.backupStream(
      Readable.from(noise(30_000_000)),
      well,
      '/s',
      tags('s'),
      calm,
    );
    const { body, complete } = await repository.dump(snapshot, '/s', calm);
    for await (const _chunk of body) break;
    await expect(complete).rejects.toThrow();
    expect(running(repository.url)).toEqual([]);
    for await (const _entry of repository.list(snapshot, calm)) break;
    expect(running(repository.url)).toEqual([]);
    await repository.prune(calm);
  });

  test('secrets are in no command line, and in no environment but restic’s own', async () => {
    await using at = await bench();
    const canary = 'canary-7f3a';
    const secret = new Secret(`${canary}-password`);
    const repository = at.open(join(at.folder, 'repo'), {
      password: { secret: async () => secret },
      credentials: async () => ({ AWS_SECRET_ACCESS_KEY: new Secret(`${canary}-backend`) }),
    });
    await repository.init(calm);
    const seen: string[] = [];
    const timer = setInterval(() => seen.push(...sightings(canary)), 2);
    const script = `cat /proc/$$/environ > ${join(at.folder, 'environ')}; head -c 100000 /dev/urandom; sleep 0.3`;
    await repository.backupCommand(at.host.wrap({ argv: sh(script) }), '/c', tags('c'), calm);
    await repository.backupStream(Readable.from(noise(5_000_000)), well, '/s', tags('s'), calm);
    await repository.addKey(new Secret(`${canary}-new`), { user: 'u', host: 'h' }, calm);
    clearInterval(timer);
    expect(readFileSync(join(at.folder, 'environ'), 'utf8')).not.toContain(canary);
    expect(seen.filter((s) => !s.endsWith(' environ -backend restic'))).toEqual([]);
    expect(seen.length).toBeGreaterThan(0); // the sampling sees what it looks for
  });

  test('a restic that prints a summary and stores nothing is found out', async () => {
    await using at = await bench();
    const repository = await at.fresh();
    const fake = join(at.folder, 'restic');
    const summary = `{"message_type":"summary","total_files_processed":1,"total_bytes_processed":6,"data_added":6,"snapshot_id":"${'a'.repeat(64)}"}`;
    await writeFile(
      fake,
      `#!/bin/sh\nif [ "$1" = backup ]; then cat >/dev/null; echo '${summary}'; else PATH=${process.env['PATH']} exec restic "$@"; fi\n`,
      {
        mode: 0o755,
      },
    );
    const lying = at.open(repository.path, { program: fake });
    const said = await lying.backupStream(Readable.from(['abcdef']), well, '/s', tags('s'), calm);
    const { stored } = await import('../../packages/reprise/src/repository/stored.ts');
    expect(await stored(lying, [said], calm)).toMatchObject([{ verdict: 'fail', code: 'repository.stored' }]);
    expect(await codeOf(lying.backupStream(Readable.from(['abcdefg']), well, '/s', tags('s'), calm))).toBe(
      'repository.short',
    );
  });
});

function* breaking(): Generator<Buffer> {
  yield* noise(5_000_000);
  throw new Error('connection reset');
}

/** Every process: pid and its files under /proc. */
const processes = (): number[] => readdirSync('/proc').map(Number).filter(Number.isInteger);
const look = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
};

/** Pids of restic processes on this repository. */
function running(url: string): number[] {
  return processes().filter(
    (pid) => look(pid, 'comm') === 'restic\n' && look(pid, 'environ').includes(`RESTIC_REPOSITORY=${url}\0`),
  );
}

/** Where a secret can be seen: "<pid> environ -backend restic". */
/** The name is read after what was found, because an `exec` may lie between, and before it for one that has ended since. */
function sightings(canary: string): string[] {
  return processes().flatMap((pid) => {
    const before = look(pid, 'comm').trim();
    return ['cmdline', 'environ'].flatMap((file) =>
      [...look(pid, file).matchAll(new RegExp(`${canary}(-\\w+)`, 'g'))].map(
        ([, which]) => `${pid} ${file} ${which} ${look(pid, 'comm').trim() || before}`,
      ),
    );
  });
}
