import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

export interface Measured {
  readonly ms: number;
  readonly stdout: string;
  /** Peak resident memory of the process itself (VmHWM), bytes; 0 where it ended before it was looked at. */
  readonly peak: number;
}
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Exit codes that are success; default [0]. */
  readonly expect?: readonly number[];
  readonly input?: string;
}

/** Runs to the end; wall time by a monotonic clock. Throws what it said where it failed. */
export async function measure(
  argv: readonly string[],
  { env = {}, cwd, expect = [0], input = '' }: RunOptions = {},
): Promise<Measured> {
  const [file = '', ...args] = argv;
  const began = performance.now();
  const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (b: Buffer) => out.push(b));
  child.stderr.on('data', (b: Buffer) => err.push(b));
  let peak = 0;
  const look = setInterval(() => (peak = Math.max(peak, peakOf(child.pid))), 50);
  const [code] = (await once(child, 'close')) as [number | null];
  const ms = performance.now() - began;
  clearInterval(look);
  const stdout = Buffer.concat(out).toString();
  if (code === null || !expect.includes(code))
    throw new Error(`${argv.join(' ')}: exit ${code ?? 'signal'}\n${Buffer.concat(err).toString()}${stdout}`);
  return { ms, stdout, peak };
}

/** The kernel's own high-water mark: nothing between two looks is missed, but for the last 50 ms. */
export function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid ?? 0}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

export const shell = async (script: string, options?: RunOptions): Promise<Measured> =>
  await measure(['bash', '-c', `set -euo pipefail; ${script}`], options);

/** One call of a tool, by the wall clock, ns. */
export interface Call {
  readonly tool: string;
  readonly from: number;
  readonly to: number;
}

/** Programs of the same names in front of PATH that write down when the real one began and ended. */
export class Wrappers {
  readonly folder: string;
  readonly #log: string;
  private constructor(folder: string) {
    this.folder = folder;
    this.#log = join(folder, 'calls');
  }

  static async make(folder: string, tools: readonly string[], extra: readonly string[]): Promise<Wrappers> {
    const made = new Wrappers(folder);
    await mkdir(folder, { recursive: true });
    const path = [...extra, ...(process.env['PATH'] ?? '').split(delimiter)];
    for (const tool of tools) {
      const real = path.map((p) => join(p, tool)).find((p) => existsSync(p));
      if (real === undefined) continue;
      const script = `#!/bin/bash
from=\${EPOCHREALTIME/[.,]/}
'${real}' "$@"
code=$?
echo "${tool} $from \${EPOCHREALTIME/[.,]/}" >> '${made.#log}'
exit $code
`;
      await writeFile(join(folder, tool), script);
      await chmod(join(folder, tool), 0o755);
    }
    return made;
  }

  async clear(): Promise<void> {
    await writeFile(this.#log, '', { mode: 0o666 });
  }
  calls(): readonly Call[] {
    return readFileSync(this.#log, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [tool = '', from = '0', to = '0'] = line.split(' ');
        return { tool, from: Number(from), to: Number(to) };
      });
  }
}

/** Milliseconds during which at least one tool ran; the log has microseconds. */
export function busy(calls: readonly Call[]): number {
  let sum = 0;
  let end = 0;
  for (const { from, to } of calls.toSorted((a, b) => a.from - b.from)) {
    sum += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return sum / 1000;
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [a = Number.NaN, b = Number.NaN] = [
    sorted[middle],
    sorted[sorted.length % 2 === 1 ? middle : middle - 1],
  ];
  return (a + b) / 2;
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

/** Markdown, columns aligned; the first row is the head. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((r) => (r[i] ?? '').length)));
  const line = (r: readonly string[]): string =>
    `| ${r.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const [head = [], ...body] = rows;
  const rule = widths.map((w, i) => (i === 0 ? '-'.repeat(w) : `${'-'.repeat(w - 1)}:`));
  return [line(head), line(rule), ...body.map(line)].join('\n');
}
