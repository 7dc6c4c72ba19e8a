import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { startOf } from './processes.ts';

/** `$REPRISE_HOME/tmp`: in it each process has a folder named by its pid and start, so that others know whose it is. */
const parentOf = (home: string): string => join(home, 'tmp');
const ownName = (): string => `${process.pid}-${startOf(process.pid) ?? '0'}`;

/** How many things in this process's folder of each home are in use. */
const uses = new Map<string, number>();

/** This process's folder, not made yet; disposing the last use of it removes it where it is empty. */
export function useWorkFolder(home: string): Disposable & { readonly path: string } {
  const path = join(parentOf(home), ownName());
  uses.set(path, (uses.get(path) ?? 0) + 1);
  return {
    path,
    [Symbol.dispose]() {
      const left = (uses.get(path) ?? 1) - 1;
      uses.set(path, left);
      if (left > 0) return;
      try {
        rmdirSync(path);
      } catch {
        // Never made, or something is left in it: swept once this process is gone.
      }
    },
  };
}

/**
 * Removes what processes that are gone could not: states they were writing, files of mode 0600 with a password. `all`:
 * what no process's name is on, too.
 */
export function sweepWorkFolders(home: string, { all }: { readonly all: boolean }): void {
  for (const name of namesIn(parentOf(home))) {
    const [, pid, start] = /^(\d+)-(\d+)$/.exec(name) ?? [];
    const isDead = pid === undefined ? all : startOf(Number(pid)) !== start;
    if (isDead) rmSync(join(parentOf(home), name), { recursive: true, force: true });
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // nothing was ever made there
  }
}
