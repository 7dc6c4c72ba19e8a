import { howEnded } from '../hosts/finish.ts';
import type { Command, Exit, Host } from '../hosts/host.ts';
import { RepriseError, unlooked } from '../lib/errors/index.ts';
import type { Log } from '../lib/language.ts';
import { bounded } from '../lib/streams.ts';

const limit = 64 * 1024 * 1024;

export interface Output {
  readonly exit: Exit;
  readonly stdout: string;
}

/** Runs a short command to its end, `stdin` given to it; for output that is known to be small (at most 64 MiB). */
export async function output(
  host: Host,
  command: Command,
  signal: AbortSignal,
  stdin?: string | Iterable<Buffer>,
): Promise<Output> {
  const running = await host.run(stdin === undefined ? command : { ...command, stdin: 'pipe' }, signal);
  running.stderr.resume();
  if (stdin !== undefined) {
    running.stdin.on('error', () => {}); // it ended before it read everything: its exit says why
    for (const chunk of typeof stdin === 'string' ? [stdin] : stdin) running.stdin.write(chunk);
    running.stdin.end();
  }
  const [text, exit] = await Promise.all([bounded(running.stdout, limit), running.exit]);
  if (text === undefined) throw new RangeError(`${command.argv[0]} wrote more than ${limit} bytes`);
  return { exit, stdout: text };
}

/** Its stdout; throws `process.failed` unless it ended with 0. */
export async function demand(
  host: Host,
  command: Command,
  signal: AbortSignal,
  stdin?: string,
): Promise<string> {
  const { exit, stdout } = await output(host, command, signal, stdin);
  if (exit.code !== 0) throw failed(command, exit);
  return stdout;
}

export const failed = (command: Command, exit: Exit): RepriseError =>
  new RepriseError('process.failed', {
    program: command.argv[0],
    how: howEnded(exit),
    stderr: exit.stderr.trim().slice(-2000),
  });

/**
 * Says what the programs that looked around below `path` complained of: what they could not read they pass over, and a
 * pipe has the exit status of its last program.
 */
export function sayUnlooked(path: string, { stderr }: Exit, { log }: { readonly log: Log }): void {
  const last = stderr.trim().split('\n').at(-1) ?? '';
  if (last !== '') log(unlooked(path, new Error(last)));
}

/**
 * The path behind symbolic links, its last part allowed to be absent: what is renamed or replaced must be the folder
 * itself, not a link to it. Source: GNU coreutils manual, "readlink -f".
 */
export async function canonical(host: Host, path: string, signal: AbortSignal): Promise<string> {
  const { exit, stdout } = await output(host, { argv: ['readlink', '-f', '-z', '--', path] }, signal);
  const found = stdout.replace(/\0$/, '');
  return exit.code === 0 && found !== '' ? found : path; // a parent is absent too: nothing to follow
}
