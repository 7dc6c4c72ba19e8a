import { cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { large } from './large.ts';
import { measure } from './measure.ts';
import { small } from './small.ts';

/**
 * `make bench`: Reprise beside the shell of today's plans and beside the native tools with restic, in one run, in turn.
 * Compare the ratios: times are those of this machine at this moment, and nothing here is ever asserted.
 */
const { values } = parseArgs({
  options: {
    'database-mb': { type: 'string', default: '1024' },
    files: { type: 'string', default: '20000' },
    'tree-mb': { type: 'string', default: '1024' },
    rounds: { type: 'string', default: '3' },
    components: { type: 'string', default: '500' },
    points: { type: 'string', default: '5000' },
    entries: { type: 'string', default: '100000' },
    only: { type: 'string', default: 'small,large' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(
    'node bench/bench.ts [--only small,large] [--database-mb 1024] [--files 20000] [--tree-mb 1024] [--rounds 3]\n' +
      '                    [--components 500] [--points 5000] [--entries 100000]',
  );
  process.exit();
}
const number = (
  key: 'database-mb' | 'files' | 'tree-mb' | 'rounds' | 'components' | 'points' | 'entries',
): number => {
  const n = Number(values[key]);
  if (!Number.isSafeInteger(n) || n < 1) throw new TypeError(`--${key}: ${values[key]}`);
  return n;
};
const say = (line: string): void => console.log(line);
const load = (): string =>
  loadavg()
    .map((l) => l.toFixed(1))
    .join(' ');
say(`${cpus().length} × ${cpus()[0]?.model ?? '?'}, node ${process.versions.node}, load ${load()}`);
const checkout = resolve(import.meta.dirname, '..');
await measure([join(checkout, 'node_modules/.bin/rolldown'), '-c', 'rolldown.config.ts'], { cwd: checkout });
const only = values.only.split(',');
if (only.includes('small'))
  await small(
    { components: number('components'), points: number('points'), entries: number('entries'), rounds: 7 },
    say,
  );
if (only.includes('large'))
  await large(
    {
      databaseBytes: number('database-mb') * 1024 * 1024,
      files: number('files'),
      treeBytes: number('tree-mb') * 1024 * 1024,
      rounds: number('rounds'),
    },
    say,
  );
say(`\nload at the end: ${load()}`);
