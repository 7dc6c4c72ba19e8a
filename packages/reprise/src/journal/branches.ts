import type { Body, EntryV1, Head } from '@reprise/contracts';

/** One epoch of one installation. */
export type EpochId = Pick<EntryV1, 'installation' | 'epoch'>;
/** Where an entry stands. */
export type Stand = Pick<EntryV1, 'installation' | 'epoch' | 'seq'>;
/** A stretch of a lineage: entries of one epoch, up to and including `last`. */
export interface Stretch extends EpochId {
  readonly last: number;
}
/** Who took over, and after which of the own lineage's entries: what came later there is a fork. */
export interface Takeover extends EpochId {
  readonly after: number;
}
interface Opened extends EpochId {
  readonly continues: Head | null;
  readonly at: string;
}

interface Main {
  readonly leaf: EpochId;
  readonly last: ReadonlyMap<string, number>;
}

/**
 * Entries come in thousands from a few epochs: a text made once is found in a map much faster than one made each time.
 */
const keys = new Map<string, string[]>();
export function epochKey({ installation, epoch }: EpochId): string {
  const of = keys.get(installation) ?? [];
  if (of.length === 0) keys.set(installation, of);
  return (of[epoch] ??= `${installation}/${epoch}`);
}

/**
 * How epochs hang together, from their `epoch.opened` entries: trees, since each names the head that it continues. In
 * every tree one branch is the main one: the one that leads to the highest epoch; among equals the one opened last,
 * then by id, so that everybody who read the same journals says the same. Entries beside it are forks.
 */
export class Branches {
  readonly #opened = new Map<string, Opened>();
  /** For each first epoch of a tree: the main branch, as the last main entry of each epoch. */
  readonly #main = new Map<string, Main>();
  /** The same for every epoch, once it was asked for. */
  readonly #mains = new Map<string, Main | undefined>();

  constructor(entries: Iterable<EntryV1>) {
    for (const entry of entries) {
      if (entry.type !== 'epoch.opened' || this.#opened.has(epochKey(entry))) continue;
      const { installation, epoch, at } = entry;
      const { continues } = entry.body as Body<'epoch.opened'>;
      this.#opened.set(epochKey(entry), { installation, epoch, at, continues });
    }
    for (const leaf of [...this.#opened.values()].toSorted(higherFirst)) {
      const lineage = this.lineageOf({ ...leaf, seq: Infinity });
      const root = epochKey(oldestOf(lineage));
      if (!this.#main.has(root))
        this.#main.set(root, { leaf, last: new Map(lineage.map((s) => [epochKey(s), s.last])) });
    }
  }

  /** Newest first: the epoch of `head` up to it, then what that epoch continues, and so on. */
  lineageOf(head: Stand): readonly Stretch[] {
    const stretches: Stretch[] = [];
    const seen = new Set<string>();
    let at: Stand | null | undefined = head;
    // A circle is not possible in chains that were proven; never run in one anyway.
    while (at !== null && at !== undefined && !seen.has(epochKey(at))) {
      seen.add(epochKey(at));
      stretches.push({ installation: at.installation, epoch: at.epoch, last: at.seq });
      at = this.#opened.get(epochKey(at))?.continues;
    }
    return stretches;
  }

  /** Was it written after another installation had taken over? */
  isFork(stand: Stand): boolean {
    const main = this.#mainOf(stand);
    return main !== undefined && stand.seq > (main.last.get(epochKey(stand)) ?? 0);
  }

  /** Who took over from this epoch, undefined while it is the newest of its tree. */
  takenOverBy(epoch: EpochId): Takeover | undefined {
    const main = this.#mainOf(epoch);
    if (main === undefined || epochKey(main.leaf) === epochKey(epoch)) return undefined;
    const shared = this.lineageOf({ ...epoch, seq: Infinity }).flatMap((s) => {
      const last = main.last.get(epochKey(s));
      return last === undefined ? [] : [Math.min(s.last, last)];
    });
    return { installation: main.leaf.installation, epoch: main.leaf.epoch, after: Math.max(...shared) };
  }

  #mainOf(epoch: EpochId): Main | undefined {
    const key = epochKey(epoch);
    if (!this.#mains.has(key)) {
      const first = oldestOf(this.lineageOf({ ...epoch, seq: Infinity }));
      this.#mains.set(key, this.#main.get(epochKey(first)));
    }
    return this.#mains.get(key);
  }
}

/** A lineage has at least the epoch that was asked for. */
const oldestOf = (lineage: readonly Stretch[]): Stretch => lineage.reduce((_, older) => older);

const higherFirst = (a: Opened, b: Opened): number =>
  b.epoch - a.epoch || compare(b.at, a.at) || compare(b.installation, a.installation);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
