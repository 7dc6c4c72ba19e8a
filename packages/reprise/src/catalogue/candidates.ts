import type { Point, StateHeader } from '@reprise/contracts';

import { epochKey, type EpochId } from '../journal/branches.ts';

const day = 24 * 60 * 60 * 1000;

export interface FoundState {
  readonly snapshot: string;
  /** Proven: certified by the root, signed. */
  readonly header: StateHeader;
}

/**
 * States that a new installation may continue, best first: by epoch, then by sequence, never by time, since a clock can
 * lie and a chain cannot. Maintainers' states hold no plan's captures and are left out. `before`: none signed later.
 */
export const rankStates = (found: readonly FoundState[], before?: Date): readonly FoundState[] =>
  found
    .filter(({ header }) => header.certificate.role === 'writer')
    .filter(({ header }) => before === undefined || Date.parse(header.at) <= before.getTime())
    .toSorted((a, b) => b.header.head.epoch - a.header.head.epoch || b.header.head.seq - a.header.head.seq);

/** Captured here more than 24 h ago and still without a state: `point.abandoned` is due. Those of others are theirs. */
export const overduePending = (pending: readonly Point[], own: EpochId, now: Date): readonly Point[] =>
  pending.filter(
    (p) =>
      epochKey(p) === epochKey(own) &&
      now.getTime() - Date.parse(p.at) > day &&
      p.copies.every((c) => c.committed !== true),
  );
