import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';

import { emptied, signalGroup } from './group.ts';
import { type Allowed, type Tally, judge } from './tally.ts';

/** Either one command, judged by its exit code, or a vitest project, judged test by test. */
export interface Suite {
  readonly name: string;
  /** After so many minutes the whole process group is ended: a suite that hangs is a suite that failed. */
  readonly minutes: number;
  readonly command?: readonly string[];
  /** Where a vitest project's files are. No file, or no test in them, is a failure: nothing was proven. */
  readonly files?: readonly string[];
  /** Insists on the thresholds of vitest.config.ts. */
  readonly coverage?: boolean;
}
export interface Outcome extends Tally {
  readonly name: string;
  readonly seconds: number;
  readonly note?: string;
}

/** Where it runs: `root` is the checkout. Output goes to ours unless it is to be ignored. */
export interface Place {
  readonly root: string;
  readonly output?: 'inherit' | 'ignore';
  /** How long processes that a suite leaves may take to end, milliseconds; default 5 s. */
  readonly patience?: number;
}

/** Runs one suite. Never rejects for a failing one. */
export async function run(suite: Suite, allowed: readonly Allowed[], at: Place): Promise<Outcome> {
  const begun = performance.now();
  const tally = suite.command ? await command(suite, suite.command, at) : await tests(suite, at);
  const seconds = (performance.now() - begun) / 1000;
  return { name: suite.name, seconds, ...judge(tally, allowed), ...(tally.note ? { note: tally.note } : {}) };
}

type Noted = Tally & { readonly note?: string };
const failure = (note: string): Noted => ({ passed: 0, failed: [note], skipped: [], note });

async function command(suite: Suite, argv: readonly string[], at: Place): Promise<Noted> {
  const end = await start(argv, suite.minutes, at, {});
  return end === 0
    ? { passed: 1, failed: [], skipped: [] }
    : failure(typeof end === 'number' ? `exit ${end}` : end);
}

async function tests(suite: Suite, at: Place): Promise<Noted> {
  const { root } = at;
  if (globSync(suite.files ?? [], { cwd: root, exclude: ['**/node_modules/**'] }).length === 0)
    return failure('no tests');
  const file = join(root, '.cache', 'suites', `${suite.name}.json`);
  mkdirSync(join(root, '.cache', 'suites'), { recursive: true });
  rmSync(file, { force: true });
  const end = await start(
    [
      'vitest',
      'run',
      '--project',
      suite.name,
      '--allowOnly=false',
      ...(suite.coverage === true ? ['--coverage'] : []),
    ],
    suite.minutes,
    at,
    {
      REPRISE_TALLY: file,
    },
  );
  // No tally: vitest itself died or was ended. Whatever it had printed until then proves nothing.
  if (!existsSync(file)) return failure(`no result (${end})`);
  const tally = JSON.parse(readFileSync(file, 'utf8')) as Tally;
  // Every test passed and yet: a threshold, processes left behind, or what vitest alone knows.
  if (typeof end === 'string') return { ...tally, failed: [...tally.failed, end], note: end };
  if (tally.failed.length === 0 && end !== 0) return { ...tally, failed: [`vitest: exit ${end}`] };
  if (tally.passed + tally.failed.length === 0) return { ...tally, failed: ['no tests'], note: 'no tests' };
  return tally;
}

/** The exit code, or why there is none. The child leads a group of its own, so that its children end with it. */
async function start(
  argv: readonly string[],
  minutes: number,
  { root, output = 'inherit', patience = 5000 }: Place,
  env: Record<string, string>,
): Promise<number | string> {
  const [file = '', ...args] = argv;
  const bins = [join(root, 'node_modules/.bin'), join(root, '.cache/tools/bin'), process.env['PATH']];
  const child = spawn(file, args, {
    cwd: root,
    env: { ...process.env, ...env, PATH: bins.join(delimiter) },
    stdio: ['ignore', output, output],
    detached: true,
  });
  const group = child.pid ?? 0;
  let cut: string | undefined;
  const limit = setTimeout(() => {
    cut = `ended after ${minutes} min`;
    signalGroup(group, 'SIGTERM');
    setTimeout(() => signalGroup(group, 'SIGKILL'), 5000).unref();
  }, minutes * 60_000);
  const pass = (signal: NodeJS.Signals): void => {
    cut = `ended by ${signal}`;
    signalGroup(group, signal);
    process.exitCode = 128 + constants.signals[signal];
  };
  process.on('SIGINT', pass).on('SIGTERM', pass);
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    const left = await emptied(group, patience);
    return cut ?? left ?? code ?? `ended by ${signal}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(limit);
    process.off('SIGINT', pass).off('SIGTERM', pass);
  }
}
