import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

import type { Clock } from '../lib/clock.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { inBoth } from '../lib/i18n/index.ts';
import { toolSays } from '../lib/language.ts';
import type { Secret } from '../lib/secret.ts';
import { guardianScript } from './guardian-script.ts';
import type { Command } from './host.ts';
import { launchOf, searchPath, which } from './launch.ts';
import { hideIn } from './output.ts';
import { environmentOf, processes } from './processes.ts';

/** A command and how long it may take, milliseconds. */
export interface TimedCommand extends Command {
  readonly timeout: number;
}
/** What brings a service back to what it was before a hold. */
export interface Undo {
  readonly service: string;
  readonly command: TimedCommand;
  /** Exit 0 when the service answers. */
  readonly ready: TimedCommand;
  /** Perform the command even where `ready` passes already: a paused service may still answer the probe. */
  readonly always: boolean;
}
export interface GuardianOrder {
  readonly undos: readonly Undo[];
  /** After this long it undoes by itself; milliseconds. */
  readonly maxMs: number;
  /** Written when it ends; its folder must be there. `<resultFile>.log` has what the undo commands printed. */
  readonly resultFile: string;
  /** How long it goes on trying; milliseconds, default ten minutes. */
  readonly giveUpMs?: number;
}
export interface GuardianDeps {
  /** Name of the host, for errors. */
  readonly name: string;
  readonly run: string | null;
  readonly clock: Clock;
}

/** How a guardian ended. `undone`: by the guardian itself; `ok`: the services answered at the end. */
export interface GuardianResult {
  readonly undone: boolean;
  readonly at: string;
  readonly reason: 'closed' | 'max' | 'signal' | 'released';
  readonly ok: boolean;
}

/** Disposing without `release` closes the pipe: the guardian undoes, and is waited for. */
export interface Guardian extends AsyncDisposable {
  readonly pid: number;
  /**
   * Has nothing been undone yet? Ask before what was captured is believed, and right before the services are started:
   * should Reprise die from here on, that start is given time before the guardian makes one of its own.
   */
  stillHeld(): Promise<boolean>;
  /** Reprise has undone itself. The result says if the guardian was faster; undefined if it was killed. */
  release(): Promise<GuardianResult | undefined>;
}

/** The mark by which a guardian is found in the table of processes. */
const mark = 'REPRISE_GUARDIAN';
const patience = 5000;

/**
 * Starts the process that undoes a hold when Reprise no longer can: when the pipe to it closes (Reprise ended,
 * however), when `maxMs` passes, or on TERM, HUP and INT. It lives in a session of its own, carries no REPRISE_RUN, and
 * gets what it shall do over the pipe, secrets included: its argv and its environment show nothing. Returns when it has
 * said `ready`; throws `guardian.failed`, then nothing may be stopped. What it cannot survive: `kill -9` of itself,
 * power loss (`reprise resume`), and the end of a systemd cgroup, which a session of one's own does not leave.
 */
export async function startGuardian(
  deps: GuardianDeps,
  order: GuardianOrder,
  signal: AbortSignal,
): Promise<Guardian> {
  signal.throwIfAborted();
  const text = orderText(deps, order); // may throw: a program that is missing is found now
  const child = spawn('/bin/sh', ['-c', guardianScript, 'reprise-guardian'], {
    detached: true,
    cwd: '/',
    env: { PATH: searchPath(), LANG: 'C.UTF-8', [mark]: order.resultFile },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {}); // it ended: the answers tell
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-500)));
  child.stderr.on('error', () => {});
  const answers = answersOf(child);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });

  const end = randomUUID();
  child.stdin.write(`${end}\n${text}\n${end}\n`);
  const first = await soon(answers.next(), deps.clock, signal);
  if (first !== 'ready') {
    child.kill('SIGKILL'); // nothing was stopped yet
    child.stdin.destroy();
    signal.throwIfAborted();
    throw new RepriseError('guardian.failed', {
      why: complaint.trim() === '' ? inBoth((t) => t['why.no-answer']) : toolSays(complaint.trim()),
    });
  }

  const over = async (): Promise<GuardianResult | undefined> => {
    await exited;
    await hideIn(`${order.resultFile}.log`, secretsOf(order));
    return await guardianResult(order.resultFile);
  };
  return {
    pid: child.pid as number,
    async stillHeld() {
      const question = `held ${randomUUID()}`;
      child.stdin.write(`${question}\n`);
      return (await soon(answers.next(), deps.clock)) === question;
    },
    async release() {
      child.stdin.write('release\n');
      return await over();
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await over();
    },
  };
}

const secretsOf = ({ undos }: GuardianOrder): readonly Secret[] =>
  undos.flatMap(({ command, ready }) => [command, ready].flatMap((c) => Object.values(c.secrets ?? {})));

/** Lines of its stdout, one for each `next`; undefined for ever once it has closed it: it is undoing, or dead. */
function answersOf(child: ChildProcess & { readonly stdout: NonNullable<ChildProcess['stdout']> }) {
  child.stdout.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { next: async (): Promise<string | undefined> => (await lines.next()).value };
}

/** The answer, or undefined when it does not come in time. */
async function soon<T>(answer: Promise<T>, clock: Clock, signal?: AbortSignal): Promise<T | undefined> {
  const answered = new AbortController();
  const either = signal === undefined ? answered.signal : AbortSignal.any([signal, answered.signal]);
  try {
    return await Promise.race([answer, clock.sleep(patience, either).then(() => undefined)]);
  } catch {
    return undefined; // aborted: as good as no answer
  } finally {
    answered.abort();
  }
}

/** What the guardian evaluates: see guardian-script.ts. */
function orderText(
  deps: GuardianDeps,
  { undos, maxMs, resultFile, giveUpMs = 600_000 }: GuardianOrder,
): string {
  const lines = undos.flatMap((undo, i) => [
    `service_${i + 1}=${quoted(undo.service)} always_${i + 1}=${undo.always ? 5 : 0}`,
    // It outlives Reprise like the service it starts, and so does what it leaves running.
    `undo_${i + 1}() {\n${bodyOf(deps, undo.command, undo.command.timeout)}\n}`,
    `ready_${i + 1}() {\n${bodyOf(deps, undo.ready, Math.min(undo.ready.timeout, 30_000))}\n}`,
  ]);
  return [
    `undos=${undos.length} max=${seconds(maxMs)} give_up=${Math.ceil(giveUpMs / 1000)}`,
    `run=${quoted(deps.run ?? '')} mask=${process.umask().toString(8).padStart(3, '0')}`,
    `result=${quoted(resultFile)} log=${quoted(`${resultFile}.log`)}`,
    ...lines,
  ].join('\n');
}

/** Folder, environment with secrets, then the program in a session of its own: a daemon in it is no part of ours. */
function bodyOf(deps: GuardianDeps, command: Command, timeout: number): string {
  const { argv, cwd, env } = launchOf({ ...command, lasting: true }, deps);
  const secrets = Object.entries(command.secrets ?? {}).map(([name, s]) => [name, s.reveal()] as const);
  const variables = [...Object.entries(env), ...secrets].map(([name, value]) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new TypeError(`${name} is no name of a variable.`);
    return `export ${name}=${quoted(value)}`;
  });
  const outer = [tool(deps, 'setsid'), tool(deps, 'timeout'), '-k', '5', seconds(timeout)];
  return [
    `cd ${quoted(cwd)} || exit 126`,
    ...variables,
    `exec ${[...outer, ...argv].map(quoted).join(' ')}`,
  ].join('\n');
}

function tool(deps: GuardianDeps, program: string): string {
  const found = which(program, searchPath(), '/');
  if (found === undefined) throw new RepriseError('process.missing', { program, host: deps.name });
  return found;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** What a guardian left; undefined where there is no whole result. */
export async function guardianResult(resultFile: string): Promise<GuardianResult | undefined> {
  try {
    return JSON.parse(await readFile(resultFile, 'utf8')) as GuardianResult;
  } catch {
    return undefined;
  }
}

/**
 * For `resume`: waits until the guardian of a dead run has ended, then gives its result. undefined: it never wrote one
 * (power loss, killed), so the undo is ours.
 */
export async function awaitGuardian(
  resultFile: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<GuardianResult | undefined> {
  const mine = `${mark}=${resultFile}`;
  const alive = (): boolean =>
    processes().some((p) => p.state !== 'Z' && environmentOf(p.pid).includes(mine));
  while (alive()) await clock.sleep(100, signal);
  return await guardianResult(resultFile);
}
