import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { signalGroup } from '../../tools/suites/group.ts';
import type { Tally } from '../../tools/suites/tally.ts';

/** Longer than any of the chosen tests needs: a defect may also be one that never ends. */
const minutes = 3;

export interface Ran {
  /** Undefined: the tests did not come to an end. */
  readonly tally: Tally | undefined;
  readonly output: string;
}

/** Runs tests of one project in the copy, to their end or until the time is over. */
export async function runTests(
  copy: string,
  project: string,
  tests: readonly string[],
  only?: string,
): Promise<Ran> {
  const file = join(copy, '.cache/tally.json');
  rmSync(file, { force: true });
  const bins = [join(copy, 'node_modules/.bin'), join(copy, '.cache/tools/bin'), process.env['PATH'] ?? ''];
  const args = ['run', '--project', project, ...tests, ...(only === undefined ? [] : ['-t', only])];
  const child = spawn('vitest', args, {
    cwd: copy,
    env: { ...process.env, PATH: bins.join(delimiter), REPRISE_TALLY: file, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own, ended with all its children
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-20_000)));
  const end = (): void => signalGroup(child.pid ?? 0, 'SIGKILL');
  const late = setTimeout(end, minutes * 60_000);
  const interrupted = (): void => {
    end();
    process.exitCode = 130;
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  await once(child, 'close');
  process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  clearTimeout(late);
  end();
  const tally = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Tally) : undefined;
  return { tally, output };
}
