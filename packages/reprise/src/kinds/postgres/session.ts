import type { Running } from '../../hosts/host.ts';
import { RepriseError } from '../../lib/errors/index.ts';
import { inBoth } from '../../lib/i18n/index.ts';
import type { Context } from '../kind.ts';
import type { Access } from './access.ts';
import { complaint } from './run.ts';

/** One connection, held open by a psql that is told what to run. */
export interface Session extends AsyncDisposable {
  /** Runs statements that return nothing. Throws `postgres.sql` (the session is then over). */
  run(sql: string): Promise<void>;
  /** The one value of a one-row statement whose column is jsonb (one line whatever it holds). */
  json<T>(sql: string): Promise<T>;
  /** Ends it, and throws `postgres.sql` unless it had been well to its end. Disposing asks no such question. */
  close(): Promise<void>;
}

/**
 * Opens a connection. Nothing the role or the database has set as default may get in the way: no timeout, no search
 * path, no row security that silently hides rows. Throws `postgres.unreachable`.
 */
export async function openSession(access: Access, database: string, at: Context): Promise<Session> {
  const running = await at.host.run(
    access.command(
      'psql',
      database,
      ['-X', '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1', '-v', 'VERBOSITY=terse', '-f', '-'],
      {
        stdin: 'pipe',
      },
    ),
    at.signal,
  );
  running.stdin.on('error', () => {}); // psql went away first: its exit says why
  running.exit.catch(() => {});
  const session = conversation(running, access, database, at);
  try {
    await session.run(
      `SET client_min_messages = error; SET statement_timeout = 0; SET lock_timeout = 0;
       SET idle_in_transaction_session_timeout = 0; SET standard_conforming_strings = on; SET row_security = off;
       SET DateStyle = ISO; SET TimeZone = UTC; SET search_path = pg_catalog; SET default_transaction_read_only = off;`,
    );
  } catch (e) {
    await session[Symbol.asyncDispose]();
    const why =
      e instanceof RepriseError && e.code === 'postgres.sql'
        ? (e as RepriseError<'postgres.sql'>).params.why
        : undefined;
    if (why === undefined) throw e;
    throw new RepriseError('postgres.unreachable', { where: access.where, database, why }, { cause: e });
  }
  return session;
}

function conversation(running: Running, access: Access, database: string, at: Context): Session {
  const lines = linesOf(running.stdout);
  let turn = 0;
  let before: Promise<unknown> = Promise.resolve();

  const failed = async (): Promise<never> => {
    const exit = await running.exit;
    at.signal.throwIfAborted();
    throw new RepriseError('postgres.sql', { where: access.where, database, why: complaint(exit) });
  };
  const ask = async (sql: string): Promise<readonly string[]> => {
    const mark = `--reprise-${++turn}--`;
    // The mark stands on a line of its own, so a statement's last line cannot swallow it.
    running.stdin.write(`${sql}\n;\n\\echo ${mark}\n`);
    const answer: string[] = [];
    for (;;) {
      const next = await lines.next();
      if (next.done === true) return failed();
      if (next.value === mark) return answer;
      answer.push(next.value);
    }
  };
  /** One statement after the other, however they were asked. */
  const inTurn = async (sql: string): Promise<readonly string[]> => {
    const mine = before.then(() => ask(sql));
    before = mine.catch(() => {});
    return mine;
  };

  return {
    run: async (sql) => {
      await inTurn(sql);
    },
    json: async <T>(sql: string): Promise<T> => {
      const answer = await inTurn(sql);
      if (answer.length !== 1)
        throw new RepriseError('postgres.sql', {
          where: access.where,
          database,
          why: inBoth((t) => t['why.rows']({ rows: answer.length })),
        });
      return JSON.parse(answer[0] ?? '') as T;
    },
    close: async () => {
      await before;
      running.stdin.end();
      if ((await running.exit).code !== 0) await failed();
    },
    [Symbol.asyncDispose]: async () => {
      running.stdin.end();
      await running.exit.catch(() => {});
    },
  };
}

async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  for await (const chunk of stream) {
    const [first = '', ...rest] = decoder.decode(chunk, { stream: true }).split('\n');
    pieces.push(first);
    for (const piece of rest) {
      yield pieces.join('');
      pieces = [piece];
    }
  }
  if (pieces.join('') !== '') yield pieces.join('');
}
