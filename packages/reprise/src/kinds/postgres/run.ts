import type { Readable } from 'node:stream';

import { howEnded } from '../../hosts/finish.ts';
import type { Exit } from '../../hosts/host.ts';
import { RepriseError } from '../../lib/errors/index.ts';
import { bounded } from '../../lib/streams.ts';

export { output } from '../tool.ts';

/** At most 16 MiB, as text. */
export async function textOf(stream: Readable, limit = 16 * 1024 * 1024): Promise<string> {
  const text = await bounded(stream, limit);
  if (text === undefined) throw new RangeError(`more than ${limit} bytes where little was expected`);
  return text;
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
  const how = howEnded(exit);
  return lines.length === 0 ? how : `${how}: ${lines.slice(-3).join(' · ')}`;
}

/** Throws `postgres.tool` unless it ended with 0. */
export function demand(exit: Exit, tool: string, subject: string): void {
  if (exit.code !== 0) throw new RepriseError('postgres.tool', { tool, subject, why: complaint(exit) });
}
