import type { BodyInput, EntryType, EntryV1, Head } from '@reprise/contracts';

/** Which run and step an entry belongs to. */
export interface Cause {
  readonly run: string | null;
  readonly step: string | null;
}

/** The one thing that is written. Everything else is projected from it, in the same transaction. */
export interface Journal extends AsyncDisposable {
  readonly installation: string;
  readonly epoch: number;
  head(): Head;
  /** Validates the body, chains, inserts with its projections in one durable transaction (fsync), returns the entry. */
  append<T extends EntryType>(type: T, body: BodyInput<T>, cause: Cause): EntryV1;
  /** In order; own chain and imported ones. */
  entries(filter?: { readonly installation?: string; readonly run?: string; readonly type?: EntryType; readonly after?: number }): IterableIterator<EntryV1>;
}
