import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import type { PartRecord, Point } from '@reprise/contracts';

import type { Bench } from './bench.ts';
import type { Setup } from './setup.ts';

/**
 * Points whose parts look well kept (byte counts and digests agree with what was stored) but were bad when they were
 * stored: what a tool that lies, a killed pipe or a full disk leaves behind.
 */
export async function* damages<S>(
  b: Bench<S>,
  setup: Setup<S>,
  good: Point,
): AsyncGenerator<{ readonly name: string; readonly point: Point }> {
  const parts = good.copies[0]?.parts ?? [];
  for (const part of parts) {
    if (part.form === 'tree') yield* spoiled(b, setup, good, part);
    else yield* cut(b, setup, good, part);
  }
}

async function* cut<S>(b: Bench<S>, setup: Setup<S>, good: Point, part: PartRecord) {
  const at = b.context();
  const body = await whole(await b.store.read(good).open(part.name, at.signal));
  const middle = Math.floor(body.length / 2);
  const ways: Record<string, Buffer> = {
    'cut at 10 %': body.subarray(0, Math.floor(body.length * 0.1)),
    'cut at 50 %': body.subarray(0, middle),
    'cut at 99 %': body.subarray(0, Math.floor(body.length * 0.99)),
    'without its last byte': body.subarray(0, -1),
    'cut after its header': body.subarray(0, setup.header?.(part.name, body) ?? 100),
    'a page of zeros in it': Buffer.concat([
      body.subarray(0, middle),
      Buffer.alloc(Math.min(8192, body.length - middle)),
      body.subarray(middle + 8192),
    ]),
    'something else altogether': Buffer.from('not what was asked for\n'.repeat(64)),
    'one byte only': body.subarray(0, 1),
  };
  for (const [name, bytes] of Object.entries(ways)) {
    const stored = await b.store.put(
      { name: part.name, form: 'stream', body: Readable.from([bytes]), complete: Promise.resolve() },
      at.host,
      at.signal,
    );
    yield { name: `${part.name} ${name}`, point: replacing(good, stored) };
  }
}

async function* spoiled<S>(b: Bench<S>, setup: Setup<S>, good: Point, part: PartRecord) {
  const at = b.context();
  for (const [name, spoil] of Object.entries(setup.spoil ?? {})) {
    const folder = await mkdtemp(join(tmpdir(), 'reprise-spoil-'));
    try {
      await b.store.read(good).place(part.name, folder, at.signal);
      await spoil(folder);
      const stored = await b.store.put({ name: part.name, form: 'tree', root: folder }, at.host, at.signal);
      yield { name: `${part.name} ${name}`, point: replacing(good, stored) };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

const replacing = (good: Point, stored: PartRecord): Point => ({
  ...good,
  copies: good.copies.map((copy) => ({
    ...copy,
    parts: copy.parts.map((p) => (p.name === stored.name ? stored : p)),
  })),
});

async function whole(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
