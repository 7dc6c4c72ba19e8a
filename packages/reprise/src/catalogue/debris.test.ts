import { describe, expect, test } from 'vitest';

import { debrisAge, statesToForget, sweep, type FoundSnapshot, type SweepInput } from './debris.ts';
import { ago, hour, now, point } from './fixtures.ts';

const day = 24 * hour;
const found = (id: string, more: Partial<FoundSnapshot> = {}): FoundSnapshot => ({
  id,
  time: new Date(ago(debrisAge + hour)),
  form: 'part',
  run: 'r',
  installation: 'i',
  firstSeen: new Date(ago(debrisAge + hour)),
  ...more,
});
const swept = (snapshots: FoundSnapshot[], more: Partial<SweepInput> = {}) =>
  sweep({
    repository: 'primary',
    snapshots,
    points: [],
    lost: [],
    known: new Set(['i']),
    openRuns: new Set(),
    forgotten: new Set(),
    now,
    clockInDoubt: false,
    ...more,
  });

const lost = (repository: string) => [{ repository, snapshots: ['a', 'gone'] }];

describe('debris', () => {
  test('is a part that no point names, old by both clocks', () => {
    expect(swept([found('a')])).toEqual({ debris: ['a'], unfinished: [] });
    const young = new Date(ago(debrisAge));
    for (const more of [
      { time: young },
      { firstSeen: young },
      { firstSeen: undefined },
      { form: 'state' as const },
      { form: undefined },
    ])
      expect(swept([found('a', more)]).debris).toEqual([]);
  });

  test('is not what a listed or pending point names in this repository', () => {
    const named = point({ asOf: ago(hour) });
    const id = named.copies[0]?.parts[0]?.snapshot ?? '';
    expect(swept([found(id)], { points: [named] }).debris).toEqual([]);
    expect(
      swept([found(id)], { points: [point({ asOf: ago(hour), copy: { repository: 'other' } })] }).debris,
    ).toEqual([id]);
  });

  test('is not what an installation made whose journal was not read', () => {
    expect(
      swept([found('a', { installation: 'j' }), found('b', { installation: undefined })]).debris,
    ).toEqual([]);
  });

  test('is not what is left of a copy that misses a part', () => {
    expect(swept([found('a')], { lost: lost('primary') }).debris).toEqual([]);
    expect(swept([found('a')], { lost: lost('other') }).debris).toEqual(['a']);
  });

  test('is not what a run that is open here made, and nothing is swept in doubt', () => {
    expect(swept([found('a')], { openRuns: new Set(['r']) }).debris).toEqual([]);
    expect(swept([found('a', { run: undefined })], { openRuns: new Set(['r']) }).debris).toEqual(['a']);
    expect(swept([found('a'), found('b')], { clockInDoubt: true, forgotten: new Set(['b']) })).toEqual({
      debris: [],
      unfinished: [],
    });
  });

  test('what was given up and is still there is finished, however young; never what a point names', () => {
    const named = point({ asOf: ago(hour) });
    const id = named.copies[0]?.parts[0]?.snapshot ?? '';
    const young = found('b', { time: now, firstSeen: undefined });
    expect(swept([young, found(id)], { forgotten: new Set(['b', id]), points: [named] })).toEqual({
      debris: [],
      unfinished: ['b'],
    });
  });
});

const state = (ms: number, installation = 'i'): FoundSnapshot =>
  found(`${installation}-${ms}`, { form: 'state', time: new Date(ago(ms)), installation });
const forget = (states: FoundSnapshot[], more: object = {}) =>
  statesToForget(states, {
    installations: new Set(['i', 'j']),
    proven: new Set(states.map((s) => s.id)),
    now,
    clockInDoubt: false,
    ...more,
  });

describe('states', () => {
  test('the last ten stay, one a day for thirty days, one a month', () => {
    const hourly = Array.from({ length: 24 * 100 }, (_, i) => state(i * hour));
    const gone = new Set(forget(hourly));
    const kept = hourly.filter((s) => !gone.has(s.id));
    expect(kept.slice(0, 10)).toEqual(hourly.slice(0, 10));
    const days = new Set(
      kept
        .filter((s) => now.getTime() - s.time.getTime() <= 30 * day)
        .map((s) => s.time.toISOString().slice(0, 10)),
    );
    expect(days.size).toBe(31); // thirty days and the part of one that is not over
    expect(
      kept
        .filter((s) => now.getTime() - s.time.getTime() > 31 * day)
        .map((s) => s.time.toISOString().slice(0, 7)),
    ).toEqual(['2026-04', '2026-03']);
  });

  test('each installation for itself; those of others are never touched', () => {
    const all = [
      ...Array.from({ length: 12 }, (_, i) => state(i * hour)),
      state(900 * day, 'j'),
      ...Array.from({ length: 12 }, (_, i) => state(i * hour, 'x')),
    ];
    expect(forget(all)).toEqual(['i-36000000', 'i-39600000']);
    expect(forget(all.map((s) => ({ ...s, installation: undefined })))).toEqual([]);
    expect(forget(all.map((s) => ({ ...s, form: 'part' as const })))).toEqual([]);
  });

  test('one that no proven journal names takes no real one’s place, and stays', () => {
    const real = Array.from({ length: 12 }, (_, i) => state((i + 20) * 1000));
    const intruders = Array.from({ length: 12 }, (_, i) => state(i * 1000));
    const proven = new Set(real.map((s) => s.id));
    expect(forget([...intruders, ...real], { proven })).toEqual(['i-30000', 'i-31000']);
    expect(forget([...intruders, ...real], { proven: new Set() })).toEqual([]);
  });

  test('nothing while a clock is in doubt or a state lies in the future', () => {
    const all = Array.from({ length: 20 }, (_, i) => state(i * 1000));
    expect(forget(all)).toHaveLength(10);
    expect(forget(all, { clockInDoubt: true })).toEqual([]);
    expect(forget([...all, state(-2 * day)])).toEqual([]);
    expect(forget([state(0), { ...state(0), id: 'a' }, { ...state(0), id: 'z' }])).toEqual([]);
  });
});
