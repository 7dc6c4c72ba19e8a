import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { describe, expect, test } from 'vitest';

import { systemClock, type Clock } from '../lib/clock.ts';
import { awaitGuardian, type Guardian, guardianResult, startGuardian, type Undo } from './guardian.ts';
import { environmentOf, processes } from './processes.ts';
import { undoIn } from './testing/hold.ts';

const { signal } = new AbortController();

/** One toy service that runs, its folder, and the guardians and holders of one test. */
class Bench {
  readonly folder: string;
  result: string;
  /** Of its own: a guardian waits for the stop commands of its run. */
  readonly run = randomUUID();
  readonly #children: { kill(s: 'SIGKILL'): boolean }[] = [];

  constructor(folder: string) {
    this.folder = folder;
    this.result = join(folder, 'result.json');
    writeFileSync(join(folder, 'up'), '');
  }
  guard(undos: readonly Undo[], maxMs = 60_000, giveUpMs = 20_000): Promise<Guardian> {
    return startGuardian(
      { name: 'local', run: this.run, clock: systemClock },
      { undos, maxMs, giveUpMs, resultFile: this.result },
      signal,
    );
  }
  /** A process that holds as Reprise does; killed at the end of the test if it is still there. */
  async holder(max: number, stop: string, lines: number, start = '') {
    const program = join(import.meta.dirname, 'testing/holder.ts');
    const argv = [program, this.folder, this.run, String(max), stop, start];
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#children.push(child);
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(line);
      if (said.length === lines) break;
    }
    return async (): Promise<void> => void (child.kill('SIGKILL'), await once(child, 'exit'));
  }
  up = (): boolean => existsSync(join(this.folder, 'up'));
  goDown = (): Promise<void> => rm(join(this.folder, 'up'));
  starts = (): number =>
    existsSync(join(this.folder, 'starts')) ? this.text('starts').split('\n').length - 1 : 0;
  text = (name: string): string => readFileSync(join(this.folder, name), 'utf8');
  ended = () => awaitGuardian(this.result, systemClock, signal);
  async end(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    await awaitGuardian(this.result, systemClock, AbortSignal.timeout(30_000));
    await rm(this.folder, { recursive: true });
  }
}
const until = async (is: () => boolean, within = 10_000): Promise<void> => {
  const end = Date.now() + within;
  while (!is() && Date.now() < end) await systemClock.sleep(20, signal);
  expect(is()).toBe(true);
};

/** Tests here wait more than they work, so they run side by side, each with a bench of its own. */
async function benchOf({
  onTestFinished,
}: {
  onTestFinished: (end: () => Promise<void>) => void;
}): Promise<Bench> {
  const bench = new Bench(await mkdtemp(join(tmpdir(), 'reprise-guardian-')));
  onTestFinished(() => bench.end());
  return bench;
}

describe.concurrent('the guardian', { timeout: 60_000 }, () => {
  test('kill -9 of Reprise in the middle of a hold: the service is back within seconds', async (t) => {
    const bench = await benchOf(t);
    const reprise = await bench.holder(600_000, 'rm up', 2);
    expect(bench.up()).toBe(false);
    const began = Date.now();
    await reprise();
    await until(bench.up);
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(await bench.ended()).toMatchObject({
      undone: true,
      reason: 'closed',
      ok: true,
    });
    expect(bench.starts()).toBe(1);
  });

  test.for([
    ['sleep 1; rm up; touch late', true],
    ['sleep 60; rm up; touch late', false],
  ] as const)(
    'kill -9 while the stop command is on its way (%s): it ends within 3 s or is ended',
    async ([stop, late], t) => {
      const bench = await benchOf(t);
      const reprise = await bench.holder(600_000, stop, 1);
      await reprise();
      expect(await bench.ended()).toMatchObject({ reason: 'closed', ok: true });
      // Nobody is left who could still do it.
      const stops = processes().filter((p) => environmentOf(p.pid).includes(`REPRISE_RUN=${bench.run}`));
      expect(stops).toEqual([]);
      expect(existsSync(join(bench.folder, 'late'))).toBe(late);
      expect(bench.up()).toBe(true);
    },
  );

  test('kill -9 while the start command is on its way: the service is started once, not twice at once', async (t) => {
    const bench = await benchOf(t);
    const start = 'echo start >> starts; touch starting; sleep 1; rm starting; touch up';
    const reprise = await bench.holder(600_000, 'rm up', 3, start);
    await until(() => existsSync(join(bench.folder, 'starting')));
    await reprise();
    expect(await bench.ended()).toMatchObject({ reason: 'closed', ok: true });
    expect(bench.up()).toBe(true);
    expect(bench.starts()).toBe(1);
  });

  test('kill -9 while a start command is on its way that never gets there: the guardian starts the service', async (t) => {
    const bench = await benchOf(t);
    const reprise = await bench.holder(600_000, 'rm up', 3, 'touch starting; sleep 6');
    await until(() => existsSync(join(bench.folder, 'starting')));
    await reprise();
    await until(bench.up);
    expect(await bench.ended()).toMatchObject({ reason: 'closed', ok: true });
    expect(bench.starts()).toBe(1);
  });

  test('killed while it starts several services, none of which comes: all are back within 10 s', async (t) => {
    const bench = await benchOf(t);
    const undos = ['a', 'b', 'c', 'd'].map((service) => undoIn(bench.folder, 'true', { service }));
    const guardian = await bench.guard(undos);
    await bench.goDown();
    expect(await guardian.stillHeld()).toBe(true); // what follows would be Reprise's own start
    const began = Date.now();
    await guardian[Symbol.asyncDispose]();
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(bench.up()).toBe(true);
  });

  test('kill -9 right after an asynchronous stop: what goes down later is brought back too', async (t) => {
    const bench = await benchOf(t);
    const reprise = await bench.holder(
      600_000,
      'env -u REPRISE_STOPPING setsid sh -c "sleep 1; rm up" >/dev/null 2>&1 & sleep 0.2',
      2,
    );
    expect(bench.up()).toBe(true); // still shutting down
    await reprise();
    expect(await bench.ended()).toMatchObject({ reason: 'closed', ok: true });
    expect(bench.starts()).toBe(1);
    expect(bench.up()).toBe(true);
  });

  test('max passes: undone although Reprise lives, and it is told so', async (t) => {
    const bench = await benchOf(t);
    await using guardian = await bench.guard([undoIn(bench.folder)], 700);
    expect(await guardian.stillHeld()).toBe(true);
    await bench.goDown();
    await until(bench.up);
    expect(await guardian.stillHeld()).toBe(false);
    expect(await guardian.release()).toMatchObject({ undone: true, reason: 'max', ok: true });
  });

  test.for(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s to the guardian: undone', async (name, t) => {
    const bench = await benchOf(t);
    await using guardian = await bench.guard([undoIn(bench.folder)]);
    await bench.goDown();
    process.kill(guardian.pid, name);
    process.kill(guardian.pid, name); // a second one does not end it half-way
    await until(bench.up);
    expect(await bench.ended()).toMatchObject({
      undone: true,
      reason: 'signal',
      ok: true,
    });
    expect(await guardian.stillHeld()).toBe(false);
  });

  test('an undo that fails twice and then succeeds', async (t) => {
    const bench = await benchOf(t);
    const flaky = 'echo x >> tries && test "$(wc -l < tries)" -ge 3';
    const guardian = await bench.guard([undoIn(bench.folder, flaky)]);
    await bench.goDown();
    await guardian[Symbol.asyncDispose]();
    expect(await guardianResult(bench.result)).toMatchObject({ undone: true, reason: 'closed', ok: true });
    expect((await readFile(join(bench.folder, 'tries'), 'utf8')).length).toBe(6);
    expect(await readFile(`${bench.result}.log`, 'utf8')).toMatch(
      /undo of toy: exit 1[^]*undo of toy: exit 1[^]*undo of toy: exit 0/,
    );
  });

  test('a service that never answers is given up at last, and said to be down', async (t) => {
    const bench = await benchOf(t);
    const guardian = await bench.guard([undoIn(bench.folder, 'false')], 60_000, 1000);
    await bench.goDown();
    await guardian[Symbol.asyncDispose]();
    expect(await guardianResult(bench.result)).toMatchObject({ undone: true, ok: false });
  });

  test('one that cannot be started does not keep the others down', async (t) => {
    const bench = await benchOf(t);
    const never = undoIn(bench.folder, 'false', {
      service: 'never',
      ready: undoIn(bench.folder, 'false').command,
    });
    const guardian = await bench.guard([never, undoIn(bench.folder)], 60_000, 6000);
    await bench.goDown();
    const closing = guardian[Symbol.asyncDispose]();
    await until(bench.up);
    await closing;
    expect(await guardianResult(bench.result)).toMatchObject({ ok: false });
  });

  test('one that stands ready leaves no timer behind', async (t) => {
    const bench = await benchOf(t);
    const asked: AbortSignal[] = [];
    const sleep: Clock['sleep'] = async (ms, stop) => {
      asked.push(stop);
      await systemClock.sleep(ms, stop);
    };
    const order = { undos: [], maxMs: 60_000, resultFile: bench.result };
    const deps = { name: 'local', run: bench.run, clock: { ...systemClock, sleep } };
    await using guardian = await startGuardian(deps, order, signal);
    expect(await guardian.stillHeld()).toBe(true);
    expect(asked.map((s) => s.aborted)).toEqual([true, true]);
  });

  test('released: nothing is undone', async (t) => {
    const bench = await benchOf(t);
    const guardian = await bench.guard([undoIn(bench.folder)]);
    await bench.goDown();
    expect(await guardian.stillHeld()).toBe(true);
    expect(await guardian.release()).toMatchObject({ undone: false, reason: 'released', ok: true });
    await guardian[Symbol.asyncDispose]();
    expect(bench.up()).toBe(false);
    expect(await guardian.stillHeld()).toBe(false);
  });

  test('a service that answers is not started again; a paused one is resumed although it answers', async (t) => {
    const bench = await benchOf(t);
    const stopped = await bench.guard([undoIn(bench.folder)]);
    await stopped[Symbol.asyncDispose]();
    expect(bench.starts()).toBe(0);
    await rm(bench.result);
    const paused = await bench.guard([undoIn(bench.folder, 'true', { always: true })]);
    await paused[Symbol.asyncDispose]();
    expect(bench.starts()).toBe(1);
  });

  test('nothing to undo: what was stopped stays stopped', async (t) => {
    const bench = await benchOf(t);
    await bench.goDown();
    const guardian = await bench.guard([]);
    await guardian[Symbol.asyncDispose]();
    expect(await guardianResult(bench.result)).toMatchObject({ undone: true, ok: true });
    expect(bench.up()).toBe(false);
  });

  test('the undo gets its user, folder, environment and secrets; nothing of the guardian, which shows none of it', async (t) => {
    const bench = await benchOf(t);
    const dump =
      'pwd > seen.pwd; env -0 > seen.env; cat /proc/self/status > seen.status; umask > seen.umask; id -un > seen.user; echo "with $TOKEN" >&2';
    const guardian = await bench.guard([undoIn(bench.folder, dump)]);
    const shown = processes()
      .filter((p) => environmentOf(p.pid).includes(`REPRISE_GUARDIAN=${bench.result}`))
      .map((p) => readFileSync(`/proc/${p.pid}/cmdline`, 'utf8') + environmentOf(p.pid).join('\n'));
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.join('\n')).not.toMatch(/canary-GUARD|seen\.pwd|REPRISE_RUN=[0-9a-f]/);
    await bench.goDown();
    await guardian[Symbol.asyncDispose]();

    const seen = (name: string): Promise<string> => readFile(join(bench.folder, `seen.${name}`), 'utf8');
    const env = (await seen('env')).split('\0');
    expect(env).toContain("PLAIN=it's\n'é' Á $HOME `x` \\n");
    expect(env).toContain("TOKEN=canary-GUARD\nsecond'line");
    expect(env.filter((e) => /^REPRISE_(RUN|GUARDIAN)/.test(e))).toEqual([]);
    expect((await seen('pwd')).trim()).toBe(bench.folder);
    // A daemon must not inherit that HUP, INT, QUIT, PIPE and TERM are ignored, as they are in the guardian; what
    // whoever started the tests ignores besides is not ours.
    const ignored = BigInt(`0x${/^SigIgn:\t(\w+)$/m.exec(await seen('status'))?.[1] ?? '?'}`);
    expect(ignored & 0x5007n).toBe(0n);
    expect(Number.parseInt(await seen('umask'), 8)).toBe(process.umask());
    expect((await stat(bench.result)).mode & 0o777).toBe(0o600);
    expect(bench.text('result.json.log')).toContain('with [secret]');
    expect(bench.text('result.json.log')).not.toContain('canary');
  });

  test('an undo as another user', async (t) => {
    const bench = await benchOf(t);
    t.skip(process.getuid?.() !== 0, 'needs root');
    const other = undoIn(bench.folder, 'true');
    const command = { ...other.command, argv: ['sh', '-c', 'id -un >&2'] as const, user: 'nobody', cwd: '/' };
    const guardian = await bench.guard([{ ...other, command, always: true }]);
    await guardian[Symbol.asyncDispose]();
    expect(await readFile(`${bench.result}.log`, 'utf8')).toContain('nobody');
  });

  test('what cannot be started is found before anything is stopped', async (t) => {
    const bench = await benchOf(t);
    const undo = undoIn(bench.folder);
    const missing = { ...undo, command: { ...undo.command, argv: ['no-such-program'] as const } };
    await expect(bench.guard([missing])).rejects.toMatchObject({ code: 'process.missing' });
    bench.result = join(bench.folder, 'nowhere/result.json');
    await expect(bench.guard([undo])).rejects.toMatchObject({ code: 'guardian.failed' });
  });
});
