import type { BodyInput, EntryType, EntryV1, Head } from '@reprise/contracts';

import type { Line } from './chain.ts';

/** Which run and step an entry belongs to. */
export interface Cause {
  readonly run: string | null;
  readonly step: string | null;
}

/** An installation: one `$REPRISE_HOME`, one signing key, one epoch of a lineage. */
export interface Identity {
  readonly system: string;
  readonly installation: string;
  readonly epoch: number;
  readonly role: 'writer' | 'maintainer';
  /** The root's public key that every state must chain to. */
  readonly root: string;
}

export interface EntryFilter {
  readonly installation?: string;
  readonly run?: string;
  readonly type?: EntryType;
  readonly types?: readonly EntryType[];
  /** Of the own chain: only entries after this `seq`. */
  readonly after?: number;
  /** true: the own chain alone; false: imported ones alone; default: own first, then imported ones. */
  readonly own?: boolean;
}

export type RunState = 'open' | 'finished' | 'failed' | 'interrupted' | 'unknown';
export interface RunRecord {
  readonly run: string;
  readonly recipe: string;
  readonly installation: string;
  readonly epoch: number;
  /** Of this installation and epoch: only such a run can be resumed. */
  readonly mine: boolean;
  readonly plan: string | null;
  readonly args: Readonly<Record<string, unknown>>;
  readonly pid: number;
  readonly state: RunState;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly exit: number | null;
  readonly error: string | null;
}
export interface RunFilter {
  readonly recipe?: string;
  readonly states?: readonly RunState[];
  readonly mine?: boolean;
}
export interface StepRecord {
  readonly step: string;
  readonly state: 'started' | 'finished' | 'failed';
  readonly attempt: number;
  /** Undefined until it finished. */
  readonly output: unknown;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly ms: number | null;
  readonly error: string | null;
}

/** What a repository held when it was last listed from here. */
export interface View {
  readonly repository: string;
  /** When, by this machine's clock: the age that `status` and `points` print. */
  readonly at: string;
  /** Heads of the states that were read and accepted there. */
  readonly heads: readonly (Head & { readonly snapshot: string })[];
  /**
   * Every snapshot that was there, with when this machine first saw it; null: it was not listed, only states were read.
   */
  readonly snapshots: ReadonlyMap<string, { readonly firstSeen: string }> | null;
}

/** The one thing that is written. Everything else is projected from it, in the same transaction. */
export interface Journal extends Identity, AsyncDisposable {
  readonly home: string;
  head(): Head;
  /**
   * Validates the body, chains, inserts with its projections in one durable transaction (fsync), returns the entry.
   * `up_ms` counts from the first entry of the run in this process. Throws `journal.body`, `journal.full`,
   * `journal.busy`, …
   */
  append<T extends EntryType>(type: T, body: BodyInput<T>, cause: Cause): EntryV1;
  /** Each own or imported chain in its order; read in pages, so writing meanwhile is safe (and not seen). */
  entries(filter?: EntryFilter): IterableIterator<EntryV1>;
  /**
   * As `entries`, each with its hash (as stored). `brief`: a captured point comes without its inventory, and with
   * `inventory()` that reads it.
   */
  records(filter?: EntryFilter & { readonly brief?: boolean }): IterableIterator<EntryRecord>;
  /** The own lineage as it is stored, for segments and for proof. `from`: first seq. */
  lines(from?: number, to?: number): IterableIterator<StoredLine>;
  /** Is the entry with this hash here, own or imported? */
  knows(hash: string): boolean;
  /** Hash of the own chain's entry `seq`, undefined where there is none. */
  hashAt(seq: number): string | undefined;

  runs(filter?: RunFilter): readonly RunRecord[];
  /** Runs of this epoch that nobody has closed: a process carries them on, or died. */
  openRuns(): readonly RunRecord[];
  stepsOf(run: string): readonly StepRecord[];

  views(): readonly View[];
  /** Differs from what it was when anything in the journal or the views has changed, by whoever it was. */
  stamp(): string;
  /** What a listing of a repository showed: all snapshot ids. Heads of states that are gone are forgotten. */
  recordView(repository: string, snapshots: Iterable<string>): void;
  /**
   * Takes over the verified lines of a state of another installation (one transaction), and that its head lies in the
   * repository. Lines of the own lineage are not stored again. Returns how many were new.
   */
  importState(from: { repository: string; snapshot: string; head: Head }, lines: Iterable<Line>): number;
  /**
   * Drops everything that can be had again: imported entries, views, projections; then projects the own chain anew.
   * What `catalogue rebuild` begins with.
   */
  reset(): void;
}

export interface EntryRecord {
  readonly entry: EntryV1;
  readonly hash: string;
  /** Where it was left out (`brief`): reads the captured point's inventory, while the journal is open. */
  readonly inventory?: () => unknown;
}
/** A row as it lies in the database: nothing about it is proven. */
export interface StoredLine {
  readonly seq: number;
  readonly installation: string;
  readonly epoch: number;
  readonly hash: string;
  readonly text: string;
}
