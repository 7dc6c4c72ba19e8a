import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { expect } from 'vitest';

import { outcome, text } from '../finish.ts';
import { type Case, hostCase } from './bench.ts';

const MiB = 1024 * 1024;
const sh = (script: string) => ['sh', '-c', script] as const;

/** Most memory held while `act` ran, over what was held before; bytes. */
async function growth(act: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  const sampling = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 10);
  try {
    await act();
  } finally {
    clearInterval(sampling);
  }
  return most - before;
}
async function* blocks(bytes: number): AsyncGenerator<Buffer> {
  const block = Buffer.alloc(MiB, 'reprise ');
  for (let left = bytes; left > 0; left -= MiB) yield block.subarray(0, Math.min(left, MiB));
}

export const streamCases: readonly Case[] = [
  hostCase('stdout of any length passes in flat memory', async ({ host, bench, signal }) => {
    let seen = 0;
    const grown = await growth(async () => {
      const running = await host.run({ argv: ['head', '-c', String(bench.bytes), '/dev/zero'] }, signal);
      for await (const chunk of running.stdout as AsyncIterable<Buffer>) seen += chunk.length;
      expect(await running.exit).toMatchObject({ code: 0 });
    });
    expect(seen).toBe(bench.bytes);
    expect(grown).toBeLessThan(160 * MiB);
  }),
  hostCase('stdin of any length passes in flat memory', async ({ host, bench, signal }) => {
    const grown = await growth(async () => {
      const running = await host.run({ argv: ['wc', '-c'], stdin: 'pipe' }, signal);
      await pipeline(Readable.from(blocks(bench.bytes)), running.stdin);
      let said = '';
      for await (const chunk of running.stdout as AsyncIterable<Buffer>) said += chunk.toString();
      expect(Number(said)).toBe(bench.bytes);
    });
    expect(grown).toBeLessThan(160 * MiB);
  }),
  hostCase('every byte comes back as it went', async ({ host, signal }) => {
    const all = Buffer.concat(
      Array.from({ length: 512 }, () => Buffer.from(Array.from({ length: 256 }, (_, i) => i))),
    );
    const running = await host.run({ argv: ['cat'], stdin: 'pipe' }, signal);
    running.stdin.end(all);
    const back: Buffer[] = [];
    for await (const chunk of running.stdout as AsyncIterable<Buffer>) back.push(chunk);
    expect(Buffer.concat(back).equals(all)).toBe(true);
  }),
  hostCase('without stdin a program reads an end at once', async ({ host, signal }) => {
    expect(await text(host, { argv: sh('cat; echo end') }, signal)).toBe('end\n');
  }),
  hostCase('much stderr neither blocks nor is held: its last 8 KiB are', async ({ host, signal }) => {
    const argv = sh('head -c 20000000 /dev/zero | tr "\\0" x >&2; echo last words >&2');
    const { stderr } = await outcome(host, { argv }, signal);
    expect(Buffer.byteLength(stderr)).toBe(8192);
    expect(stderr).toMatch(/^x+last words\n$/);
  }),
  hostCase('stderr can be read whole by who asks for it', async ({ host, signal }) => {
    const running = await host.run({ argv: sh('head -c 3000000 /dev/zero >&2') }, signal);
    running.stdout.resume();
    let seen = 0;
    for await (const chunk of running.stderr as AsyncIterable<Buffer>) seen += chunk.length;
    expect(seen).toBe(3_000_000);
    expect(await running.exit).toMatchObject({ code: 0 });
  }),
  hostCase('a consumer that quits early ends the producer', async ({ host, signal }) => {
    const running = await host.run({ argv: ['yes'] }, signal);
    for await (const _ of running.stdout) break;
    // By SIGPIPE, or by an error of its own: where the pipe is a socket, what was not read turns EPIPE into ECONNRESET.
    expect((await running.exit).code).not.toBe(0);
  }),
  hostCase(
    'a program that quits without reading its stdin is judged by its exit, not by EPIPE',
    async ({ host, signal }) => {
      const running = await host.run({ argv: sh('head -c 1 >/dev/null; exit 9'), stdin: 'pipe' }, signal);
      running.stdout.resume();
      await expect(pipeline(Readable.from(blocks(64 * MiB)), running.stdin)).rejects.toThrow();
      expect(await running.exit).toMatchObject({ code: 9 });
    },
  ),
  hostCase('output that a child writes after its parent ended is still whole', async ({ host, signal }) => {
    const argv = sh('(sleep 0.3; head -c 300000 /dev/zero) & exit 0');
    const out = await text(host, { argv }, signal);
    expect(out).toHaveLength(300_000);
  }),
  hostCase('a reader that comes late misses nothing', async ({ host, signal }) => {
    for (const bytes of [3, 60_000, 3_000_000]) {
      const running = await host.run({ argv: ['head', '-c', String(bytes), '/dev/zero'] }, signal);
      await new Promise((resolve) => setTimeout(resolve, 150));
      let seen = 0;
      for await (const chunk of running.stdout as AsyncIterable<Buffer>) seen += chunk.length;
      expect(seen).toBe(bytes);
      expect(await running.exit).toMatchObject({ code: 0 });
    }
  }),
  hostCase('abort reaches who reads, with its reason', async ({ host }) => {
    const stop = new AbortController();
    const running = await host.run({ argv: ['sh', '-c', 'echo first; exec sleep 300'] }, stop.signal);
    const reading = (async () => {
      for await (const _ of running.stdout) stop.abort(new Error('enough'));
    })();
    await expect(reading).rejects.toThrow('enough');
    await expect(running.exit).rejects.toThrow('enough');
  }),
  hostCase('an answer that is too long is an error, and its program is ended', async ({ host, signal }) => {
    await expect(text(host, { argv: ['yes'] }, signal, 1000)).rejects.toMatchObject({
      code: 'process.output',
    });
  }),
];
