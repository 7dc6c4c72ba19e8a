import type { Readable } from 'node:stream';

import type { Command, Exit, Host } from '../../hosts/host.ts';
import { RepriseError } from '../../lib/errors/index.ts';

/** How a short command ended and what it wrote; for output that is known to be small. */
export async function output(
  host: Host,
  command: Command,
  signal: AbortSignal,
  stdin: Iterable<Buffer> = [],
): Promise<{ readonly exit: Exit; readonly stdout: string }> {
  const running = await host.run({ ...command, stdin: 'pipe' }, signal);
  running.stdin.on('error', () => {}); // it ended before it read everything: its exit says why
  for (const chunk of stdin) running.stdin.write(chunk);
  running.stdin.end();
  const [stdout, exit] = await Promise.all([textOf(running.stdout), running.exit]);
  return { exit, stdout };
}

/** At most 16 MiB, as text. */
export async function textOf(stream: Readable, limit = 16 * 1024 * 1024): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limit) throw new RangeError(`more than ${limit} bytes where little was expected`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * What a tool said went wrong, without the rows and statements it quotes (they can hold personal data, and a role's
 * password): only its own lines and those that say error, shortened (a server may speak another language).
 */
export function complaint(exit: Exit): string {
  const lines = exit.stderr
    .split('\n')
    .filter(
      (line) =>
        /(error|fatal|panic)\b|^(psql|pg_\w+):/i.test(line) &&
        !/^\s*(command was|context|detail|statement|line \d+)\b/i.test(line),
    )
    .map((line) => line.trim().slice(0, 300));
  const how = exit.code === null ? `signal ${exit.signal ?? '?'}` : `exit ${exit.code}`;
  return lines.length === 0 ? how : `${how}: ${lines.slice(-3).join(' · ')}`;
}

/** Throws `postgres.tool` unless it ended with 0. */
export function demand(exit: Exit, tool: string, subject: string): void {
  if (exit.code !== 0) throw new RepriseError('postgres.tool', { tool, subject, why: complaint(exit) });
}
