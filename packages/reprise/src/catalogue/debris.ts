import type { Point } from '@reprise/contracts';

const day = 24 * 60 * 60 * 1000;
/** Longer than any run may last: parts of a run that is open elsewhere are younger. */
export const debrisAge = 7 * day;

/** What the sweep needs to know of a snapshot. */
export interface FoundSnapshot {
  readonly id: string;
  /** As the machine that made it said. */
  readonly time: Date;
  readonly form: 'part' | 'state' | undefined;
  readonly run: string | undefined;
  readonly installation: string | undefined;
  /** When the sweeping machine first saw it, by its own clock; undefined: just now. */
  readonly firstSeen: Date | undefined;
}
export interface SweepInput {
  readonly repository: string;
  readonly snapshots: readonly FoundSnapshot[];
  /** Listed and pending ones: both name their parts. */
  readonly points: readonly Point[];
  /** Copies that miss a part: the others stay, they may be all there is, or the listing was wrong. */
  readonly lost: readonly { readonly repository: string; readonly snapshots: readonly string[] }[];
  /** Runs that are open here. */
  readonly openRuns: ReadonlySet<string>;
  /**
   * Installations whose newest journal is known here. What another one made is left alone: it is named by a journal
   * that was not read (a newer version's, a damaged one, another system's), or hidden behind a state that an intruder
   * added.
   */
  readonly known: ReadonlySet<string>;
  /** Snapshots that the journals say were given up, in this repository. */
  readonly forgotten: ReadonlySet<string>;
  readonly now: Date;
  /** Where the clock is in doubt nothing is swept. */
  readonly clockInDoubt: boolean;
}
export interface Sweep {
  /** Parts that no point names. */
  readonly debris: readonly string[];
  /** Given up earlier, still there: a crash came in between. */
  readonly unfinished: readonly string[];
}

/**
 * What may be swept. Debris is a snapshot tagged `part` that no point names, over 7 days old by its own time *and* by
 * this machine's: a machine whose clock is wrong would otherwise have its running capture swept. Snapshots without our
 * tags are none of ours and never touched.
 */
export function sweep(input: SweepInput): Sweep {
  if (input.clockInDoubt) return { debris: [], unfinished: [] };
  const copies = input.points.flatMap((p) => p.copies);
  const named = new Set([
    ...copies
      .filter((c) => c.repository === input.repository)
      .flatMap((c) => c.parts.map((part) => part.snapshot)),
    ...input.lost.filter((l) => l.repository === input.repository).flatMap((l) => l.snapshots),
  ]);
  const parts = input.snapshots.filter((s) => s.form === 'part' && !named.has(s.id));
  const old = (date: Date | undefined): boolean =>
    date !== undefined && input.now.getTime() - date.getTime() > debrisAge;
  const unfinished = parts.filter((s) => input.forgotten.has(s.id));
  const debris = parts.filter(
    (s) =>
      !input.forgotten.has(s.id) &&
      s.installation !== undefined &&
      input.known.has(s.installation) &&
      old(s.time) &&
      old(s.firstSeen) &&
      !(s.run !== undefined && input.openRuns.has(s.run)),
  );
  return { debris: debris.map((s) => s.id), unfinished: unfinished.map((s) => s.id) };
}

/**
 * States that are no longer needed: of each installation the last 10, the newest of each day for 30 days and the newest
 * of each month stay. `installations`: those that are certified; states of others are never touched. `proven`: states
 * that a proven journal names; others take no real one's place, and stay: who may only write must not push states out.
 */
export function statesToForget(
  snapshots: readonly FoundSnapshot[],
  of: {
    readonly installations: ReadonlySet<string>;
    readonly proven: ReadonlySet<string>;
    readonly now: Date;
    readonly clockInDoubt: boolean;
  },
): readonly string[] {
  if (of.clockInDoubt) return [];
  const states = snapshots.filter(
    (s) =>
      s.form === 'state' &&
      of.proven.has(s.id) &&
      s.installation !== undefined &&
      of.installations.has(s.installation),
  );
  if (states.some((s) => s.time.getTime() > of.now.getTime() + day)) return []; // somebody's clock is wrong
  const kept = [...Map.groupBy(states, (s) => s.installation).values()].flatMap((all) =>
    keptStates(all, of.now),
  );
  const keep = new Set(kept.map((s) => s.id));
  return states.filter((s) => !keep.has(s.id)).map((s) => s.id);
}

function keptStates(states: readonly FoundSnapshot[], now: Date): FoundSnapshot[] {
  const newest = states.toSorted((a, b) => b.time.getTime() - a.time.getTime() || (a.id < b.id ? -1 : 1));
  const firstOf = (all: readonly FoundSnapshot[], length: number): FoundSnapshot[] =>
    [...Map.groupBy(all, (s) => s.time.toISOString().slice(0, length)).values()].flatMap((slot) =>
      slot.slice(0, 1),
    );
  const recent = newest.filter((s) => now.getTime() - s.time.getTime() <= 30 * day);
  return [...newest.slice(0, 10), ...firstOf(recent, 10), ...firstOf(newest, 7)];
}
