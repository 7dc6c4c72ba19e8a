import type { Readable, Writable } from 'node:stream';

import type { Command, Exit, Host } from '../../hosts/host.ts';
import type { Context } from '../kind.ts';
import { textOf } from './run.ts';

/** The head of a custom-format archive as `pg_restore --list` prints it. */
export interface Head {
  readonly exit: Exit;
  readonly list: string;
  readonly database: string | undefined;
  /** When pg_dump wrote it, by its host's clock, to the second. */
  readonly made: Date | undefined;
  readonly entries: readonly Entry[];
}
export interface Entry {
  readonly line: string;
  /** `TABLE DATA`, `DATABASE`, …: as the list begins after the two object numbers. */
  readonly rest: string;
}

export interface Archive extends Disposable {
  readonly head: Head;
  /** Enough of the archive for its table of contents. */
  readonly bytes: readonly Buffer[];
  /** All of it; ends with an error where it is not what was stored. */
  readonly whole: AsyncGenerator<Buffer, void>;
}

/**
 * Reads the table of contents off a stream: gives the bytes to `pg_restore --list` until it has seen enough, and
 * returns them (`bytes`) and, with what follows, as `whole`, so that nothing is fetched twice. Kept in memory: the
 * table of contents. Disposing it closes the stream, and with it the program that gives it.
 */
export async function readHead(
  body: Readable,
  lister: Command,
  host: Host,
  signal: AbortSignal,
): Promise<Archive> {
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const seen: Buffer[] = [];
  const asMuchAsItTakes = async (to: Writable): Promise<void> => {
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
      seen.push(next.value);
      if (!(await give(to, next.value))) break;
    }
    to.end();
  };
  const { exit, taken } = await runOn(lister, { host, signal }, asMuchAsItTakes, listed);
  const whole = async function* (): AsyncGenerator<Buffer, void> {
    yield* seen;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  };
  return {
    head: parseHead(taken, exit),
    bytes: seen,
    whole: whole(),
    [Symbol.dispose]: () => void body.destroy(),
  };
}

const listed = (out: Readable): Promise<string> => textOf(out, 256 * 1024 * 1024);

/**
 * Runs a program that is given its input and whose output is taken. When either fails (a stream turns out not to be
 * what was stored), the program is gone before that is thrown.
 */
export async function runOn<T>(
  command: Command,
  { host, signal }: Pick<Context, 'host' | 'signal'>,
  input: (to: Writable) => Promise<void>,
  output: (from: Readable) => Promise<T>,
): Promise<{ readonly exit: Exit; readonly taken: T }> {
  const stopping = new AbortController();
  const running = await host.run({ ...command, stdin: 'pipe' }, AbortSignal.any([signal, stopping.signal]));
  running.stdin.on('error', () => {}); // it has read enough and went away
  const [giving, taking] = [input(running.stdin), output(running.stdout)];
  for (const one of [giving, taking]) one.catch((e: unknown) => stopping.abort(e));
  const [given, taken, ended] = await Promise.allSettled([giving, taking, running.exit]);
  if (given.status === 'rejected') throw given.reason;
  if (taken.status === 'rejected') throw taken.reason;
  if (ended.status === 'rejected') throw ended.reason;
  return { exit: ended.value, taken: taken.value };
}

/** Writes, waiting until the reader took it; false once the reader is gone. */
const give = (to: Writable, chunk: Buffer): Promise<boolean> =>
  new Promise((resolve) => {
    if (to.destroyed || to.writableEnded) return resolve(false);
    return to.write(chunk, (e) => resolve(e === null || e === undefined));
  });

/**
 * All of a stream into a program. Reads on to the end when the program has gone away early, because only at its end
 * does a stream from a repository say whether it was whole.
 */
export async function feed(whole: AsyncIterable<Buffer> | Iterable<Buffer>, to: Writable): Promise<void> {
  let taking = true;
  for await (const chunk of whole) if (taking) taking = await give(to, chunk);
  to.end();
}

function parseHead(list: string, exit: Exit): Head {
  const field = (name: string): string | undefined =>
    new RegExp(`^;\\s+${name}: ?(.*)$`, 'm').exec(list)?.[1];
  const made = /^; Archive created at (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/m.exec(list);
  return {
    exit,
    list,
    database: field('dbname'),
    made: made === null ? undefined : new Date(`${made[1]}T${made[2]}Z`),
    entries: list
      .split('\n')
      .map((line) => ({ line, rest: /^\d+; \d+ \d+ (.*)$/.exec(line)?.[1] }))
      .filter((e): e is Entry => e.rest !== undefined),
  };
}

/** Is the entry about the database itself: its creation, properties, comment, rights? */
export const aboutDatabase = (entry: Entry): boolean =>
  /^(DATABASE|DATABASE PROPERTIES|(COMMENT|ACL|SECURITY LABEL) - DATABASE) /.test(entry.rest);
