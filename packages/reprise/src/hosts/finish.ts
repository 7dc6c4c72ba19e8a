import { basename } from 'node:path';

import { RepriseError } from '../lib/errors/index.ts';
import { bounded } from '../lib/streams.ts';
import type { Command, Exit, Host, Running } from './host.ts';

/** `exit 7` or `SIGKILL`: how a program ended, in no language. */
export const howEnded = (exit: Exit): string => (exit.code === null ? `${exit.signal}` : `exit ${exit.code}`);

/** Throws `process.failed` unless the exit status is 0. */
function check(exit: Exit, program: string): Exit {
  if (exit.code === 0) return exit;
  throw new RepriseError('process.failed', { program, how: howEnded(exit), stderr: exit.stderr.trim() });
}

/**
 * Waits for a program whose output is read elsewhere. Throws `process.failed` with the end of its stderr (secrets
 * masked) unless it exits 0; on abort the signal's reason.
 */
export const succeed = async (running: Running, program: string): Promise<Exit> =>
  check(await running.exit, program);

/**
 * Runs a program to its end and gives its stdout: `limit` bytes at most (default 1 MiB), else `process.output`, and
 * the program is ended. Throws as `succeed`.
 */
export async function text(
  host: Pick<Host, 'run'>,
  command: Command,
  signal: AbortSignal,
  limit = 1024 * 1024,
): Promise<string> {
  const program = basename(command.argv[0]);
  const enough = new AbortController();
  const running = await host.run(command, AbortSignal.any([signal, enough.signal]));
  const out = await bounded(running.stdout, limit);
  if (out === undefined) {
    enough.abort(new RepriseError('process.output', { program, limit }));
    await running.exit; // rejects with that reason once the group has ended
  }
  check(await running.exit, program);
  return out ?? '';
}

/** Runs a program for its effect; its stdout is dropped. Throws as `succeed`. */
export async function quiet(host: Pick<Host, 'run'>, command: Command, signal: AbortSignal): Promise<void> {
  check(await outcome(host, command, signal), basename(command.argv[0]));
}

/** Runs a program for its exit status; its stdout is dropped. */
export async function outcome(host: Pick<Host, 'run'>, command: Command, signal: AbortSignal): Promise<Exit> {
  const running = await host.run(command, signal);
  running.stdout.resume();
  return await running.exit;
}
