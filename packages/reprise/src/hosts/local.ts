import { join } from 'node:path';

import type { Clock } from '../lib/clock.ts';
import { RepriseError } from '../lib/errors/index.ts';
import {
  freeAt,
  makeFolder,
  mountIn,
  namesIn,
  openToRead,
  renameDurably,
  statOf,
  writeAtomically,
} from './files.ts';
import { quiet } from './finish.ts';
import type { Command, Host } from './host.ts';
import { launchOf, wrapped } from './launch.ts';
import { logOf } from './output.ts';
import { start } from './process.ts';
import { claimScratch } from './scratch.ts';
import { become } from './users.ts';

export interface LocalHostDeps {
  readonly name?: string;
  /** The run whose id every child carries; null outside of runs. */
  readonly run: string | null;
  /** Where working files go; every user that commands run as must be able to reach it. */
  readonly scratchRoot: string;
  readonly clock: Clock;
}

/** This machine. Disposing it ends what it started (lasting commands that have ended excepted). */
export function localHost(deps: LocalHostDeps): Host {
  const { run, scratchRoot, clock } = deps;
  const name = deps.name ?? 'local';
  const on = { name, run };
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();

  const host: Host = {
    name,
    async run(command: Command, signal) {
      const launch = launchOf(command, on);
      const log = command.lasting === true ? logOf(join(scratchRoot, 'output'), command.argv) : undefined;
      const started = await start(
        { command, launch, host: name, log },
        AbortSignal.any([signal, closing.signal]),
      );
      const over: Promise<void> = started.exit.then(
        () => void running.delete(over),
        () => void running.delete(over),
      );
      running.add(over);
      return started;
    },
    wrap: (command) => wrapped(command, on),
    read: openToRead,
    write: async (path, body, mode, signal, owner) =>
      writeAtomically(path, body, mode, owner === undefined ? undefined : become(owner, name).user, signal),
    stat: async (path, signal) => (signal.throwIfAborted(), statOf(path)),
    list: async (path, signal) => (signal.throwIfAborted(), namesIn(path)),
    mkdir: async (path, mode, signal) => (signal.throwIfAborted(), makeFolder(path, mode)),
    rename: async (from, to, signal) => (signal.throwIfAborted(), renameDurably(from, to)),
    async remove(path, signal) {
      const mount = await mountIn(path);
      if (mount !== undefined) throw new RepriseError('path.mounted', { path, mount });
      // rm walks with openat: a folder swapped for a symbolic link meanwhile cannot lead it elsewhere.
      const argv = ['rm', '-rf', '--one-file-system', '--preserve-root=all', '--', path] as const;
      await quiet(host, { argv }, signal);
    },
    free: async (path, signal) => (signal.throwIfAborted(), freeAt(path)),
    scratch: (bytes, signal, owner) =>
      claimScratch(
        { host, root: scratchRoot, clock },
        bytes,
        owner === undefined ? undefined : become(owner, name).user,
        signal,
      ),
    forward: async (to, signal) => (
      signal.throwIfAborted(),
      { ...to, [Symbol.asyncDispose]: async () => {} }
    ),
    async [Symbol.asyncDispose]() {
      closing.abort(new DOMException(`Host ${name} is closed.`, 'AbortError'));
      await Promise.allSettled(running);
    },
  };
  return host;
}
