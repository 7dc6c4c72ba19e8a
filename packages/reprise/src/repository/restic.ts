import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

import type { Host } from '../hosts/host.ts';
import type { Clock } from '../lib/clock.ts';
import { RepriseError } from '../lib/errors/index.ts';
import type { Log } from '../lib/language.ts';
import { mask, type Secret } from '../lib/secret.ts';
import { Tail } from '../lib/streams.ts';
import { failureOf } from './failure.ts';
import { linesOf } from './lines.ts';
import { type Password, passwordFile } from './password.ts';
import { defaultPatience, doomed, doomedFor, giveUp, type Patience } from './patience.ts';
import { isLocal } from './url.ts';
import { requireVersion } from './version.ts';

export interface RepositoryDeps {
  readonly name: string;
  /** As restic writes it; without credentials. */
  readonly url: string;
  readonly identity: 'writer' | 'maintainer';
  /** restic's `--host`, always. */
  readonly system: string;
  /** Where restic runs. */
  readonly host: Host;
  /** `$REPRISE_HOME`: cache of remote repositories, files of mode 0600 for the length of a call. */
  readonly home: string;
  readonly clock: Clock;
  readonly password: Password;
  /** Id of the key that this password opens; saves 0.5 s a call where a repository has several keys. */
  readonly keyHint?: string | undefined;
  /**
   * Credentials of the backend, by environment variable; in the environment of restic, and what it starts to reach the
   * backend.
   */
  readonly credentials?: ((signal: AbortSignal) => Promise<Readonly<Record<string, Secret>>>) | undefined;
  /** Default `restic`. */
  readonly program?: string | undefined;
  /** How long a lock of somebody else is waited for, milliseconds; by design min(RPO/4, 5 min). Default 5 min. */
  readonly lockWait?: number | undefined;
  readonly patience?: Patience | undefined;
  readonly log?: Log | undefined;
}

export interface Call {
  /** The command and its flags; what belongs to every call is added. */
  readonly args: readonly [string, ...string[]];
  readonly cwd?: string;
  /** stdin carries data, so that the password must come through a file. */
  readonly data?: boolean;
  /** Sent on stdin instead of restic's own password (`key add` asks for the new one there). */
  readonly input?: Secret;
  /** The other repository of `copy` and `init --copy-chunker-params`. */
  readonly from?: Restic | undefined;
  /** What is stored, for the words of an error. */
  readonly part?: string;
  /** Milliseconds between TERM and KILL. */
  readonly grace?: number;
  /** A number that changes whenever restic got on; default: the bytes of its stdout. */
  readonly alive?: () => number;
  /** Told every line of stderr, secrets masked. */
  readonly heard?: (line: string) => void;
}

export interface Ended {
  readonly code: number | null;
  /** The last 64 KiB, secrets masked. */
  readonly stderr: string;
}
export interface Started {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** How it ended, output read; rejects with the reason of an abort. Whoever started it must read stdout. */
  readonly done: Promise<Ended>;
  /** Ends restic and what it started; `done` rejects with the reason. */
  stop(reason: Error): void;
}

/**
 * One repository as one identity: how restic is called, for every command. Source: restic manual, "Environment
 * Variables".
 */
export class Restic {
  readonly deps: RepositoryDeps;
  /** Calls that opened the repository (each derives a key, 0.5–0.9 s); by command. */
  readonly calls = new Map<string, number>();
  /** Snapshots that could not be read, as far as somebody was told of them. */
  readonly unread = new Set<string>();
  #version: Promise<void> | undefined;

  constructor(deps: RepositoryDeps) {
    this.deps = deps;
  }

  get invocations(): number {
    return [...this.calls.values()].reduce((sum, n) => sum + n, 0);
  }

  /** Starts restic. Throws `process.missing`, `repository.too-old`, `repository.two-accounts`. */
  async start(call: Call, signal: AbortSignal): Promise<Started> {
    const { host, program = 'restic' } = this.deps;
    await (this.#version ??= requireVersion(host, program, signal).catch((e: unknown) => {
      this.#version = undefined; // aborted, or mended since: ask again
      throw e;
    }));
    const [command, ...rest] = call.args;
    const secrets = await this.#credentials(call.from, signal);
    await using files = new AsyncDisposableStack();
    const own = await this.#password(call, files, signal);
    const from = call.from === undefined ? {} : await call.from.#asSource(files, signal);
    const stopping = new AbortController();
    const running = await host.run(
      {
        argv: [program, command, ...this.#global(), ...rest],
        cwd: call.cwd ?? '/',
        env: {
          RESTIC_REPOSITORY: this.deps.url,
          RESTIC_PROGRESS_FPS: '4',
          ...(this.deps.keyHint === undefined ? {} : { RESTIC_KEY_HINT: this.deps.keyHint }),
          ...own.env,
          ...from,
          // Go takes the folder's name from here: excludes are anchored at the root as the plan names it.
          ...(call.cwd === undefined ? {} : { PWD: call.cwd }),
        },
        secrets,
        stdin: call.data === true || own.line !== undefined ? 'pipe' : 'empty',
        ...(call.grace === undefined ? {} : { grace: call.grace }),
      },
      AbortSignal.any([signal, stopping.signal]),
    );
    this.calls.set(command, (this.calls.get(command) ?? 0) + 1);
    const hidden = [...Object.values(secrets), ...(own.line === undefined ? [] : [own.line])];
    if (own.line !== undefined) running.stdin.end(`${own.line.reveal()}\n`);

    const stop = (reason: Error): void => stopping.abort(reason);
    const stderr = this.#listen(running, call, hidden, stop);
    const kept = files.move(); // the files last as long as the process
    const done = (async (): Promise<Ended> => {
      await using _until = kept;
      const [exit, said] = await Promise.all([running.exit, stderr]);
      return { code: exit.code, stderr: said };
    })();
    done.catch(() => {}); // whoever started it looks later
    return { stdin: running.stdin, stdout: running.stdout, done, stop };
  }

  /** Throws the error of the catalogue unless restic exited with 0. */
  check(ended: Ended, part?: string): Ended {
    if (ended.code === 0) return ended;
    throw this.failure(ended, part);
  }

  failure(ended: Ended, part?: string): RepriseError {
    return failureOf(this.deps, { exit: ended.code, stderr: ended.stderr }, part);
  }

  #global(): string[] {
    const { url, home, patience = defaultPatience } = this.deps;
    const cache = isLocal(url) ? ['--no-cache'] : ['--cache-dir', join(home, 'cache', 'restic')];
    // A server that takes a request and says nothing: restic's own default is 5 minutes.
    const stuck = Math.ceil((1.5 * patience.opening) / 1000);
    return [...cache, '--stuck-request-timeout', `${stuck}s`];
  }

  async #password(
    call: Call,
    files: AsyncDisposableStack,
    signal: AbortSignal,
  ): Promise<{ readonly env: Readonly<Record<string, string>>; readonly line?: Secret }> {
    const { password } = this.deps;
    if (call.data !== true && call.input === undefined && 'secret' in password)
      return { env: {}, line: await password.secret(signal) };
    const file = files.use(await passwordFile(password, this.deps, signal));
    const env = { RESTIC_PASSWORD_FILE: file.path };
    return call.input === undefined ? { env } : { env, line: call.input };
  }

  async #asSource(files: AsyncDisposableStack, signal: AbortSignal): Promise<Record<string, string>> {
    const file = files.use(await passwordFile(this.deps.password, this.deps, signal));
    return {
      RESTIC_FROM_REPOSITORY: this.deps.url,
      RESTIC_FROM_PASSWORD_FILE: file.path,
      ...(this.deps.keyHint === undefined ? {} : { RESTIC_FROM_KEY_HINT: this.deps.keyHint }),
    };
  }

  /** restic has one set of backend credentials for both sides of a copy. */
  async #credentials(
    from: Restic | undefined,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, Secret>>> {
    const own = (await this.deps.credentials?.(signal)) ?? {};
    const theirs = (await from?.deps.credentials?.(signal)) ?? {};
    const twice = Object.keys(theirs).find(
      (k) => own[k] !== undefined && own[k].reveal() !== theirs[k]?.reveal(),
    );
    if (twice !== undefined)
      throw new RepriseError('repository.two-accounts', {
        from: from?.deps.name ?? '',
        to: this.deps.name,
        variable: twice,
      });
    return { ...theirs, ...own };
  }

  /** Reads stderr to its end; ends restic where it tries again and again. */
  async #listen(
    running: { readonly stdout: Readable; readonly stderr: Readable },
    call: Call,
    hidden: readonly Secret[],
    stop: (reason: Error) => void,
  ): Promise<string> {
    const { clock, patience = defaultPatience } = this.deps;
    const alive = call.alive ?? (() => (running.stdout as { bytesRead?: number }).bytesRead ?? 0);
    const enough = giveUp(patience, () => clock.monotonic(), alive);
    const tail = new Tail(64 * 1024);
    const over = new AbortController();
    const stopFor = (line: string): void => stop(this.failure({ code: null, stderr: line }, call.part));
    for await (const raw of linesOf(running.stderr)) {
      const line = mask(raw, hidden);
      tail.push(Buffer.from(`${line}\n`));
      call.heard?.(line);
      if (enough(line)) stopFor(line);
      if (doomed(line))
        clock.sleep(doomedFor, over.signal).then(
          () => stopFor(line),
          () => {}, // it ended by itself
        );
    }
    over.abort();
    return tail.bytes().toString('utf8');
  }
}
