import type { Body, EntryV1, Head } from '@reprise/contracts';

/** A stretch of a lineage: entries of one epoch, up to and including `last`. */
export interface Stretch {
  readonly installation: string;
  readonly epoch: number;
  readonly last: number;
}
/** Where an entry stands. */
export type Stand = Pick<EntryV1, 'installation' | 'epoch' | 'seq'>;

const keyOf = ({ installation, epoch }: Pick<Stretch, 'installation' | 'epoch'>): string =>
  `${installation}/${epoch}`;

/** How epochs hang together, from their `epoch.opened` entries: a tree, since each names the head that it continues. */
export class Branches {
  readonly #opened = new Map<
    string,
    { readonly installation: string; readonly epoch: number; readonly continues: Head | null }
  >();

  constructor(entries: Iterable<EntryV1>) {
    for (const entry of entries) {
      if (entry.type !== 'epoch.opened' || this.#opened.has(keyOf(entry))) continue;
      const { continues } = entry.body as Body<'epoch.opened'>;
      this.#opened.set(keyOf(entry), { installation: entry.installation, epoch: entry.epoch, continues });
    }
  }

  /** Newest first: the epoch of `head` up to it, then what that epoch continues, and so on. */
  lineageOf(head: Stand): readonly Stretch[] {
    const stretches: Stretch[] = [];
    const seen = new Set<string>();
    for (let at: Stand | null | undefined = head; at !== null && at !== undefined;) {
      if (seen.has(keyOf(at))) break; // a circle is not possible in chains that were proven; never run in one anyway
      seen.add(keyOf(at));
      stretches.push({ installation: at.installation, epoch: at.epoch, last: at.seq });
      at = this.#opened.get(keyOf(at))?.continues;
    }
    return stretches;
  }

  /** Is the entry at `stand` in the lineage that leads to `head`? */
  covers(head: Stand, stand: Stand): boolean {
    return this.lineageOf(head).some((s) => keyOf(s) === keyOf(stand) && stand.seq <= s.last);
  }

  /** Epochs that continue this one directly, and after which entry. */
  successorsOf(
    epoch: Pick<Stretch, 'installation' | 'epoch'>,
  ): readonly { installation: string; epoch: number; after: number }[] {
    return [...this.#opened.values()].flatMap((o) =>
      o.continues !== null && keyOf(o.continues) === keyOf(epoch)
        ? [{ installation: o.installation, epoch: o.epoch, after: o.continues.seq }]
        : [],
    );
  }

  epochs(): readonly Pick<Stretch, 'installation' | 'epoch'>[] {
    return [...this.#opened.values()];
  }
}
