import type { PartRecord, Point } from '@reprise/contracts';

import type { Host } from '../../hosts/host.ts';
import type { Secret } from '../../lib/secret.ts';
import type { Service } from '../../services/service.ts';
import type { AnyKind, Method, Part, Restorable, Vacant } from '../kind.ts';

/** Keeps parts; the real one is a restic repository in a temporary folder. */
export interface Store extends AsyncDisposable {
  /** Stores one part whole; throws when its producer failed or gave nothing. Counts what the producer gave. */
  put(part: Part, host: Host, signal: AbortSignal): Promise<PartRecord>;
  read(point: Point): Restorable;
}

/** One kind's method on its real server, made fresh for each case. */
export interface World<S> extends AsyncDisposable {
  readonly kind: AnyKind;
  readonly method: Method<S>;
  /** What is captured: filled with data that shows every right and odd name that the kind promises to keep. */
  readonly spec: S;
  readonly host: Host;
  readonly service: Service;
  /** Everything the kind may read through `Context.secret`; each must appear in no argv, log, error or inventory. */
  readonly secrets: ReadonlyMap<string, Secret>;
  /** Another place of the same sort, vacant: a path, a server. */
  elsewhere(): Promise<S>;
  /** Puts something worth keeping into a place. */
  occupy(spec: S): Promise<void>;
  /** Everything a user would miss: content, owners, modes… as text, seen with other tools than the kind's. */
  portrait(spec: S): Promise<Readonly<Record<string, string>>>;
  /** Writes something small and returns when it was durably there. Called many times while a capture runs. */
  canary(n: number): Promise<void>;
  /** Which canaries are in a place. */
  canaries(spec: S): Promise<ReadonlySet<number>>;
  /** Makes a capture last about a second at least (more data), for the cases that interrupt it. */
  slow(): Promise<void>;
  /** Does what the service needs after a restore before it can be looked at (a server is running already). */
  settle?(spec: S): Promise<void>;
}

/** What the suite needs to know of a method; `world` makes the real thing. */
export interface Setup<S = never> {
  readonly name: string;
  world(run: string, scratchRoot: string): Promise<World<S>>;
  store(folder: string, run: string): Promise<Store>;
  /** Programs (base names) whose failure must fail the capture. */
  readonly producers: readonly string[];
  /**
   * Where a cut is most treacherous, in bytes from the start of a stream part: right after a header, a table of
   * contents.
   */
  readonly header?: (part: string, body: Buffer) => number;
  /** Spoils a tree part that lies in a folder, one way for each name. Needed by methods with tree parts. */
  readonly spoil?: Readonly<Record<string, (folder: string) => Promise<void>>>;
  /** Makes the proof of vacancy, as `recovery/` does. */
  mint<T>(spec: T, because: 'empty'): Vacant<T>;
}
