import type { Readable } from 'node:stream';

/** Lines of a text stream, as they come; never more than one line is held, and of that at most `limit` characters. */
export async function* linesOf(body: Readable, limit = 1024 * 1024): AsyncGenerator<string> {
  body.setEncoding('utf8');
  let rest = '';
  for await (const chunk of body as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = (lines.pop() ?? '').slice(0, limit);
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** The object of a line of restic's `--json` output; undefined for anything else. */
export function jsonOf(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
