import { hash } from 'node:crypto';

import type { Entry } from './walk.ts';

/** What a tree is, in a few numbers; flat in memory whatever its size. */
export interface Tally {
  readonly files: number;
  readonly directories: number;
  readonly symlinks: number;
  /** Named pipes and devices: stored. */
  readonly special: number;
  /** Stored by nobody: a socket is made anew by the program that listens on it. */
  readonly sockets: number;
  /** Of regular files, each name counted. */
  readonly bytes: number;
  /** Names of files that have more than one. */
  readonly hardLinked: number;
  /** Paths, types, sizes, times of files, link targets: 64 hex digits. */
  readonly digest: string;
  /** Paths, modes, owners, groups. */
  readonly rights: string;
  /** Newest change of a file's content; null for none. Seconds since 1970. */
  readonly newest: number | null;
  /** How many entries, the root among them, were not counted because `settled` says that they are too new. */
  readonly touched: number;
}

/**
 * A sum of hashes modulo 2^256 needs no order: nothing is sorted, nothing is kept. Two different trees of the same sum
 * would have to be searched for on purpose; against chance it is as good as one hash over a sorted list.
 */
export class Sum {
  /** Eight numbers of 32 bits, the lowest first. */
  readonly #limbs = new Uint32Array(8);

  add(latin1: string): void {
    const digest = hash('sha256', Buffer.from(latin1, 'latin1'), 'buffer');
    let carry = 0;
    for (let i = 0; i < 8; i++) {
      const sum = (this.#limbs[i] ?? 0) + digest.readUInt32BE(28 - 4 * i) + carry;
      this.#limbs[i] = sum; // modulo 2^32
      carry = sum > 0xffff_ffff ? 1 : 0;
    }
  }

  hex(): string {
    return [...this.#limbs]
      .toReversed()
      .map((limb) => limb.toString(16).padStart(8, '0'))
      .join('');
  }
}

const everything = (): boolean => true;

/** Counts what `settled` lets pass. The root (path '') is never counted, sockets only in `sockets`. */
export async function tally(
  batches: AsyncIterable<readonly Entry[]>,
  settled: (e: Entry) => boolean = everything,
): Promise<Tally> {
  const count = { f: 0, d: 0, l: 0, s: 0, special: 0 };
  const digest = new Sum();
  const rights = new Sum();
  let [bytes, hardLinked, touched] = [0, 0, 0];
  let newest: number | null = null;
  const add = (e: Entry): void => {
    if (!settled(e)) {
      touched++;
      return;
    }
    if (e.path === '') return;
    count[e.type === 'f' || e.type === 'd' || e.type === 'l' || e.type === 's' ? e.type : 'special']++;
    if (e.type === 's') return;
    rights.add([e.path, e.mode, e.uid, e.gid].join('\0'));
    digest.add([e.path, e.type, e.target, ...(e.type === 'f' ? [e.size, e.mtime] : [])].join('\0'));
    if (e.type !== 'f') return;
    bytes += e.size;
    if (e.links > 1) hardLinked++;
    newest = Math.max(newest ?? 0, Number(e.mtime));
  };
  for await (const batch of batches) batch.forEach(add);
  return {
    files: count.f,
    directories: count.d,
    symlinks: count.l,
    special: count.special,
    sockets: count.s,
    bytes,
    hardLinked,
    digest: digest.hex(),
    rights: rights.hex(),
    newest,
    touched,
  };
}

/** A file or link whose content is older than a moment (ms since 1970): its time of change survives a restore. */
export const writtenBefore =
  (ms: number) =>
  (e: Entry): boolean =>
    (e.type === 'f' || e.type === 'l') && Number(e.mtime) * 1000 < ms;

/** Neither content nor inode changed since; this time cannot be set, so it does not survive a restore. */
export const untouchedSince =
  (ms: number) =>
  (e: Entry): boolean =>
    e.type === 's' || Number(e.ctime) * 1000 < ms;
