import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PlanService, type SecretRef } from '@reprise/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { text } from '../hosts/finish.ts';
import type { Host } from '../hosts/host.ts';
import { localHost } from '../hosts/local.ts';
import { entryOf } from '../hosts/processes.ts';
import { systemClock } from '../lib/clock.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { Secret } from '../lib/secret.ts';
import { makeService, type ServicePlace } from './make.ts';
import type { Service } from './service.ts';

/** A real daemon: `sleep` in the background of its start command, in the same process group, holding its output. */
const start =
  'sleep 300 & echo $! > "$DATA/pid"; echo started >> "$DATA/log"; sleep "${SLOW:-0}"; touch "$DATA/up"';
const alive = 'kill -0 "$(cat "$DATA/pid")" 2>/dev/null && test -e "$DATA/up"';
const stop = 'rm -f "$DATA/up"; kill "$(cat "$DATA/pid")"; echo stopped >> "$DATA/log"';

let data = '';
let host: Host;
const signal = new AbortController().signal;
const here: ServicePlace = { path: (p) => p, port: (p) => p };
const sh = (script: string, more: object = {}) => ({ argv: ['sh', '-c', script], ...more });
const service = (more: object = {}, place = here): Service =>
  makeService({
    name: 'app',
    plan: PlanService.parse({
      kind: 'command',
      start: sh(start),
      stop: sh(stop),
      ready: sh(alive),
      place: { DATA: { path: data }, PORT: { port: 8080 } },
      ...more,
    }),
    place,
    host,
    clock: systemClock,
    secret: async (ref: SecretRef) => new Secret('env' in ref ? `value of ${ref.env}` : ''),
  });
const log = async (): Promise<string> => await readFile(join(data, 'log'), 'utf8').catch(() => '');

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'reprise-service-'));
  host = localHost({ run: 'the-run', scratchRoot: join(data, 'scratch'), clock: systemClock });
});
afterEach(async () => {
  await text(host, { argv: ['sh', '-c', 'kill "$(cat pid)" || true'], cwd: data }, signal);
  await host[Symbol.asyncDispose]();
  await rm(data, { recursive: true });
});

test('starts, waits until it answers, and stops; what runs is not started twice', async () => {
  const s = service({ start: sh(start, { env: { SLOW: '0.2' } }) });
  expect(await s.state(signal)).toBe('stopped');
  await s.start(signal);
  expect(await s.state(signal)).toBe('running');
  await s.start(signal);
  await s.stop(signal);
  expect(await s.state(signal)).toBe('stopped');
  expect(await log()).toBe('started\nstopped\n');
});

describe('a service that does not answer, and has no state command', () => {
  /** Alive, and no longer answering. */
  const hung = async (): Promise<number> => {
    await service().start(signal);
    await rm(join(data, 'up'));
    expect(await service().state(signal)).toBe('stopped');
    return Number(await readFile(join(data, 'pid'), 'utf8'));
  };

  test('is stopped all the same: it may hang, or still be starting', async () => {
    const pid = await hung();
    await service().stop(signal);
    expect(['gone', 'Z']).toContain(entryOf(pid)?.state ?? 'gone');
  });

  test('with a state command that says stopped, the stop command is not run', async () => {
    await service({ state: sh('echo stopped') }).stop(signal);
    expect(await log()).toBe('');
  });

  test('where there is nothing to stop, the stop command may fail, or not be there', async () => {
    await service({ stop: sh('exit 7') }).stop(signal);
    await service({ stop: { argv: ['no-such-program'] } }).stop(signal);
    await service({ stop: sh('true', { cwd: join(data, 'gone') }) }).stop(signal);
  });

  test('a stop that hangs is an error, and so is a service that answers after it', async () => {
    await expect(service({ stop: sh('sleep 30', { timeout: '1s' }) }).stop(signal)).rejects.toMatchObject({
      code: 'service.command-failed',
      params: { command: 'stop', how: '> 1000 ms' },
    });
    await hung();
    await expect(service({ stop: sh('touch "$DATA/up"') }).stop(signal)).rejects.toMatchObject({
      code: 'service.not-stopped',
    });
  });

  test('an interrupted stop is not taken for one that failed', async () => {
    const s = service({ stop: sh('sleep 30') });
    await expect(s.stop(AbortSignal.timeout(500))).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

test('what it started outlives Reprise, is in no run, and holds no pipe', async () => {
  const began = performance.now();
  await service().start(signal);
  expect(performance.now() - began).toBeLessThan(5000); // the daemon inherited its output: nobody waits for it to close
  await host[Symbol.asyncDispose]();
  const pid = (await readFile(join(data, 'pid'), 'utf8')).trim();
  const environ = await readFile(`/proc/${pid}/environ`, 'utf8');
  expect(environ).toContain(`DATA=${data}`);
  expect(environ).not.toContain('REPRISE_RUN');
  host = localHost({ run: null, scratchRoot: join(data, 'scratch'), clock: systemClock });
  expect(await service().state(signal)).toBe('running');
});

test('a start that fails says why, with its secrets masked', async () => {
  const s = service({
    start: sh('echo "no license $KEY" >&2; exit 3', { secrets: { KEY: { env: 'LICENSE' } } }),
  });
  const error = await s.start(signal).catch((e: unknown) => e as RepriseError);
  expect(error).toBeInstanceOf(RepriseError);
  expect(error).toMatchObject({
    code: 'service.command-failed',
    params: { command: 'start', how: 'exit 3', stderr: 'no license [secret]' },
  });
});

test('a start that does not lead to an answer is an error after its timeout', async () => {
  const s = service({ start: sh('true', { timeout: '1s' }) });
  await expect(s.start(signal)).rejects.toMatchObject({ code: 'service.not-ready' });
});

test('a command that hangs is ended at its timeout, with its children', async () => {
  const s = service({ start: sh(`sleep 301 & echo $! > ${data}/hung; wait`, { timeout: '1s' }) });
  await expect(s.start(signal)).rejects.toMatchObject({
    code: 'service.command-failed',
    params: { how: '> 1000 ms' },
  });
  const hung = (await readFile(join(data, 'hung'), 'utf8')).trim();
  expect(['gone', 'Z']).toContain(entryOf(Number(hung))?.state ?? 'gone');
});

test('a stop that stops nothing is an error', async () => {
  const s = service({ stop: sh('true', { timeout: '1s' }) });
  await s.start(signal);
  await expect(s.stop(signal)).rejects.toMatchObject({ code: 'service.not-stopped' });
});

test('a ready command that hangs is a fail, one that is missing is unable', async () => {
  expect(await service({ ready: sh('sleep 30', { timeout: '1s' }) }).ready(signal)).toMatchObject({
    verdict: 'fail',
  });
  const missing = service({ ready: { argv: ['no-such-program'] } });
  expect(await missing.ready(signal)).toMatchObject({ verdict: 'unable' });
  expect(await missing.state(signal)).toBe('unknown');
});

test('an aborted wait ends at once', async () => {
  const s = service({ start: sh('true', { timeout: '60s' }) });
  await expect(s.start(AbortSignal.timeout(200))).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('in another place the commands get its paths and ports, over those of env', async () => {
  const elsewhere: ServicePlace = { path: (p) => `/else${p}`, port: (p) => p + 1 };
  const print = sh(`printf '%s %s' "$DATA" "$PORT" > "${data}/seen"`, { env: { PORT: '8080' } });
  await service({ ready: print }, elsewhere).ready(signal);
  expect(await readFile(join(data, 'seen'), 'utf8')).toBe(`/else${data} 8081`);
});

test('pauses and resumes with the state command as witness; never pauses what nobody could resume', async () => {
  const pausing = {
    state: sh(
      `${alive} || { echo stopped; exit; }; grep -q 'State:.T' /proc/$(cat "$DATA/pid")/status && echo paused || echo running`,
    ),
    pause: sh('kill -STOP "$(cat "$DATA/pid")"'),
    resume: sh('kill -CONT "$(cat "$DATA/pid")"'),
  };
  const s = service(pausing);
  await s.start(signal);
  await s.pause(signal);
  expect(await s.state(signal)).toBe('paused');
  await s.start(signal); // starting what is paused resumes it
  expect(await s.state(signal)).toBe('running');
  const { resume: _, ...half } = pausing;
  await expect(service(half).pause(signal)).rejects.toMatchObject({
    code: 'service.command-missing',
    exit: 2,
  });
  expect(await s.state(signal)).toBe('running');
});

test('undo brings back what was: started if it ran, resumed if it was paused by us, nothing if it was stopped', async () => {
  const s = service({ pause: sh('true'), resume: sh('echo resume') });
  expect(await s.undo('stopped', 'stop', signal)).toBeUndefined();
  expect(await s.undo('paused', 'pause', signal)).toBeUndefined();
  expect(await s.undo('running', 'stop', signal)).toMatchObject({
    always: false,
    command: { argv: ['sh', '-c', start], lasting: true },
  });
  expect(await s.undo('running', 'pause', signal)).toMatchObject({
    always: true,
    command: { argv: ['sh', '-c', 'echo resume'] },
  });
});

test('kinds that this version cannot act on are refused with exit 3', () => {
  const plan = PlanService.parse({ kind: 'systemd', unit: 'app.service' });
  const deps = { name: 'app', place: here, host, clock: systemClock, secret: async () => new Secret('') };
  expect(() => makeService({ ...deps, plan })).toThrow(
    expect.objectContaining({ code: 'service.unsupported', exit: 3 }),
  );
});

test('no service: nothing happens and nobody can be asked', async () => {
  const none = makeService({
    name: 'none',
    plan: null,
    place: here,
    host,
    clock: systemClock,
    secret: async () => new Secret(''),
  });
  await none.stop(signal);
  await none.start(signal);
  expect(await none.ready(signal)).toMatchObject({ verdict: 'unable', code: 'service.unasked' });
  expect(await none.undo('running', 'stop', signal)).toBeUndefined();
  expect(await none.enter(signal)).toBe(host);
});
