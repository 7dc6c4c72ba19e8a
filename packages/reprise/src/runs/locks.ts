import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { guarded } from '../journal/database.ts';
import { makeFolder, writingIn } from '../journal/home.ts';
import { RepriseError } from '../lib/errors/index.ts';

/** Who holds a lock; for the message only: whether it is held is for the kernel to say. */
export interface Holder {
  readonly run: string;
  readonly pid: number;
}

/**
 * One thing that only one process may do at a time. A small SQLite file under `BEGIN EXCLUSIVE`: the kernel frees it
 * when the process ends, `kill -9` included, so there is no stale lock to judge.
 * Throws `run.locked` (exit 4), naming the run and process that hold it; `home.not-writable`, `journal.full`,
 * `journal.not-writable`.
 */
export async function lock(home: string, name: string, holder: Holder): Promise<Disposable> {
  const taken = await tryLock(home, name, holder);
  if (taken !== undefined) return taken;
  const by = holderOf(home, name);
  throw new RepriseError('run.locked', { what: name, run: by?.run ?? '?', pid: by?.pid ?? 0 });
}

/** As `lock`, but undefined where it is held. */
export async function tryLock(home: string, name: string, holder: Holder): Promise<Disposable | undefined> {
  const folder = join(home, 'locks');
  makeFolder(folder);
  const file = join(folder, `${name}.lock`);
  const db = writingIn(folder, () => {
    accessSync(folder, constants.W_OK); // SQLite does not say why it cannot
    return guarded(file, () => new DatabaseSync(file, { timeout: 0 }));
  });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (e) {
    db.close();
    if (/locked|busy/i.test((e as Error).message)) return undefined;
    return guarded(file, () => {
      throw e;
    });
  }
  try {
    writeFileSync(join(folder, `${name}.holder`), JSON.stringify(holder), { mode: 0o600 });
  } catch {
    // A full disk: who holds it is for the message alone.
  }
  return { [Symbol.dispose]: () => db.close() };
}

/** Locks of several names, in one order for everybody, so that two runs cannot wait for each other. */
export async function lockAll(home: string, names: Iterable<string>, holder: Holder): Promise<Disposable> {
  using stack = new DisposableStack();
  for (const name of [...new Set(names)].toSorted()) stack.use(await lock(home, name, holder));
  return stack.move();
}

/** Is nobody alive holding it? Used to tell a dead run from a running one. */
export async function isFree(home: string, name: string): Promise<boolean> {
  const held = await tryLock(home, name, holderOf(home, name) ?? { run: '?', pid: 0 });
  held?.[Symbol.dispose]();
  return held !== undefined;
}

/** As not `isFree`, for those who only look: nothing is taken or written. One that cannot be opened counts as held. */
export function isHeld(home: string, name: string): boolean {
  const file = join(home, 'locks', `${name}.lock`);
  if (!existsSync(file)) return false;
  try {
    using db = new DatabaseSync(file, { readOnly: true, timeout: 0 });
    db.exec('SELECT 1 FROM sqlite_master');
    return false;
  } catch {
    return true;
  }
}

export function holderOf(home: string, name: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(join(home, 'locks', `${name}.holder`), 'utf8')) as Holder;
  } catch {
    return undefined; // never written, or half written by a process that was killed
  }
}
