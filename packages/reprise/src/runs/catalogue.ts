import type { Point } from '@reprise/contracts';

import { catalogueOf } from '../catalogue/merge.ts';
import type { Catalogue as Projected } from '../catalogue/project.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../lib/clock.ts';

/** The points that the journals tell of; projected again only when something was written since. */
export class Catalogue {
  readonly #journal: Journal;
  readonly #clock: Clock;
  #projected: { readonly at: string; readonly catalogue: Projected } | undefined;

  constructor(journal: Journal, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
  }

  now(): Projected {
    const at = this.#journal.stamp();
    if (this.#projected?.at !== at)
      this.#projected = { at, catalogue: catalogueOf(this.#journal, this.#clock) };
    return this.#projected.catalogue;
  }

  /** Newest first; `pending`: those that no state commits yet as well. */
  points(filter: { readonly component?: string; readonly pending?: boolean } = {}): readonly Point[] {
    const { points, pending } = this.now();
    const all = filter.pending === true ? [...pending, ...points] : points;
    return filter.component === undefined ? all : all.filter((p) => p.component === filter.component);
  }
}

/** With what is otherwise read from the journal only when asked for: for reports, which outlive the journal's being open. */
export const wholePoints = (points: readonly Point[]): Point[] => points.map((p) => ({ ...p }));
