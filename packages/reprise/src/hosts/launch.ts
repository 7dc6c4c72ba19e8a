import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

import { RepriseError } from '../lib/errors/index.ts';
import type { Command } from './host.ts';
import { become, type User } from './users.ts';

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
export const searchPath = (): string => process.env['PATH'] || defaultPath;

/** The part of a command that says what is started. */
type Launchable = Pick<Command, 'argv' | 'user' | 'cwd' | 'env' | 'secrets' | 'lasting'>;
/** A command made ready to start: nothing left to look up. */
export interface Launch {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** Without the secrets. */
  readonly env: Readonly<Record<string, string>>;
  readonly user: User;
}

/**
 * Resolves program, user, folder and environment. Programs are looked up here, not by the kernel: behind `setpriv` or
 * `env` a missing one would only be an exit code. Throws `process.missing`, `user.missing`, `user.forbidden`,
 * `path.failed` for a folder that is not there.
 */
export function launchOf(
  command: Launchable,
  on: { readonly name: string; readonly run: string | null },
): Launch {
  const { user, prefix } = become(command.user, on.name);
  const cwd = command.cwd ?? '/';
  if (!isDirectory(cwd)) throw new RepriseError('path.failed', { path: cwd, doing: 'cd', why: 'ENOENT' });
  const [program, ...args] = command.argv;
  const path = command.env?.['PATH'] ?? searchPath();
  const file = (name: string): string => {
    const found = which(name, path, cwd);
    if (found === undefined) throw new RepriseError('process.missing', { program: name, host: on.name });
    return found;
  };
  const [first, ...rest] = prefix;
  return {
    argv: first === undefined ? [file(program), ...args] : [file(first), ...rest, file(program), ...args],
    cwd,
    user,
    env: {
      PATH: path,
      LANG: 'C.UTF-8',
      HOME: user.home,
      ...command.env,
      ...(on.run === null || command.lasting === true ? {} : { REPRISE_RUN: on.run }),
    },
  };
}

/**
 * The argv by which another program starts it: `env -i` clears what that program has, keys included. Throws TypeError
 * for secrets (they would be seen in argv) and for a program whose name holds `=` (env would take it for a variable).
 */
export function wrapped(
  command: Launchable,
  on: { readonly name: string; readonly run: string | null },
): [string, ...string[]] {
  if (command.secrets !== undefined && Object.keys(command.secrets).length > 0)
    throw new TypeError('A command that another program starts cannot have secrets: use 0600 files.');
  const { argv, cwd, env } = launchOf(command, on);
  if (argv[0].includes('='))
    throw new TypeError(`${argv[0]} cannot be started through env: its name holds "=".`);
  const variables = Object.entries(env).map(([k, v]) => `${k}=${v}`);
  return [which('env', searchPath(), '/') ?? '/usr/bin/env', '-i', `--chdir=${cwd}`, ...variables, ...argv];
}

/** The file that would be run for a name: as the shell looks for it along PATH. */
export function which(program: string, path: string, cwd: string): string | undefined {
  if (program.includes('/'))
    return isProgram(join(program.startsWith('/') ? '' : cwd, program)) ? program : undefined;
  return path
    .split(delimiter)
    .map((folder) => join(resolve(cwd, folder), program))
    .find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
