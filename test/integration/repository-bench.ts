import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import type { Host } from '../../packages/reprise/src/hosts/host.ts';
import { localHost } from '../../packages/reprise/src/hosts/local.ts';
import { systemClock } from '../../packages/reprise/src/lib/clock.ts';
import { RepriseError } from '../../packages/reprise/src/lib/errors/index.ts';
import { Secret } from '../../packages/reprise/src/lib/secret.ts';
import { openRepository } from '../../packages/reprise/src/repository/open.ts';
import type { Repository, SnapshotTags } from '../../packages/reprise/src/repository/repository.ts';
import type { RepositoryDeps } from '../../packages/reprise/src/repository/restic.ts';

export const password = new Secret('correct horse battery staple');
/** Never aborted. */
export const calm = new AbortController().signal;

/** A folder of its own with a host and ways to open repositories; gone at dispose. */
export interface Bench extends AsyncDisposable {
  readonly folder: string;
  readonly host: Host;
  open(url: string, how?: Partial<RepositoryDeps>): Repository;
  /** A new repository in a folder below, initialised. */
  fresh(name?: string, how?: Partial<RepositoryDeps>): Promise<Repository & { readonly path: string }>;
}

export async function bench(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'rp-repo-'));
  // Commands run as other users must be able to pass through.
  await chmod(folder, 0o711);
  const home = join(folder, 'home');
  await mkdir(home, { mode: 0o700 });
  const host = localHost({ run: null, scratchRoot: join(folder, 'scratch'), clock: systemClock });
  const open = (url: string, how: Partial<RepositoryDeps> = {}): Repository =>
    openRepository({
      name: 'main',
      url,
      identity: 'writer',
      system: 'sys',
      host,
      home,
      clock: systemClock,
      password: { secret: async () => password },
      lockWait: 2000,
      patience: { opening: 2000, moving: 4000 },
      ...how,
    });
  return {
    folder,
    host,
    open,
    async fresh(name = 'repo', how = {}) {
      const path = join(folder, name);
      const repository = open(path, { name, ...how });
      await repository.init(calm);
      return Object.assign(repository, { path });
    },
    async [Symbol.asyncDispose]() {
      await host[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const tags = (part: string, form: 'part' | 'state' = 'part'): SnapshotTags => ({
  form,
  installation: '11111111-1111-4111-8111-111111111111',
  run: randomUUID(),
  component: 'db',
  part,
});

/** The code of the error that a promise ends with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'no error';
  } catch (e) {
    return e instanceof RepriseError ? e.code : `not a RepriseError: ${String(e)}`;
  }
}

/** Bytes that do not compress or repeat, in chunks of 64 KiB; memory stays flat. */
export function* noise(bytes: number): Generator<Buffer> {
  const chunk = Buffer.alloc(64 * 1024);
  let state = 0x9e3779b9;
  for (let given = 0; given < bytes; given += chunk.length) {
    for (let i = 0; i < chunk.length; i += 4) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      chunk.writeInt32LE(state | 0, i);
    }
    yield Buffer.from(chunk.subarray(0, Math.min(chunk.length, bytes - given)));
  }
}

/** Reads a stream to its end; gives the number of bytes. */
export async function drain(body: Readable): Promise<number> {
  let bytes = 0;
  body.on('data', (chunk: Buffer) => (bytes += chunk.length));
  await once(body, 'close');
  return bytes;
}

export const json = async (path: string): Promise<unknown> =>
  JSON.parse(await readFile(path, 'utf8')) as unknown;
