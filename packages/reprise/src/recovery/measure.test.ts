import type { EntryV1 } from '@reprise/contracts';
import { expect, test } from 'vitest';

import { incidentBegan, measured, measuredRpo, measuredRto, rpoActual, stopwatch, worst } from './measure.ts';

const at = (minute: number): string => `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`;
const day = (minute: number): Date => new Date(at(minute));
const asOf = (more = {}) => ({ from: at(10), to: at(12), clock: 'server' as const, offset_ms: 0, ...more });

test('the loss runs from the beginning of the capture to the loss, else to the request', () => {
  expect(rpoActual(asOf(), day(30), day(40))).toBe(20 * 60_000);
  expect(rpoActual(asOf(), null, day(40))).toBe(30 * 60_000);
});

test('by the source server’s clock: an offset is taken out, an unknown one makes the loss unknown', () => {
  expect(rpoActual(asOf({ offset_ms: 300_000 }), day(30), day(40))).toBe(25 * 60_000);
  expect(rpoActual(asOf({ offset_ms: null }), day(30), day(40))).toBeNull();
  expect(rpoActual(asOf({ clock: 'host', offset_ms: null }), day(30), day(40))).toBe(20 * 60_000);
  expect(rpoActual(asOf({ clock: 'host', offset_ms: 60_000 }), day(30), day(40))).toBe(21 * 60_000);
});

test('nothing restored, nothing measured; a point later than the loss holds it: unknown, but for a second', () => {
  expect(rpoActual(null, null, day(40))).toBeNull();
  expect(rpoActual(asOf(), day(5), day(40))).toBeNull();
  expect(rpoActual(asOf(), new Date(Date.parse(asOf().from) - 400), day(40))).toBe(0);
});

test.each([
  [undefined, 5, 2, 'unknown'],
  [10, null, 2, 'unknown'],
  [10, 10, undefined, 'met'],
  [10, 12, 2, 'within-tolerance'],
  [10, 11, undefined, 'missed'],
  [10, 13, 2, 'missed'],
] as const)('objective %s, actual %s, tolerance %s: %s', (objective, actual, tolerance, verdict) => {
  expect(measured(objective, actual, tolerance)).toEqual({
    objective_ms: objective ?? null,
    actual_ms: actual,
    verdict,
  });
});

test('each objective by its own name', () => {
  expect(measuredRpo({ rpo: 1, rto: 9 }, 5).verdict).toBe('missed');
  expect(measuredRto({ rpo: 1, rto: 9 }, 5).verdict).toBe('met');
});

test('the worst of all, null as soon as one is not known', () => {
  expect(worst([1, 3, 2])).toBe(3);
  expect(worst([1, null])).toBeNull();
  expect(worst([])).toBeNull();
});

const entry = (minute: number, type: string, body: object): EntryV1 =>
  ({ at: at(minute), type, body }) as EntryV1;
const opened = (minute: number, lost: number | null = null) =>
  entry(minute, 'incident.opened', {
    requested_at: at(minute),
    lost_at: lost === null ? null : at(lost),
    scenario: null,
  });
const recovered = (minute: number, place = 'in-situ') => entry(minute, 'system.recovered', { place });

test('an incident begins with its first request, whatever order the journals come in', () => {
  expect(incidentBegan([], day(9), null)).toEqual(day(9));
  expect(incidentBegan([opened(5), opened(2)], day(9), null)).toEqual(day(2));
  expect(incidentBegan([opened(12)], day(9), null)).toEqual(day(9));
});

test('it ends when the system is back in its place, not when a directory is', () => {
  expect(incidentBegan([recovered(4), opened(2), opened(6)], day(9), null)).toEqual(day(6));
  expect(incidentBegan([recovered(4, 'directory:/x'), opened(2)], day(9), null)).toEqual(day(2));
});

test('a loss later than a request is another incident', () => {
  expect(incidentBegan([opened(2), opened(7)], day(9), day(5))).toEqual(day(7));
  expect(incidentBegan([opened(2)], day(9), day(1))).toEqual(day(2));
});

test('time since the request: monotonic in the process that saw it, by the wall after an interruption, null when that was set back', () => {
  let [wall, mono] = [day(10).getTime(), 1000];
  const clock = { now: () => new Date(wall), monotonic: () => mono };
  const same = stopwatch(clock, day(9), true);
  const other = stopwatch(clock, day(9), false);
  mono += 500;
  wall -= 3_600_000;
  expect(same.elapsed()).toBe(60_500);
  expect(other.elapsed()).toBeNull();
  expect(stopwatch(clock, new Date(wall + 1), true).elapsed()).toBeNull();
  expect(stopwatch(clock, new Date(wall - 7), false).elapsed()).toBe(7);
});
