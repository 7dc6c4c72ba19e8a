import type { z } from 'zod';

import type { Context, Proposal } from '../kind.ts';
import { output, sayUnlooked } from '../tool.ts';
import type { SqliteSpec } from './spec.ts';

/**
 * `SQLite format 3` at the start of a file whose length is whole pages. Source: SQLite documentation, "Database File
 * Format".
 */
const script = [
  `find "$1" -xdev -type d \\( -name node_modules -o -name .git -o -name .reprise \\) -prune -o -type f -size +0 -printf '%s %p\\0' |`,
  `awk -v RS='\\0' -v ORS='\\0' '{ n = $1; if (n % 512 == 0) { sub(/^[0-9]+ /, ""); print } }' |`,
  `xargs -0 -r sh -c 'for f do if [ "$(head -c 15 -- "$f" 2>/dev/null | tr -d "\\0")" = "SQLite format 3" ]; then printf "%s\\0" "$f"; fi; done' sh`,
].join(' ');

/** Every SQLite database below the roots. */
export async function* discover(
  at: Pick<Context, 'host' | 'signal' | 'log'>,
  roots: readonly string[],
): AsyncIterable<Proposal<z.input<typeof SqliteSpec>>> {
  for (const root of roots) {
    if ((await at.host.stat(root, at.signal))?.type !== 'directory') continue;
    const { stdout, exit } = await output(at.host, { argv: ['sh', '-c', script, 'sh', root] }, at.signal);
    sayUnlooked(root, exit, at);
    for (const path of stdout
      .split('\0')
      .filter((p) => p !== '')
      .toSorted()) {
      const size = (await at.host.stat(path, at.signal))?.size ?? null;
      yield {
        name: nameOf(path),
        kind: 'sqlite',
        spec: { path },
        bytes: size,
        because: { en: 'it begins as SQLite files do', fr: 'le fichier commence comme ceux de SQLite' },
      };
    }
  }
}

const nameOf = (path: string): string =>
  path.slice(path.lastIndexOf('/') + 1).replace(/(?<=.)\.(db|sqlite3?|db3)$/i, '');
