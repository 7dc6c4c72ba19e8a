import { describe, expect, test } from 'vitest';

import type { Entry } from './faults/arena.ts';
import { insideOf, moves, positionsOf, streamsOf, toTry, traceOf } from './faults/positions.ts';
import type { Start } from './faults/programs.ts';

/** What the fault suite picks its moments from: a suite that tries none, or none that matter, must not be green. */
let seq = 0;
const entry = (at: number, type: string, step: string | null = null): Entry => ({
  seq: (seq += 1),
  at,
  run: 'r',
  step,
  type,
  body: {},
});
const start = (at: number, line: string): Start => {
  const [program = '', ...argv] = line.split(' ');
  return { at, program, argv: argv.join(' '), found: '-' };
};
const entries = [
  entry(0, 'run.started'),
  entry(10, 'step.started', 'look:near'),
  entry(20, 'step.finished', 'look:near'),
  entry(30, 'step.started', 'capture:db'),
  entry(35, 'step.started', 'look:far'),
  entry(90, 'step.finished', 'look:far'),
  entry(130, 'step.finished', 'capture:db'),
  entry(140, 'step.started', 'check:db'),
  entry(190, 'step.finished', 'check:db'),
];
const starts = [
  start(11, 'restic snapshots --json'),
  start(40, 'restic backup --no-cache --stdin'),
  start(41, 'pg_dump -Fc shop'),
  start(100, 'restic cat config'),
  start(110, 'restic backup .'),
  start(150, 'restic dump --no-cache 12 /x'),
  start(160, 'pg_restore --list'),
  start(195, 'restic restore 12'),
];

describe('moments inside streams', () => {
  test('a program that moves data, from its start to the next one or the end of the step it belongs to', () => {
    expect(streamsOf(traceOf(entries, starts, 200))).toEqual([
      // Two steps were at work: until the first of them ended, whichever it belongs to.
      { nth: 1, program: 'restic backup', step: 'capture:db or look:far', ms: 1 },
      { nth: 2, program: 'pg_dump', step: 'capture:db or look:far', ms: 49 },
      { nth: 3, program: 'restic backup', step: 'capture:db', ms: 20 },
      { nth: 4, program: 'restic dump', step: 'check:db', ms: 10 },
      { nth: 5, program: 'pg_restore', step: 'check:db', ms: 30 },
    ]);
  });

  test('what only asks is none', () => {
    for (const line of ['restic snapshots', 'restic version', 'restic cat config', 'restic unlock'])
      expect(moves(start(1, line)), line).toBe(false);
    for (const line of ['pg_dump --version', 'pg_restore -V', 'pg_dumpall --globals-only'])
      expect(moves(start(1, line)), line).toBe(false);
    for (const line of ['restic copy x', 'restic restore x', 'pg_restore -d shop'])
      expect(moves(start(1, line)), line).toBe(true);
  });

  test('which one a death fell into: the last to start, where its step had not finished', () => {
    const dead = (at: number): string | null =>
      insideOf(
        entries.filter((e) => e.at <= at),
        starts.filter((s) => s.at <= at),
      );
    expect(dead(25)).toBeNull();
    expect(dead(45)).toBe('pg_dump in capture:db or look:far');
    expect(dead(95)).toBeNull(); // which of the two it belonged to, nobody wrote down
    expect(dead(125)).toBe('restic backup in capture:db');
    expect(dead(135)).toBeNull();
    expect(dead(155)).toBe('restic dump in check:db');
  });
});

describe('positions of a sweep', () => {
  const trace = traceOf(entries, starts, 200);
  test('those that are asked for by name, else all', () => {
    expect(toTry('backup', trace)).toEqual(positionsOf(trace));
    expect(toTry('backup', trace, 'backup before-finished@check')).toMatchObject([{ step: 'check:db' }]);
    expect(toTry('restore', trace, 'backup ')).toEqual([]);
  });
  test('none at all is no success', () => {
    const nothing = traceOf(entries.slice(0, 1), [], 200);
    expect(() => toTry('backup', nothing)).toThrow('backup: no position');
    expect(toTry('backup', nothing, '.')).toEqual([]);
  });
});
