import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Point } from '@reprise/contracts';
import { expect } from 'vitest';

import { openApp } from '../../packages/reprise/src/app.ts';
import { until } from '../testbed/process.ts';
import type { Result } from '../world/world.ts';
import { type Arena, copy, entriesIn } from './arena.ts';
import { insideOf, moves, type Trace, traceOf } from './positions.ts';
import type { Start } from './programs.ts';

/** A command, the state it begins from, and what is right after it. */
export interface Case {
  readonly name: string;
  readonly args: readonly string[];
  readonly kept: string;
  /** How it ends when it went well; 0 where nothing else is said. */
  readonly exit?: number;
  /** It holds the service at rest: with Reprise dead that answers again within 10 s. */
  readonly holds: boolean;
  /** Makes the live system what the command finds. */
  prepare(): Promise<void>;
  /** With Reprise dead and not started again: what must hold. */
  meanwhile(): Promise<void>;
  /** After the command has ended, whichever way it got there. */
  right(last: Result): Promise<void>;
}
/** How Reprise dies: where it is told to, or from outside, so many milliseconds after the n-th program that moves data began. */
export type Death = { readonly at: string } | { readonly stream: number; readonly afterMs: number };
export interface Outcome {
  /** Seconds until the service answered; with Reprise dead. Null: nobody held it. */
  readonly answered: number | null;
  readonly seconds: number;
  /** Steps that had finished when it died. */
  readonly done: ReadonlySet<string>;
  /** It died, rather than ending before. */
  readonly killed: boolean;
  /** The program and step that its death fell into: `restic backup in capture:db`; null: none that moves data. */
  readonly inside: string | null;
}

/** The whole command, undisturbed: what each position is derived from. */
export async function undisturbed(arena: Arena, of: Case): Promise<Trace> {
  await arena.back(of.kept);
  await of.prepare();
  arena.programs.clear();
  const began = performance.now();
  const result = await arena.world.run(of.args);
  expect(result.code, `${result.stdout}\n${result.stderr}`).toBe(of.exit ?? 0);
  const ms = performance.now() - began;
  const trace = traceOf(arena.entries(), arena.programs.starts(), ms);
  await of.right(result);
  return trace;
}

/** Kills the command, looks at what it left, types it again, and looks at that. */
export async function trial(arena: Arena, of: Case, trace: Trace, death: Death): Promise<Outcome> {
  const { world, programs } = arena;
  const began = performance.now();
  await arena.back(of.kept);
  await of.prepare();
  const before = arena.entries().at(-1)?.seq ?? 0;
  programs.clear();
  const first = await killed(arena, of, death);
  const starts = programs.starts();
  const how = 'at' in death ? death.at : `${death.afterMs} ms after start ${death.stream} of data`;
  const label = `${of.name} killed ${how}`;
  if ('at' in death) expect(first.code, `${label}: that moment never came\n${first.stdout}`).toBe(null);
  const answered = of.holds ? await answers(arena) : null;
  await of.meanwhile();

  const left = arena.entries().filter((e) => e.seq > before);
  const run = left.find((e) => e.type === 'run.started')?.run;
  const done = new Set(
    left.filter((e) => e.run === run && e.type === 'step.finished').map((e) => e.step ?? ''),
  );
  const inside =
    first.code === null
      ? insideOf(
          left.filter((e) => e.run === run),
          starts,
        )
      : null;
  programs.clear();
  const second = first.code === null ? await world.run(of.args) : first;
  expect(second.code, `${label}, again: ${second.error}\n${second.stdout}\n${second.stderr}`).toBe(
    of.exit ?? 0,
  );
  if (first.code === null && run !== undefined && run !== null) resumed(arena, run, done, trace, label);
  await of.right(second);
  expect(orphansOf(arena), `${label}: processes left`).toEqual([]);
  const seconds = (performance.now() - began) / 1000;
  return { answered, seconds, done, killed: first.code === null, inside };
}

async function killed({ world, programs }: Arena, { args }: Case, death: Death): Promise<Result> {
  if ('at' in death) {
    const { result } = await world.start(args, { env: { REPRISE_TEST_KILL: death.at } });
    return await result;
  }
  const { child, result } = await world.start(args);
  const ended = result.then(() => true);
  while (programs.starts().filter(moves).length < death.stream)
    if (await Promise.race([ended, sleep(5, false)])) return await result;
  await Promise.race([sleep(death.afterMs), ended]);
  child.kill('SIGKILL');
  return await result;
}

/** The promise: within 10 s, by nobody's help. */
export async function answers({ world }: Arena, seconds = 10): Promise<number> {
  const began = performance.now();
  await until(
    async () => await world.answers(),
    seconds,
    () => `the service did not answer within ${seconds} s, and nobody started Reprise again`,
  );
  return (performance.now() - began) / 1000;
}

/** The same run went on; what had finished was not done again, by the journal and by the counted starts. */
function resumed(arena: Arena, run: string, done: ReadonlySet<string>, trace: Trace, label: string): void {
  const entries = arena.entries().filter((e) => e.run === run);
  const again = entries.findIndex((e) => e.type === 'run.resumed');
  expect(again, `${label}: the run was not continued`).toBeGreaterThan(0);
  const redone = entries.slice(again).filter((e) => e.type === 'step.started' && done.has(e.step ?? ''));
  expect(
    redone.map((e) => e.step),
    `${label}: finished steps done again`,
  ).toEqual([]);
  const twice = entries.filter((e) => e.type === 'step.finished').map((e) => e.step);
  expect(twice.length, `${label}: a step finished twice`).toBe(new Set(twice).size);

  const counts = (starts: readonly Start[], program: string): number =>
    worked(starts.filter((s) => s.program === program)).length;
  for (const program of ['restic', 'pg_dump', 'pg_restore']) {
    const spared = trace.steps.filter((s) => done.has(s.step)).flatMap((s) => s.starts);
    const most = counts(trace.starts, program) - counts(spared, program);
    const started = arena.programs.starts();
    expect(
      counts(started, program),
      `${label}: more starts of ${program} than the ${most} of what was left\n${started.map((s) => s.argv.slice(0, 100)).join('\n')}`,
    ).toBeLessThanOrEqual(most);
  }
}

/**
 * Starts that did a step's work. Each process asks once which restic it has, and whether a repository opens; and what met
 * the lock of a restic that was left alone was refused: an `unlock`, then the very same again, are one with it.
 */
function worked(starts: readonly Start[]): readonly string[] {
  const at = new Map<string, number>();
  let unlocked = -1;
  return starts.flatMap(({ argv }, i) => {
    if (/^(version|cat )/.test(argv)) return [];
    if (argv.startsWith('unlock')) unlocked = i;
    const same = argv.replace(/ --retry-lock \d+s/, '');
    const refused = (at.get(same) ?? Infinity) < unlocked;
    at.set(same, i);
    return argv.startsWith('unlock') || refused ? [] : [same];
  });
}

/** Processes of this world's runs that are still there. */
export function orphansOf({ world }: Pick<Arena, 'world'>): readonly string[] {
  const runs = new Set(entriesIn(world.home).map((e) => `REPRISE_RUN=${e.run}`));
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const mine = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
        if (!mine.some((v) => runs.has(v))) return [];
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return command === '' ? [] : [command.slice(0, 120)];
      } catch {
        return []; // ended while we looked
      }
    });
}

/** No half point: all that is listed has its parts, here and after a rebuild from the repositories alone. */
export async function listed(arena: Arena, rebuild: boolean): Promise<readonly Point[]> {
  const { world } = arena;
  const local = await pointsIn(arena, world.home);
  whole(arena, local);
  if (!rebuild) return local;
  const home = join(world.dir, 'rebuilt');
  await copy(world.home, home); // the run that is left is not touched
  await world.ok(['catalogue', 'rebuild'], { home });
  const points = await pointsIn(arena, home);
  whole(arena, points);
  const proven = points.map((p) => p.id);
  for (const { id } of local) expect(proven, 'listed here, but a rebuild does not find it').toContain(id);
  return points;
}

/** As `reprise points` lists them, without starting it three hundred times. */
async function pointsIn({ world }: Arena, home: string): Promise<readonly Point[]> {
  const options = { planFile: world.planFile, home, env: {}, language: 'en', log: () => {} } as const;
  await using app = await openApp(options, 'read');
  return app.points().map((p) => ({ ...p }));
}

function whole(arena: Arena, points: readonly Point[]): void {
  for (const point of points)
    for (const { repository, parts } of point.copies) {
      const there = arena.snapshots(repository as 'primary' | 'copy');
      for (const part of parts)
        expect(there, `${point.id} lists ${part.name} in ${repository}`).toContain(part.snapshot);
    }
}
