import type { Readable, Writable } from 'node:stream';

import type { Command, Exit, Host } from '../../hosts/host.ts';
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

/**
 * Reads the table of contents off a stream: gives the bytes to `pg_restore --list` until it has seen enough, and returns
 * them (`bytes`) and, with what follows, as `whole`, so that nothing is fetched twice. Kept in memory: the table of
 * contents.
 */
export async function readHead(
  body: Readable,
  lister: Command,
  host: Host,
  signal: AbortSignal,
): Promise<{
  readonly head: Head;
  readonly bytes: readonly Buffer[];
  readonly whole: AsyncGenerator<Buffer, void>;
}> {
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const seen: Buffer[] = [];
  const running = await host.run({ ...lister, stdin: 'pipe' }, signal);
  running.stdin.on('error', () => {}); // it has read enough and went away
  const text = textOf(running.stdout, 256 * 1024 * 1024);
  for (;;) {
    const next = await chunks.next();
    if (next.done === true) break;
    seen.push(next.value);
    if (!(await give(running.stdin, next.value))) break;
  }
  running.stdin.end();
  const [list, exit] = await Promise.all([text, running.exit]);
  const whole = async function* (): AsyncGenerator<Buffer, void> {
    try {
      yield* seen;
      for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
    } finally {
      body.destroy();
    }
  };
  return { head: parseHead(list, exit), bytes: seen, whole: whole() };
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
  to.on('error', () => {});
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
