import type { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** The last bytes of a stream that is fed chunk by chunk; holds at most twice `limit`. */
export class Tail {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #held = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(chunk: Buffer): void {
    // A copy: a slice would keep the whole chunk (64 KiB) alive.
    this.#chunks.push(Buffer.from(chunk.subarray(-this.#limit)));
    this.#held += Math.min(chunk.length, this.#limit);
    if (this.#held > 2 * this.#limit) {
      const kept = Buffer.from(this.bytes());
      this.#chunks = [kept];
      this.#held = kept.length;
    }
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks).subarray(-this.#limit);
  }
}

/** A whole stream as text, at most `limit` bytes of it; undefined when there is more (the stream is then destroyed). */
export async function bounded(body: Readable, limit: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let held = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    held += chunk.length;
    if (held > limit) return undefined; // leaving the loop destroys the stream
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const sweepEvery = 6 * 1024 * 1024;
let passed = 0;
let collect: ((how: { readonly type: 'minor' }) => void) | undefined;

/**
 * To be told of every chunk that passes through: its memory is given back after each 6 MiB. V8 sees only the small
 * objects in front of the buffers and would let a stream that flows for minutes pile up to its own limit of 64 MiB and
 * more. Only the young generation is collected: less than a millisecond each time.
 */
export function sweep(bytes: number): void {
  passed += bytes;
  if (passed < sweepEvery) return;
  passed = 0;
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as typeof collect;
  }
  collect?.({ type: 'minor' });
}
