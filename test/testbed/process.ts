import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a finished process came to; `code` is null when a signal ended it. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
export interface Options {
  /** Run as this user (only root can); without it, as ourselves. */
  readonly user?: string | undefined;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
}

export const root = (): boolean => process.getuid?.() === 0;

/**
 * The unprivileged user servers of the test-bed run as: PostgreSQL refuses to run as root. Its package makes one;
 * who is not root already, stays who they are.
 */
export const unprivileged = (): string | undefined => (root() ? 'postgres' : undefined);

/** Numeric ids of a user, as `chown` wants them. */
export function ids(user: string): { uid: number; gid: number } {
  const of = (flag: string): number => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }).trim());
  return { uid: of('-u'), gid: of('-g') };
}

/** `argv` as it must be to run as `user`, ended by `deathSignal` if the process that started it dies. */
export function asUser(argv: readonly string[], user: string | undefined, deathSignal?: string): string[] {
  const death = deathSignal === undefined ? [] : ['--pdeathsig', deathSignal];
  if (user === undefined) return death.length === 0 ? [...argv] : ['setpriv', ...death, ...argv];
  const { uid, gid } = ids(user);
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...death, ...argv];
}

/** Runs to the end and gives what came out, whatever the exit code. Rejects if it cannot be started. */
export async function run(argv: readonly string[], options: Options = {}): Promise<Finished> {
  const [file = '', ...args] = asUser(argv, options.user);
  const child = spawn(file, args, {
    cwd: options.cwd ?? '/',
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  await once(child, 'spawn');
  // A program that does not read all of its input is no fault of ours: its exit code says what happened.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

/** Like `run`, but a failure throws with what the program said. */
export async function must(argv: readonly string[], options: Options = {}): Promise<string> {
  const { code, stdout, stderr } = await run(argv, options);
  if (code !== 0) throw new Error(`${argv[0]} ended with ${code}: ${stderr.trim() || stdout.trim()}`);
  return stdout;
}

/** A server in the background. Its last words are kept for error messages; it dies with this process. */
export interface Server {
  readonly pid: number;
  said(): string;
  running(): boolean;
  /** Sends the signal and waits until the process is gone; SIGKILL after `grace` ms. */
  end(signal: NodeJS.Signals, grace?: number): Promise<void>;
}

export async function serve(
  argv: readonly string[],
  options: Options & { deathSignal?: string } = {},
): Promise<Server> {
  const [file = '', ...args] = asUser(argv, options.user, options.deathSignal ?? 'KILL');
  const child: ChildProcess = spawn(file, args, {
    cwd: options.cwd ?? '/',
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await once(child, 'spawn');
  let said = '';
  const keep = (chunk: Buffer): void => {
    said = (said + chunk.toString('utf8')).slice(-8192);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    pid: child.pid ?? 0,
    said: () => said,
    running,
    async end(signal, grace = 10_000) {
      if (!running()) return;
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), grace);
      await gone;
      clearTimeout(timer);
    },
  };
}

/** Calls `probe` until it gives true. Throws with `why()` after `seconds`, or as soon as `alive` says no. */
export async function until(
  probe: () => Promise<boolean>,
  seconds: number,
  why: () => string,
  alive: () => boolean = () => true,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await probe())) {
    if (!alive() || performance.now() > end) throw new Error(why());
    await sleep(25);
  }
}

/** Pids of the direct children of `pid`, from /proc. */
export function children(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        // The name in brackets may hold spaces and brackets: fields count from the last one.
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid;
      } catch {
        return false; // ended while we looked
      }
    })
    .map(Number);
}
