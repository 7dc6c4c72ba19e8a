import { once } from 'node:events';

import type { Context } from '../kind.ts';
import { Sum } from './tally.ts';
import { type Selection, walk } from './walk.ts';

/**
 * More than this is not read a second time: names, sizes and times are compared then, restic verifies what it wrote.
 */
export const contentLimit = 64 * 1024 * 1024;

/**
 * A sum over the SHA-256 of every regular file, with its name; undefined where one could not be read (gone meanwhile).
 * Source: GNU coreutils manual, "sha256sum" (`-z`: names are not escaped).
 */
export async function contentSum(selection: Selection, at: Context): Promise<string | undefined> {
  const sums = await at.host.run(
    { argv: ['xargs', '-0', '-r', 'sha256sum', '-z', '--'], cwd: selection.root, stdin: 'pipe' },
    at.signal,
  );
  sums.stderr.resume();
  sums.stdin.on('error', () => {}); // its exit says so
  const feed = async (): Promise<void> => {
    for await (const batch of walk(at.host, selection, at.signal)) {
      const names = batch.filter((e) => e.type === 'f').map((e) => `./${e.path}\0`);
      if (names.length === 0 || sums.stdin.destroyed) continue;
      const taken = sums.stdin.write(Buffer.from(names.join(''), 'latin1'));
      if (!taken && !sums.stdin.destroyed)
        await Promise.race([once(sums.stdin, 'drain'), once(sums.stdin, 'close')]);
    }
    sums.stdin.end();
  };
  const total = async (): Promise<string> => {
    const sum = new Sum();
    let rest = '';
    for await (const chunk of sums.stdout as AsyncIterable<Buffer>) {
      const lines = (rest + chunk.toString('latin1')).split('\0');
      rest = lines.pop() ?? '';
      for (const line of lines) sum.add(line);
    }
    return sum.hex();
  };
  const [, hex, exit] = await Promise.all([feed().finally(() => sums.stdin.end()), total(), sums.exit]);
  return exit.code === 0 ? hex : undefined;
}
