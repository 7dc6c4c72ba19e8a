import { readdirSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { serverBins } from '../testbed/postgres.ts';
import { must, unprivileged } from '../testbed/process.ts';
import { mountTmpfs, whyNoTmpfs } from '../testbed/tmpfs.ts';
import { makeWorld, type World, type WorldOptions } from '../world/world.ts';
import { countingPrograms, programOf, type Programs } from './programs.ts';

/** An entry of the world's journal, as it lies in the database. */
export interface Entry {
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly run: string | null;
  readonly step: string | null;
  readonly type: string;
  // Bodies of every type are looked into.
  readonly body: any;
}

/** A world whose state can be put back, and whose starts of programs are counted. */
export interface Arena extends AsyncDisposable {
  readonly world: World;
  readonly programs: Programs;
  /** Keeps Reprise's home and the repositories under a name. Nothing may run. */
  keep(name: string): Promise<void>;
  /** As they were kept. */
  back(name: string): Promise<void>;
  entries(): readonly Entry[];
  /** Ids of the snapshots that lie in a repository: their file names. */
  snapshots(repository: 'primary' | 'copy'): readonly string[];
}

const kept = ['.reprise', 'primary', 'copy'] as const;

/**
 * Where worlds lie: in memory where that can be had. A thousand small transactions, each on the disk before it returns,
 * are what a machine with a slow disk would spend its time on; what is killed here is Reprise, not the machine.
 */
async function inMemory(): Promise<AsyncDisposable> {
  users += 1;
  memory ??= mountMemory();
  const mounted = await memory;
  return {
    async [Symbol.asyncDispose]() {
      users -= 1; // tests run beside each other: the last one takes it down
      if (users > 0) return;
      memory = undefined;
      await mounted?.[Symbol.asyncDispose]();
    },
  };
}
let users = 0;
let memory: Promise<AsyncDisposable | undefined> | undefined;

async function mountMemory(): Promise<AsyncDisposable | undefined> {
  if ((await whyNoTmpfs()) !== undefined) return undefined;
  const before = process.env['TMPDIR'];
  const mounted = await mountTmpfs({ bytes: 2 * 2 ** 30, mode: '0755' });
  process.env['TMPDIR'] = mounted.path;
  return {
    async [Symbol.asyncDispose]() {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
      await mounted[Symbol.asyncDispose]();
    },
  };
}

/** Three tiny components: a database server, and a group of a SQLite file and a folder behind a service. */
export async function makeArena(options: WorldOptions = {}): Promise<Arena> {
  await using stack = new AsyncDisposableStack();
  stack.use(await inMemory());
  const pgBin = (await serverBins())[0]?.bin ?? '';
  const path = process.env['PATH'] ?? '';
  const programs = stack.use(countingPrograms(programOf('restic', path), pgBin));
  const template = join(programs.path, 'template');
  const user = unprivileged();
  await must(['install', '-d', ...(user === undefined ? [] : ['-o', user]), '-m', '700', template]);
  const initdb = ['initdb', '--no-sync', '-D', template, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'];
  await must([join(pgBin, initdb[0] ?? ''), ...initdb.slice(1), '--locale=C.UTF-8'], { user });
  const world = stack.use(
    await makeWorld({
      without: ['config'],
      ...options,
      env: { PATH: `${programs.path}:${path}`, ...options.env },
      plan: (text) => {
        const changed = text
          .replace(`    bin: ${pgBin}\n`, `    bin: ${programs.bin}\n`)
          // One after the other, so that the journal says which state on disk each moment is.
          .replace('recovery: {', 'recovery: {parallel: 1, ')
          // A server made anew a hundred times: copied, not initialised.
          .replace(/&& \S+initdb .* >\/dev\/null &&/, `&& cp -a ${template}/. "$PGDATA" &&`);
        return options.plan?.(changed) ?? changed;
      },
    }),
  );
  const folder = (name: string): string => join(world.dir, 'kept', name);
  const arena: Arena = {
    world,
    programs,
    async keep(name) {
      await mkdir(folder(name), { recursive: true });
      for (const part of kept) await copy(join(world.dir, part), join(folder(name), part));
    },
    async back(name) {
      for (const part of kept) await copy(join(folder(name), part), join(world.dir, part));
    },
    entries: () => entriesIn(world.home),
    snapshots: (repository) => readdirSync(join(world.dir, repository, 'snapshots')),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
  const owned = stack.move();
  return arena;
}

export async function copy(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await must(['cp', '-a', '-T', from, to]);
}

export function entriesIn(home: string): readonly Entry[] {
  const db = new DatabaseSync(join(home, 'journal.sqlite'), { readOnly: true });
  try {
    return db
      .prepare('SELECT seq, at, run, step, type, text FROM entries ORDER BY seq')
      .all()
      .map((row) => ({
        seq: Number(row['seq']),
        at: Date.parse(String(row['at'])),
        run: row['run'] as string | null,
        step: row['step'] as string | null,
        type: String(row['type']),
        body: JSON.parse(String(row['text'])).body,
      }));
  } finally {
    db.close();
  }
}
