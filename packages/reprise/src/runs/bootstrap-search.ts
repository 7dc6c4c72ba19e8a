import type { StateCandidate } from '@reprise/contracts';

/** A state as a listing shows it. Tag and time are what whoever stored it says. */
export interface ListedState {
  readonly id: string;
  readonly time: Date;
  readonly installation: string;
}
/** How states are looked at: each head and each reading is a call of restic. */
export interface Looking<R extends Disposable> {
  head(state: ListedState): Promise<StateCandidate | undefined>;
  /** Proves a state to its last byte. Throws what `isFalse` knows, where it is not true. */
  read(id: string): Promise<R>;
  /** Snapshots that a proven journal says were stored before it: they reach less far. */
  earlier(reading: R): Iterable<string>;
  /** Why a state is false; undefined: another trouble, which ends the search. */
  isFalse(e: unknown): string | undefined;
}
export interface Found<R> {
  readonly chosen: { readonly id: string; readonly reading: R } | undefined;
  /** What was looked at, best first. */
  readonly candidates: readonly StateCandidate[];
  /** Listed and not looked at, as there are too many that nobody vouches for. */
  readonly unread: number;
  /** Why the first that seemed good was not. */
  readonly failed: unknown;
}

/** Heads asked for at a time: two cores, and each call derives a key. */
const together = 3;

/**
 * The state that reaches furthest, by what is signed: epoch, then sequence. The listing decides nothing, since whoever
 * may write into the repository can store any number of false states, or true old ones anew, under any tag and time. What a
 * proven journal names as stored before it need not be looked at; every other state is, up to `most`.
 */
export async function furthest<R extends Disposable>(
  states: readonly ListedState[],
  looking: Looking<R>,
  { most, first }: { readonly most: number; readonly first: number },
): Promise<Found<R>> {
  const search = new Search(looking);
  const newestFirst = states.toSorted((a, b) => b.time.getTime() - a.time.getTime());
  let batch = newestOfEach(newestFirst, first);
  for (;;) {
    await search.heads(batch);
    await search.prove();
    const rest = newestFirst.filter((s) => !search.isSettled(s.id));
    batch = rest.slice(0, Math.max(0, Math.min(16, most - search.asked)));
    if (batch.length === 0) return search.result(rest.length);
  }
}

function newestOfEach(newestFirst: readonly ListedState[], first: number): readonly ListedState[] {
  const tags = [...Map.groupBy(newestFirst, (s) => s.installation).values()];
  return tags.slice(0, 16).flatMap((of) => of.slice(0, first));
}

class Search<R extends Disposable> {
  readonly #looking: Looking<R>;
  readonly #seen = new Map<string, StateCandidate | undefined>();
  readonly #earlier = new Set<string>();
  readonly #proven = new Set<string>();
  #best: { readonly id: string; readonly candidate: StateCandidate; readonly reading: R } | undefined;
  #failed: unknown;

  constructor(looking: Looking<R>) {
    this.#looking = looking;
  }

  get asked(): number {
    return this.#seen.size;
  }
  isSettled(id: string): boolean {
    return this.#seen.has(id) || this.#earlier.has(id);
  }

  async heads(of: readonly ListedState[]): Promise<void> {
    for (let at = 0; at < of.length; at += together)
      await Promise.all(
        of
          .slice(at, at + together)
          .map(async (state) => void this.#seen.set(state.id, await this.#looking.head(state))),
      );
  }

  /** The best writer's state is the one to go on from; a maintainer's says which of its own states need no look. */
  async prove(): Promise<void> {
    for (const role of ['writer', 'maintainer'] as const)
      for (const [id, candidate] of this.#ranked()) {
        if (!candidate.valid || candidate.role !== role || this.#proven.has(id)) continue;
        if (this.#best !== undefined && role === 'writer' && rank(this.#best.candidate) >= rank(candidate))
          break;
        if (role === 'maintainer' && this.#earlier.has(id)) continue;
        await this.#read(id, candidate);
      }
  }

  async #read(id: string, candidate: StateCandidate): Promise<void> {
    try {
      const reading = await this.#looking.read(id);
      this.#proven.add(id);
      for (const name of this.#looking.earlier(reading)) if (name !== id) this.#earlier.add(name);
      if (candidate.role === 'maintainer') return reading[Symbol.dispose]();
      this.#best?.reading[Symbol.dispose]();
      this.#best = { id, candidate, reading };
    } catch (e) {
      const why = this.#looking.isFalse(e);
      if (why === undefined) throw e;
      this.#failed ??= e;
      this.#seen.set(id, { ...candidate, valid: false, why });
    }
  }

  #ranked(): readonly (readonly [string, StateCandidate])[] {
    return [...this.#seen]
      .flatMap(([id, c]) => (c === undefined ? [] : [[id, c] as const]))
      .toSorted(([, a], [, b]) => rank(b) - rank(a));
  }

  result(unread: number): Found<R> {
    const best = this.#best;
    return {
      chosen: best === undefined ? undefined : { id: best.id, reading: best.reading },
      candidates: this.#ranked().map(([, c]) => c),
      unread,
      failed: this.#failed,
    };
  }
}

/** A maintainer's journal knows what was forgotten, not the plan's captures: it is not what a machine goes on from. */
const rank = ({ valid, role, head }: StateCandidate): number =>
  (valid ? 1e15 : 0) + (role === 'writer' ? 5e14 : 0) + head.epoch * 1e9 + head.seq;
