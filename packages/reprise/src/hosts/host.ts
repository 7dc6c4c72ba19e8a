import type { Readable, Writable } from 'node:stream';

import type { Secret } from '../lib/secret.ts';

/** A command line and what its process gets. `argv` is strings only: a Secret cannot be put in it. */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  /** Run as this user (with its groups); default: the user that runs Reprise. */
  readonly user?: string | undefined;
  readonly cwd?: string | undefined;
  /** The whole environment beside PATH, LANG=C.UTF-8, HOME and REPRISE_RUN: nothing is inherited. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Put in the environment of exactly this process. */
  readonly secrets?: Readonly<Record<string, Secret>> | undefined;
  /** Without it, stdin is empty. */
  readonly stdin?: 'pipe' | 'empty' | undefined;
  /** How long after TERM the group is killed; milliseconds, default 5000. */
  readonly grace?: number | undefined;
  /**
   * Starts something that goes on after it: a service. What it leaves in the background is not ended with
   * it, does not carry REPRISE_RUN, and holds no pipe of Reprise: output goes to a file of the host, whose end is
   * `Exit.stderr`; `stdout` and `stderr` are empty. Until the command itself has ended, abort ends its whole group.
   */
  readonly lasting?: boolean | undefined;
}

export interface Exit {
  /** null: ended by a signal. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last 8 KiB, secrets of the command masked. */
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Not masked. Once it was asked for it must be read, or the program may wait for ever. */
  readonly stderr: Readable;
  /**
   * How it ended, once its output is closed; never rejects for an exit code. Rejects with the signal's reason on abort.
   */
  readonly exit: Promise<Exit>;
}

export interface Directory extends AsyncDisposable {
  readonly path: string;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface FileStat {
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** `<device>:<inode>`, the identity of a place. */
  readonly id: string;
}

/**
 * Where commands and files are: this machine; later inside a container, or over ssh. Conformance: `hosts/conformance`.
 */
export interface Host extends AsyncDisposable {
  readonly name: string;
  /**
   * Starts a program in its own process group; abort ends the group (TERM, then KILL after `grace`), and so does the
   * end of Reprise where it can. Throws `process.missing` when the program is not there.
   */
  run(command: Command, signal: AbortSignal): Promise<Running>;
  /**
   * The argv that runs `command` when another program of this host starts it (restic's `--stdin-from-command`): clean
   * environment, user, cwd, REPRISE_RUN. Throws TypeError if the command has `secrets`: they would be seen in argv.
   */
  wrap(command: Command): readonly [string, ...string[]];
  read(path: string, signal: AbortSignal): Promise<Readable>;
  /** Atomic (temporary file, fsync, rename, fsync of the folder). `owner`: user name that shall own it. */
  write(
    path: string,
    body: Readable | string | Secret,
    mode: number,
    signal: AbortSignal,
    owner?: string,
  ): Promise<void>;
  /** undefined: nothing there. Does not follow symbolic links. */
  stat(path: string, signal: AbortSignal): Promise<FileStat | undefined>;
  list(path: string, signal: AbortSignal): Promise<readonly string[]>;
  mkdir(path: string, mode: number, signal: AbortSignal): Promise<void>;
  rename(from: string, to: string, signal: AbortSignal): Promise<void>;
  /** Never crosses into another file system. */
  remove(path: string, signal: AbortSignal): Promise<void>;
  /** Bytes free at the place of `path`, for an unprivileged user. */
  free(path: string, signal: AbortSignal): Promise<number>;
  /**
   * A fresh folder (0700, owned by `owner`) with `bytes` claimed against other scratch folders of this host; removed at
   * dispose. Throws `scratch.full`.
   */
  scratch(bytes: number, signal: AbortSignal, owner?: string): Promise<Directory>;
  /** A way from here to an endpoint that this host sees; on the local host the endpoint itself. */
  forward(to: Endpoint, signal: AbortSignal): Promise<Endpoint & AsyncDisposable>;
}
