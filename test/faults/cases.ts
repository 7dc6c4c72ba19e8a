import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Point } from '@reprise/contracts';
import { expect } from 'vitest';

import { must } from '../testbed/process.ts';
import { type Arena, copy } from './arena.ts';
import { type Case, listed } from './trial.ts';

const components = ['db', 'notes', 'uploads'];
const app = join(import.meta.dirname, '../world/app.mjs');
const ids = (points: readonly Point[]): string[] => points.map((p) => p.id).toSorted();

/** A rebuild reads the repositories alone: where as many snapshots lie in them as before, it was seen. */
function unseen(arena: Arena, seen: Set<string>): boolean {
  const state = `${arena.snapshots('primary').length} ${arena.snapshots('copy').length}`;
  const known = seen.has(state);
  seen.add(state);
  return !known;
}

/** Needs a kept state in which an older backup exists. */
export async function backupCase(arena: Arena, kept: string): Promise<Case> {
  const before = ids(await arena.world.points());
  const seen = new Set<string>();
  const fresh = (points: readonly Point[]): readonly Point[] => points.filter((p) => !before.includes(p.id));
  return {
    name: 'backup',
    holds: true,
    args: ['backup'],
    kept,
    prepare: async () => {},
    async meanwhile() {
      const made = fresh(await listed(arena, unseen(arena, seen)));
      expect([0, components.length], 'a group, and a run, is listed whole or not').toContain(made.length);
    },
    async right() {
      const made = fresh(await listed(arena, unseen(arena, seen)));
      expect(made.map((p) => p.component).toSorted()).toEqual(components);
      for (const point of made) {
        const copies = point.copies.filter((c) => c.committed === true).map((c) => c.repository);
        expect(copies.toSorted(), point.id).toEqual(['copy', 'primary']);
      }
      expect(new Set(made.flatMap((p) => p.group?.id ?? [])).size, 'one group').toBe(1);
      expect(await arena.world.answers()).toBe(true);
    },
  };
}

/** Needs a kept state in which more points exist than retention keeps. */
export async function maintainCase(arena: Arena, kept: string): Promise<Case> {
  const before = await arena.world.points();
  let expected: readonly string[] | undefined;
  const seen = new Set<string>();
  return {
    name: 'maintain',
    holds: false,
    args: ['maintain', '--repository', 'primary', '--read-data', '1/1'],
    kept,
    prepare: async () => {},
    meanwhile: async () => void (await listed(arena, unseen(arena, seen))),
    async right() {
      const points = await listed(arena, unseen(arena, seen));
      expect(points.length).toBeGreaterThan(0);
      expect(points.length, 'retention forgets').toBeLessThanOrEqual(before.length);
      const inPrimary = points.filter((p) => p.copies.some((c) => c.repository === 'primary'));
      expect(inPrimary.length, 'retention of the primary').toBeLessThan(before.length);
      expected ??= ids(inPrimary);
      expect(ids(inPrimary)).toEqual(expected);
      const gone = before.filter((p) => !expected?.includes(p.id));
      const there = new Set(arena.snapshots('primary'));
      const parts = gone
        .flatMap((p) => p.copies.filter((c) => c.repository === 'primary'))
        .flatMap((c) => c.parts);
      expect(
        parts.filter((p) => there.has(p.snapshot)),
        'forgotten and still there',
      ).toEqual([]);
    },
  };
}

/** Over a live component, with consent: what was there is put aside, never lost. */
export async function restoreCase(arena: Arena, kept: string): Promise<Case> {
  const { world } = arena;
  const at = join(world.dir, 'kept', 'live-app');
  await world.sqlite("insert into notes (file) values ('later.txt')");
  await copy(world.live('app'), at);
  const keptAside = async (): Promise<void> => {
    const notes = readdirSync(world.live('app')).filter((f) => f.startsWith('notes.db'));
    const rows = await Promise.all(notes.filter((f) => !/-(wal|shm)$/.test(f)).map((f) => rowsOf(arena, f)));
    expect(rows, 'what was live is there still, under its name or beside').toContain('4');
  };
  return {
    name: 'restore',
    holds: false,
    args: ['restore', 'notes', '--replace', 'notes'],
    exit: 3, // the folder of its group stays as it is
    kept,
    async prepare() {
      const pid = world.live('app.pid');
      await must([process.execPath, app, 'stop', pid]);
      await copy(at, world.live('app'));
      const port = /APP_PORT: \{port: (\d+)\}/.exec(readFileSync(world.planFile, 'utf8'))?.[1] ?? '';
      await must([process.execPath, app, 'start', port, pid]);
    },
    meanwhile: keptAside,
    async right() {
      expect(await rowsOf(arena, 'notes.db')).toBe('3');
      await keptAside();
      expect(await world.answers(), 'it ran before, it runs again').toBe(true);
    },
  };
}

async function rowsOf({ world }: Arena, file: string): Promise<string> {
  const path = world.live(`app/${file}`);
  if (!existsSync(path)) return 'none';
  return (await must(['sqlite3', path, 'select count(*) from notes']).catch(() => 'unreadable')).trim();
}

/** Everything is lost, servers and data. */
export function recoverCase({ world }: Arena, kept: string): Case {
  return {
    name: 'recover',
    holds: false,
    args: ['recover'],
    kept,
    prepare: async () => await world.destroy('db', 'app'),
    meanwhile: async () => {},
    async right({ json }) {
      expect(await world.psql('select count(*) from orders')).toBe('500');
      expect(await world.sqlite('select count(*) from notes')).toBe('3');
      expect(readdirSync(world.live('app/uploads')).toSorted()).toEqual(['a.txt', 'b.txt', 'c.txt']);
      expect(await world.answers()).toBe(true);
      for (const c of json.record.components) {
        expect(c.rto.actual_ms, `${c.component}: measured`).toBeTypeOf('number');
        expect(c.rpo.actual_ms, `${c.component}: measured`).toBeTypeOf('number');
      }
    },
  };
}
