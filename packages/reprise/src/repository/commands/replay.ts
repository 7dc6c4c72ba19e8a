import type { Readable } from 'node:stream';

/** More than the pipe to a process that does not read can hold (socket buffers and 16 KiB of Node's own). */
const kept = 4 * 1024 * 1024;

/**
 * A stream that can be read from its start again, as long as little of it was taken: a restic that meets a lock ends
 * before it reads, and what was in the pipe to it would be missing from the next attempt's snapshot.
 */
export class Replay {
  readonly #source: AsyncIterator<Buffer>;
  readonly #body: Readable;
  #begun: Buffer[] | undefined = [];
  #held = 0;
  #pending: Promise<IteratorResult<Buffer>> | undefined;
  #wake: () => void = () => {};
  /** Bytes given in this attempt. */
  bytes = 0;

  constructor(body: Readable) {
    this.#body = body;
    this.#source = body.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  }

  get canRepeat(): boolean {
    return this.#begun !== undefined;
  }

  /** From the first byte. The pending chunk of an attempt that ended is given to the next one. */
  async *chunks(): AsyncGenerator<Buffer> {
    this.bytes = 0;
    for (const chunk of this.#begun ?? []) yield this.#count(chunk);
    for (;;) {
      this.#pending ??= this.#source.next();
      const next = await this.#first(this.#pending);
      if (next === undefined) return;
      this.#pending = undefined;
      if (next.done === true) return;
      this.#keep(next.value);
      yield this.#count(next.value);
    }
  }

  /** Ends `chunks` although the source gives nothing. */
  interrupt(): void {
    this.#wake();
  }

  /** Not Promise.race: a promise that stays open for the whole stream would keep every chunk it raced against. */
  async #first(pending: Promise<IteratorResult<Buffer>>): Promise<IteratorResult<Buffer> | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<Buffer> | undefined>();
    this.#wake = () => resolve(undefined);
    pending.then(resolve, reject);
    return await promise;
  }

  destroy(): void {
    this.#pending?.catch(() => {});
    this.#body.destroy();
  }

  #count(chunk: Buffer): Buffer {
    this.bytes += chunk.length;
    return chunk;
  }

  #keep(chunk: Buffer): void {
    this.#held += chunk.length;
    if (this.#held > kept) this.#begun = undefined;
    else this.#begun?.push(chunk);
  }
}
