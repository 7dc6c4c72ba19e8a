import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, Readable, Transform, Writable } from 'node:stream';

import { RepriseError } from '../lib/errors/index.ts';
import type { Secret } from '../lib/secret.ts';
import { sweep, Tail } from '../lib/streams.ts';
import { bindToOurEnd, endGroup, signalGroup } from './group.ts';
import type { Command, Exit, Running } from './host.ts';
import type { Launch } from './launch.ts';
import { hideIn, maskedEnd, openLog, roomFor, tailOf } from './output.ts';

/** How much of stderr an error quotes. */
const stderrLimit = 8192;
const defaultGrace = 5000;

export interface Start {
  readonly command: Command;
  readonly launch: Launch;
  readonly host: string;
  /** Where what a lasting command prints goes. */
  readonly log: string | undefined;
}

/**
 * Starts a program in its own session and process group, and ends the whole group on abort and at our own end. The
 * rules: while the program runs, the group is ours to end. When it has ended, whoever of its group still holds its
 * output is waited for (it may be writing a part); once the output is closed the rest of the group is ended. A lasting
 * command has no output of ours to hold, and what it left running is not touched.
 */
export async function start(how: Start, signal: AbortSignal): Promise<Running> {
  signal.throwIfAborted();
  const { command, launch } = how;
  await using log = command.lasting === true ? await openLog(how.log) : undefined;
  const output = log === undefined ? ('pipe' as const) : log.fd;
  const secrets = Object.entries(command.secrets ?? {});
  const child = spawn(launch.argv[0], launch.argv.slice(1), {
    detached: true,
    cwd: launch.cwd,
    env: { ...launch.env, ...Object.fromEntries(secrets.map(([name, s]) => [name, s.reveal()])) },
    stdio: [command.stdin === 'pipe' ? 'pipe' : 'ignore', output, output],
  });
  const pid = await spawned(child, how);
  const hidden = secrets.map(([, s]) => s);
  const tail = collect(child.stderr, hidden);
  const stdout = child.stdout === null ? Readable.from([]) : heldOutput(child.stdout, signal);
  const exit = ended(child, pid, command, signal, async () => {
    if (command.lasting !== true) return tail();
    await hideIn(how.log, hidden);
    const end = await tailOf(how.log, stderrLimit + roomFor(hidden));
    return maskedEnd(end, stderrLimit, hidden).toString('utf8');
  });
  exit.catch(() => {}); // whoever started it may look later
  // EPIPE, or destroyed by an abort: how it ended tells the story.
  child.stdin?.on('error', () => {});
  let stderr: Readable | undefined;
  return {
    pid,
    stdin: child.stdin ?? closedInput(),
    stdout,
    get stderr() {
      return (stderr ??= child.stderr === null ? Readable.from([]) : copyOf(child.stderr, tail()));
    },
    exit,
  };
}

/** Waits until the program was really started: a missing interpreter or a full process table shows here. */
async function spawned(child: ChildProcess, { command, host }: Start): Promise<number> {
  try {
    await once(child, 'spawn');
  } catch (e) {
    const program = command.argv[0];
    const { code = 'error' } = e as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new RepriseError('process.missing', { program, host }, { cause: e });
    throw new RepriseError('process.failed', { program, how: code, stderr: '' }, { cause: e });
  }
  return child.pid as number;
}

/** Settles when output is closed and the group ended. */
async function ended(
  child: ChildProcess,
  pid: number,
  command: Command,
  signal: AbortSignal,
  stderr: () => Promise<string> | string,
): Promise<Exit> {
  const lasting = command.lasting === true;
  const bound = bindToOurEnd(pid);
  let alone = false; // nobody left in the group: its number may become somebody else's
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      alone = lasting || !signalGroup(pid, 0);
      if (alone) bound[Symbol.dispose]();
      resolve();
    });
  });
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const end = async (): Promise<void> => {
    if (!alone) await endGroup(pid, command.grace ?? defaultGrace);
  };
  let ending: Promise<void> | undefined;
  const abort = (): void => {
    ending ??= end()
      .then(() => exited)
      .finally(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      });
  };
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    const [code, by] = await closed;
    if (ending === undefined) await end();
    else await ending;
    signal.throwIfAborted();
    return { code, signal: by, stderr: await stderr() };
  } finally {
    signal.removeEventListener('abort', abort);
    bound[Symbol.dispose]();
  }
}

/**
 * stdout, kept for a reader that comes late: when a program ends, Node lets an output that nobody reads yet flow into
 * nothing. A short dump would be lost, with exit status 0. An abort is told to the reader before anything is ended, or
 * it would see the end of the stream as if it were whole.
 */
function heldOutput(body: Readable, signal: AbortSignal): Readable {
  const held = new Transform({
    highWaterMark: 1024 * 1024,
    // Not a listener for `data` beside the pipe: with two of them the pipe's pauses no longer hold.
    transform: (chunk: Buffer, _encoding, done) => {
      sweep(chunk.length);
      done(null, chunk);
    },
  });
  held.on('error', () => {}); // destroyed by an abort: `exit` tells
  body.on('error', (e) => held.destroy(e));
  body.pipe(held);
  const abort = (): void => void held.destroy(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  held.once('close', () => {
    signal.removeEventListener('abort', abort);
    if (held.readableEnded) return;
    body.unpipe(held);
    // The reader quits early: so shall the program, by SIGPIPE. After an abort it may still say what it cleans up.
    if (signal.aborted) body.resume();
    else body.destroy();
  });
  return held;
}

/** Reads stderr always, so that the program never waits for us; gives its end, secrets masked. */
function collect(body: Readable | null, secrets: readonly Secret[]): () => string {
  const tail = new Tail(stderrLimit + roomFor(secrets));
  body?.on('data', (chunk: Buffer) => tail.push(chunk));
  body?.on('error', () => {});
  return () => maskedEnd(tail.bytes(), stderrLimit, secrets).toString('utf8');
}

/** stderr for a reader that asks for it: what came so far, then the rest, at the reader's pace. */
function copyOf(body: Readable, sofar: string): Readable {
  const copy = new PassThrough();
  copy.write(sofar);
  body.pipe(copy);
  body.once('close', () => copy.end());
  return copy;
}

function closedInput(): Writable {
  const input = new Writable({ write: (_chunk, _encoding, done) => done() });
  input.end();
  return input;
}
