import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The one JSON document on stdout. Throws where there is none, or more than one. */
  json(): unknown;
}
export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Called with the process once it runs: to interrupt it, to close its pipes. */
  readonly meanwhile?: (child: ReturnType<typeof spawn>) => void;
}

/** Suites start the command line some thousand times: its sources are compiled once. */
export const compiled = {
  NODE_COMPILE_CACHE: resolve(import.meta.dirname, '../../.cache/compiled'),
} as const;
const bin = resolve(import.meta.dirname, '../../packages/reprise/src/bin.ts');
const tools = resolve(import.meta.dirname, '../../.cache/tools/bin');

/** The real command line, as a process of its own. Nothing of the tester's environment but PATH reaches it. */
export async function reprise(args: readonly string[], options: RunOptions): Promise<Ran> {
  const { cwd, env = {}, stdin, meanwhile } = options;
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    env: {
      PATH: `${process.env['PATH'] ?? ''}:${tools}`,
      HOME: process.env['HOME'] ?? '/root',
      ...compiled,
      LANG: 'C.UTF-8',
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  child.stdin.on('error', () => {}); // it ended without reading
  child.stdin.end(stdin ?? '');
  meanwhile?.(child);
  const code = await new Promise<number | null>((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
  return {
    code,
    stdout,
    stderr,
    json: () => {
      if (!stdout.endsWith('\n') || stdout.slice(0, -1).includes('\n'))
        throw new Error(`not one document on stdout (exit ${code}): ${stdout}${stderr}`);
      return JSON.parse(stdout) as unknown;
    },
  };
}
