import { randomUUID } from 'node:crypto';
import { chmod, lchown, lstat, mkdir, readdir, stat, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';

import type { Clock } from '../lib/clock.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { makeAll, naming } from './files.ts';
import { outcome } from './finish.ts';
import type { Directory, Host } from './host.ts';
import type { User } from './users.ts';

interface Deps {
  readonly host: Host;
  readonly root: string;
  readonly clock: Clock;
}
/**
 * One claim: `<id>.<bytes>.claim`, held by the kernel as long as its process lives, and the folder `<id>` beside it.
 */
interface Claim {
  readonly id: string;
  readonly bytes: number;
  readonly file: string;
}

/**
 * A fresh folder with room claimed. Free space is what the file system says minus what other claims may still fill;
 * claims of processes that died are released, with their folders. Throws `scratch.full`, `scratch.unreachable`,
 * `scratch.foreign`.
 */
export async function claimScratch(
  deps: Deps,
  bytes: number,
  owner: User | undefined,
  signal: AbortSignal,
): Promise<Directory> {
  const { host, root } = deps;
  await naming('mkdir', root, async () => {
    if ((await makeAll(root, 0o711)) !== undefined) await chmod(root, 0o711);
  });
  await ours(root);
  const id = randomUUID();
  const path = join(root, id);
  const file = join(root, `${id}.${Math.ceil(bytes)}.claim`);
  const release = async (held: AsyncDisposable | undefined): Promise<void> => {
    await host.remove(path, new AbortController().signal); // an aborted run cleans up too
    await unlink(file);
    await held?.[Symbol.asyncDispose]();
  };
  const held = await naming('claim', root, async () => {
    await using _ledger = await holdSoon(join(root, 'ledger.lock'), deps.clock, signal);
    const free = await unclaimed(deps, signal);
    if (free < bytes) throw new RepriseError('scratch.full', { path: root, needed: Math.ceil(bytes), free });
    const lock = await hold(file);
    try {
      await mkdir(path, { mode: 0o700 });
      if (owner !== undefined) await lchown(path, owner.uid, owner.gid);
    } catch (e) {
      await release(lock).catch(() => {}); // the first error is the one to tell
      throw e;
    }
    return lock;
  }).catch((e: unknown) => {
    const cause = e instanceof RepriseError ? e.cause : e;
    if (!noRoom(cause)) throw e;
    throw new RepriseError('scratch.full', { path: root, needed: Math.ceil(bytes), free: 0 }, { cause: e });
  });
  if (owner !== undefined)
    await reachable(host, path, owner, signal).catch(
      async (e: unknown) => (await release(held), Promise.reject(e)),
    );
  return { path, [Symbol.asyncDispose]: () => release(held) };
}

/**
 * Below /var/tmp anybody may have made it first: whoever owns it could put folders of his own in the place of ours,
 * and read a dump, or change it after it was proven.
 */
async function ours(root: string): Promise<void> {
  const { uid, mode } = await naming('stat', root, () => stat(root));
  const foreign = uid !== 0 && uid !== process.geteuid?.();
  const open = (mode & 0o022) !== 0 && (mode & 0o1000) === 0;
  if (foreign || open) throw new RepriseError('scratch.foreign', { path: root });
}

/** Bytes that nobody has claimed; releases the claims of the dead on the way. Call with the ledger held. */
async function unclaimed({ host, root }: Deps, signal: AbortSignal): Promise<number> {
  let promised = 0;
  for (const claim of await claims(root)) {
    const lock = await hold(claim.file);
    if (lock === undefined) {
      promised += Math.max(0, claim.bytes - (await used(Buffer.from(join(root, claim.id)))));
      continue;
    }
    // Nobody holds it: its process ended without a word. If a child of it still writes, a later claim sweeps again.
    await host.remove(join(root, claim.id), signal).then(
      () => unlink(claim.file),
      () => {},
    );
    await lock[Symbol.asyncDispose]();
  }
  const { bavail, bsize } = await statfs(root, { bigint: true });
  return Math.max(0, Number(bavail * bsize) - promised);
}

/**
 * Bytes that all processes have claimed there, used or not. A claim of the dead counts until the next one sweeps it.
 */
export const claimedIn = async (root: string): Promise<number> =>
  (await claims(root)).reduce((sum, claim) => sum + claim.bytes, 0);

async function claims(root: string): Promise<readonly Claim[]> {
  const names = await readdir(root);
  return names.flatMap((name) => {
    const [, id, bytes] = /^([0-9a-f-]{36})\.(\d+)\.claim$/.exec(name) ?? [];
    return id === undefined ? [] : [{ id, bytes: Number(bytes), file: join(root, name) }];
  });
}

/**
 * Bytes on the disk below a folder (blocks of 512, as stat(2) counts); what vanishes meanwhile counts nothing. Names
 * are bytes: one that is no UTF-8 would not be found again. (`recursive` of readdir throws with buffers.)
 */
async function used(folder: Buffer): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' }).catch(() => []);
  let sum = 0;
  for (const entry of entries) {
    const path = Buffer.concat([folder, Buffer.from('/'), entry.name]);
    sum += entry.isDirectory()
      ? await used(path)
      : await lstat(path).then(
          (s) => s.blocks * 512,
          () => 0,
        );
  }
  return sum;
}

/**
 * Holds a file until disposed or until this process ends, however it ends: a SQLite file under BEGIN EXCLUSIVE, whose
 * lock the kernel frees. undefined: somebody holds it. (Node has no flock, and a pid in a file proves nothing.)
 */
async function hold(file: string): Promise<AsyncDisposable | undefined> {
  const { DatabaseSync } = await import('node:sqlite');
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (e) {
    db.close();
    if ((e as { errcode?: number }).errcode === 5) return undefined; // SQLITE_BUSY
    throw e;
  }
  return { [Symbol.asyncDispose]: async () => db.close() };
}

/** A disk so full that not even the claim fits. Source: SQLite documentation, "Result and Error Codes", SQLITE_FULL. */
const noRoom = (e: unknown): boolean =>
  (e as { errcode?: number } | undefined)?.errcode === 13 ||
  (e as NodeJS.ErrnoException | undefined)?.code === 'ENOSPC';

async function holdSoon(file: string, clock: Clock, signal: AbortSignal): Promise<AsyncDisposable> {
  for (let pause = 5; ; pause = Math.min(pause * 2, 200)) {
    const held = await hold(file);
    if (held !== undefined) return held;
    await clock.sleep(pause, signal);
  }
}

/** A folder deep in somebody's home is of no use to another user: said here, not by the tool that fails in it later. */
async function reachable(host: Host, path: string, owner: User, signal: AbortSignal): Promise<void> {
  const exit = await outcome(
    host,
    { argv: ['test', '-w', path, '-a', '-x', path], user: owner.name },
    signal,
  );
  if (exit.code !== 0) throw new RepriseError('scratch.unreachable', { path, user: owner.name });
}
