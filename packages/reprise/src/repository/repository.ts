import type { Readable } from 'node:stream';

import type { Finding } from '@reprise/contracts';

import type { Secret } from '../lib/secret.ts';

/** What a snapshot is for and whose it is; given at creation, never changed. */
export interface SnapshotTags {
  readonly form: 'part' | 'state';
  readonly installation: string;
  readonly run: string;
  readonly component?: string;
  readonly part?: string;
}
export interface Snapshot {
  readonly id: string;
  /** As the machine that made it said. */
  readonly time: Date;
  readonly host: string;
  readonly tags: Partial<SnapshotTags>;
  readonly paths: readonly string[];
  /** The snapshot this one was copied from, where restic recorded it. */
  readonly original: string | undefined;
  /** What restic took when it made it, as the repository itself records it. */
  readonly bytes?: number | undefined;
  readonly files?: number | undefined;
}
export interface Progress {
  readonly bytes: number;
  readonly files: number;
  readonly total: number | null;
  /** Bytes a second since the progress before; null where no time has passed. */
  readonly rate: number | null;
}
/** `off` for streams that are compressed already; default: restic's own `auto`. */
export type Compression = 'auto' | 'off' | 'max';
export interface Stored {
  readonly snapshot: string;
  /** Bytes restic read (`total_bytes_processed`). */
  readonly bytes: number;
  readonly files: number;
  /** New bytes it stored. */
  readonly added: number;
}
export interface Restoring {
  readonly body: Readable;
  /** Resolves when restic ended well and everything was delivered; rejects with the catalogue's error. */
  readonly complete: Promise<void>;
}

/**
 * A restic repository as one identity sees it. Every method is one restic call (counted in `invocations`) and throws
 * errors `repository.*`: wrong-password (restic's exit 12), absent (10), locked (11), unreachable, full, damaged,
 * append-only, too-old. Local: no cache. Source: restic manual, "Scripting" (exit codes, JSON).
 */
export interface Repository {
  readonly name: string;
  /** Without credentials. */
  readonly url: string;
  readonly identity: 'writer' | 'maintainer';
  readonly invocations: number;
  /** The same, by restic's command. */
  readonly calls?: ReadonlyMap<string, number>;
  /** Creates it; with `chunkerOf`, with that repository's chunker parameters. Returns the repository's id. */
  init(signal: AbortSignal, chunkerOf?: Repository): Promise<string>;
  /** The repository's id (`cat config`): opens it with this identity's password. */
  id(signal: AbortSignal): Promise<string>;
  /** Id of the key that this identity's password opens: `keyHint` of later calls, which saves them 0.3–0.5 s each. */
  keyId(signal: AbortSignal): Promise<string>;
  /** Adds another key and returns its id. */
  addKey(password: Secret, hint: { user: string; host: string }, signal: AbortSignal): Promise<string>;
  /** Every key slot: who may open it. What a slot says of itself is whoever made it's word. */
  keys(
    signal: AbortSignal,
  ): Promise<readonly { readonly id: string; readonly user: string; readonly host: string }[]>;
  /** Revokes a key; restic refuses the one in use. Only an identity that may delete can. */
  removeKey(id: string, signal: AbortSignal): Promise<void>;
  /** All snapshots, or those of one form, or those of these ids that are there; oldest first; `unread`: see there. */
  snapshots(
    signal: AbortSignal,
    filter?: {
      readonly form?: 'part' | 'state';
      readonly ids?: readonly string[];
      readonly unread?: (snapshot: string) => void;
    },
  ): Promise<readonly Snapshot[]>;
  /** stdout of `argv` (made by Host.wrap) through --stdin-from-command: exit ≠ 0 leaves no snapshot. */
  backupCommand(
    argv: readonly [string, ...string[]],
    filename: string,
    tags: SnapshotTags,
    signal: AbortSignal,
    progress?: (p: Progress) => void,
    compression?: Compression,
  ): Promise<Stored>;
  /** `complete` must resolve before restic's stdin is closed; otherwise restic is killed first. */
  backupStream(
    body: Readable,
    complete: Promise<void>,
    filename: string,
    tags: SnapshotTags,
    signal: AbortSignal,
    progress?: (p: Progress) => void,
    compression?: Compression,
  ): Promise<Stored>;
  backupTree(
    tree: {
      readonly root: string;
      readonly includes?: readonly string[];
      readonly excludes?: readonly string[];
      readonly parent?: string;
    },
    tags: SnapshotTags,
    signal: AbortSignal,
    progress?: (p: Progress) => void,
    compression?: Compression,
  ): Promise<Stored>;
  /** The bytes of one file of a snapshot. */
  dump(snapshot: string, path: string, signal: AbortSignal): Promise<Restoring>;
  /** The tree of a snapshot into a directory, with --verify. Returns bytes and files written. */
  restore(
    snapshot: string,
    into: string,
    signal: AbortSignal,
    progress?: (p: Progress) => void,
  ): Promise<{ bytes: number; files: number }>;
  /** Files and sizes in a snapshot: streamed; `tagged` hears before them what the snapshot says it is. */
  list(
    snapshot: string,
    signal: AbortSignal,
    tagged?: (tags: Partial<SnapshotTags>) => void,
  ): AsyncIterable<{ readonly path: string; readonly type: string; readonly size: number }>;
  /** Structure, and with `read` ("3/10") that slice of the packs, read back. */
  check(signal: AbortSignal, read?: string): Promise<readonly Finding[]>;
  forget(snapshots: readonly string[], signal: AbortSignal): Promise<void>;
  prune(signal: AbortSignal): Promise<void>;
  /** Copies snapshots from `source`; returns the id here for each id there (existing copies are recognised). */
  copy(
    source: Repository,
    snapshots: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, string>>;
  /** Removes stale locks only. */
  unlock(signal: AbortSignal): Promise<void>;
}
