import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { styleText } from 'node:util';

const checkout = resolve(import.meta.dirname, '..');
/** In the environment of everything that the demonstration starts, so that it finds it again. */
const mark = 'REPRISE_DEMO';

export class Interrupted extends Error {}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
export interface Run {
  /** Shown as it comes (default), or kept silent. */
  readonly show?: boolean;
  readonly input?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface Typed extends Run {
  readonly expect?: readonly number[];
  /** The output is wanted, and not shown. */
  readonly capture?: boolean;
  /** Beside the command: what a terminal does not show. */
  readonly note?: string;
}

/** Prints, and runs programs that end with the demonstration. */
export class Stage {
  readonly began: number = performance.now();
  readonly colour: boolean = process.stdout.isTTY && !process.env['NO_COLOR'];
  readonly #dir: string;
  #stopped = false;
  #child: ChildProcess | undefined;

  constructor(dir: string) {
    this.#dir = dir;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => this.#stop(signal));
    process.stdout.on('error', () => this.#stop('SIGTERM')); // `make demo | head`
  }

  /** From a terminal the child has had the signal already; a second one would end it at once instead of in order. */
  #stop(signal: NodeJS.Signals): void {
    this.#stopped = true;
    if (signal !== 'SIGINT' || !process.stdin.isTTY) this.#child?.kill(signal);
    const child = this.#child;
    setTimeout(() => child?.kill('SIGKILL'), 20_000).unref();
  }
  goOn(): void {
    if (this.#stopped) throw new Interrupted();
  }

  print(line = ''): void {
    process.stdout.write(`${line}\n`);
  }
  paint(style: 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan', text: string): string {
    return this.colour ? styleText(style, text, { validateStream: false }) : text;
  }
  act(title: string): void {
    const seconds = ((performance.now() - this.began) / 1000).toFixed(0);
    this.print(`\n${this.paint('bold', `━━ ${title} `)}${this.paint('dim', `(${seconds} s)`)}`);
  }
  #typed(command: string, note: string): void {
    const beside = note === '' ? '' : `   ${this.paint('dim', note)}`;
    this.print(`\n${this.paint('cyan', '$')} ${this.paint('bold', command)}${beside}`);
  }

  /** Runs to the end; `show` lets it write to the terminal itself unless its output is also wanted. */
  async run(argv: readonly string[], { show = false, input, cwd, env = {} }: Run = {}): Promise<Outcome> {
    this.goOn();
    const [file = '', ...args] = argv;
    const child = spawn(file, args, {
      cwd: cwd ?? this.#dir,
      env: { ...process.env, ...env, [mark]: this.#dir, PATH: withTools() },
      stdio: ['pipe', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    });
    this.#child = child;
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on('data', (b: Buffer) => out.push(b));
    child.stderr?.on('data', (b: Buffer) => err.push(b));
    child.stdin?.on('error', () => {});
    child.stdin?.end(input ?? '');
    try {
      const [code] = (await once(child, 'close')) as [number | null];
      this.goOn();
      return { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
    } finally {
      this.#child = undefined;
    }
  }
  async must(argv: readonly string[], options: Run = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(argv, options);
    if (code !== 0) throw new Error(`${argv.join(' ')}: ${code ?? 'signal'}\n${stderr.trim()}`);
    return stdout;
  }

  /** The real command line, as a person types it: shown, run in `cwd`, its exit code insisted on. */
  async reprise(
    args: readonly string[],
    { expect = [0], capture = false, note = '', ...options }: Typed,
  ): Promise<string> {
    this.#typed(['reprise', ...args].join(' '), note);
    const { code, stdout, stderr } = await this.run([join(checkout, 'reprise'), ...args], {
      ...options,
      show: !capture,
    });
    if (code === null || !expect.includes(code))
      throw new Error(
        `reprise ${args.join(' ')}: exit ${code ?? 'signal'}, not ${expect.join('/')}\n${stderr}`,
      );
    return stdout;
  }

  /** Ends, by their ids, processes that carry the demonstration's mark and those whose ids are given. */
  async endAll(pids: readonly number[]): Promise<void> {
    const wanted = `${mark}=${this.#dir}`;
    for (let round = 0; round < 40; round += 1) {
      const alive = [...new Set([...pids.filter(isAlive), ...marked(wanted)])];
      if (alive.length === 0) return;
      for (const pid of alive) killHard(pid);
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}

const withTools = (): string =>
  [process.env['PATH'] ?? '', join(checkout, '.cache/tools/bin'), '/usr/sbin', '/sbin'].join(delimiter);

function marked(wanted: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(wanted);
      } catch {
        return false; // another user's, or gone
      }
    })
    .map(Number);
}
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // had ended
  }
}
