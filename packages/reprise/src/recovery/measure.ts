import type { AsOf, EntryV1, Measured, Objectives } from '@reprise/contracts';

/**
 * Recovery point actual (ms): the moment of the loss (`lostAt`, else the request) minus the moment the data is
 * consistent as of. The beginning of a fuzzy capture counts: what changed after it may be missing. As-of is by the
 * source server's clock, so the recorded offset brings it to the clock that the loss was read from; an offset nobody
 * could measure makes the loss unknown: null. A point later than the loss holds what was lost: how much of it is gone
 * is unknown too (null), but for a second between two clocks.
 */
export function rpoActual(asOf: AsOf | null, lostAt: Date | null, requestedAt: Date): number | null {
  if (asOf === null) return null;
  const offset = asOf.clock === 'host' ? (asOf.offset_ms ?? 0) : asOf.offset_ms;
  if (offset === null) return null;
  const lost = (lostAt ?? requestedAt).getTime() - (Date.parse(asOf.from) - offset);
  return lost < -1000 ? null : Math.max(0, lost);
}

/** An objective beside what was measured. No objective or no measure: unknown, never met. */
export function measured(
  objective: number | undefined,
  actual: number | null,
  tolerance: number | undefined,
): Measured {
  const objective_ms = objective ?? null;
  return { objective_ms, actual_ms: actual, verdict: verdictOf(objective_ms, actual, tolerance ?? 0) };
}

function verdictOf(objective: number | null, actual: number | null, tolerance: number): Measured['verdict'] {
  if (objective === null || actual === null) return 'unknown';
  if (actual <= objective) return 'met';
  return actual <= objective + tolerance ? 'within-tolerance' : 'missed';
}

export const measuredRpo = (o: Objectives, actual: number | null): Measured =>
  measured(o.rpo, actual, o.tolerance);
export const measuredRto = (o: Objectives, actual: number | null): Measured =>
  measured(o.rto, actual, o.tolerance);

/** A system lost as much, and took as long, as the worst of its parts; null as soon as one is not known. */
export function worst(actuals: readonly (number | null)[]): number | null {
  const known = actuals.filter((a) => a !== null);
  return known.length === 0 || known.length < actuals.length ? null : Math.max(...known);
}

interface Opened {
  readonly requested_at: string;
  readonly lost_at: string | null;
}

/**
 * When the incident began that a recovery requested at `requestedAt` belongs to: the request of its first `bootstrap`
 * or `recover`. An incident ends when the system was recovered in its place; a loss later than a request is another
 * incident. Takes entries of `incident.opened` and `system.recovered`, of every installation, in any order.
 */
export function incidentBegan(entries: Iterable<EntryV1>, requestedAt: Date, lostAt: Date | null): Date {
  let began: number | undefined;
  for (const { type, body } of [...entries].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    if (type === 'system.recovered' && body['place'] === 'in-situ') began = undefined;
    if (type !== 'incident.opened') continue;
    const at = Date.parse((body as unknown as Opened).requested_at);
    if (lostAt !== null && lostAt.getTime() > at) continue;
    began = Math.min(began ?? at, at);
  }
  return new Date(Math.min(began ?? requestedAt.getTime(), requestedAt.getTime()));
}

/**
 * Whole milliseconds since a request: by a clock that only goes forward where this process saw the request; after an
 * interruption only the wall clock remains.
 */
export interface Stopwatch {
  /** null: the wall clock was set back meanwhile, so nobody knows. */
  elapsed(): number | null;
}
export function stopwatch(
  clock: { now(): Date; monotonic(): number },
  requestedAt: Date,
  sameProcess: boolean,
): Stopwatch {
  const wall = (): number | null => {
    const ms = clock.now().getTime() - requestedAt.getTime();
    return ms < 0 ? null : ms;
  };
  const [already, from] = [wall(), clock.monotonic()];
  return {
    elapsed: sameProcess ? () => (already === null ? null : already + clock.monotonic() - from) : wall,
  };
}
