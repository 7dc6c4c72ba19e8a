import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';

import { afterAll, expect, test } from 'vitest';

import { localHost } from '../../hosts/local.ts';
import { processesOf } from '../../hosts/orphans.ts';
import { systemClock } from '../../lib/clock.ts';
import { feed, readHead, runOn } from './archive.ts';

const { signal } = new AbortController();
const run = randomUUID();
const host = localHost({ run, scratchRoot: tmpdir(), clock: systemClock });
afterAll(() => host[Symbol.asyncDispose]());

const cat = { argv: ['cat'] } as const;
/** A stream that turns out not to be what was stored, after its first chunk. */
const cut = (): Readable =>
  Readable.from(
    (function* () {
      yield Buffer.from('; Archive\n');
      throw new Error('fewer bytes');
    })(),
  );
const read = async (stdout: Readable): Promise<string> => (await stdout.toArray()).join('');

test('of a stream that is cut, no program is left that waits for the rest', async () => {
  await expect(readHead(cut(), cat, host, signal)).rejects.toThrow('fewer bytes');
  expect(processesOf(run)).toEqual([]);
  await expect(runOn(cat, { host, signal }, (to) => feed(cut(), to), read)).rejects.toThrow('fewer bytes');
  expect(processesOf(run)).toEqual([]);
});

test('of a reader that fails neither', async () => {
  const fails = (): Promise<never> => Promise.reject(new Error('not text'));
  const asleep = { argv: ['sleep', '30'] } as const;
  await expect(runOn(asleep, { host, signal }, (to) => feed([], to), fails)).rejects.toThrow('not text');
  expect(processesOf(run)).toEqual([]);
});

test('how it ended is given, and what was read of it', async () => {
  const bad = { argv: ['sh', '-c', 'cat; exit 3'] } as const;
  const all = [Buffer.from('all'), Buffer.from(' of it')];
  const { exit, taken } = await runOn(bad, { host, signal }, (to) => feed(all, to), read);
  expect([exit.code, taken]).toEqual([3, 'all of it']);
});

test('a stream that nobody reads on is closed, and with it the program that gives it', async () => {
  const body = Readable.from(
    (function* () {
      yield Buffer.from(';     dbname: app\n');
      for (;;) yield Buffer.alloc(65_536, 'rows');
    })(),
  );
  {
    using archive = await readHead(body, { argv: ['head', '-n', '1'] }, host, signal);
    expect(archive.head.database).toBe('app');
    expect(body.destroyed).toBe(false);
  }
  expect(body.destroyed).toBe(true);
});
