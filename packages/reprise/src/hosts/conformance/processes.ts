import { expect } from 'vitest';

import { outcome, quiet, succeed, text } from '../finish.ts';
import type { Host } from '../host.ts';
import { type Case, hostCase } from './bench.ts';

const sh = (script: string) => ['sh', '-c', script] as const;
/** What processes there are on the host with this text in their arguments, zombies not counted. */
export const withWord = async (host: Host, word: string, signal: AbortSignal): Promise<readonly string[]> => {
  const out = await text(host, { argv: ['ps', '-ewwo', 'pid=,stat=,args='] }, signal, 1e7);
  return out.split('\n').filter((line) => line.includes(word) && !/^ *\d+ Z/.test(line));
};
/** An argument of `sleep` that nobody else uses. */
const nap = (): string => `3${Math.floor(Math.random() * 1e9)}`;
const took = async (act: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await act();
  return performance.now() - began;
};

export const processCases: readonly Case[] = [
  hostCase('exit statuses and signals are told as they are', async ({ host, signal }) => {
    for (const code of [0, 1, 7, 126, 255])
      expect(await outcome(host, { argv: sh(`exit ${code}`) }, signal)).toMatchObject({ code, signal: null });
    expect(await outcome(host, { argv: sh('kill -KILL $$') }, signal)).toMatchObject({
      code: null,
      signal: 'SIGKILL',
    });
  }),
  hostCase('a failure names program, status and the end of stderr', async ({ host, signal }) => {
    const running = await host.run({ argv: sh('echo out of luck >&2; exit 7') }, signal);
    running.stdout.resume();
    await expect(succeed(running, 'luck')).rejects.toMatchObject({
      code: 'process.failed',
      params: { program: 'luck', how: 'exit 7', stderr: 'out of luck' },
    });
  }),
  hostCase('a missing program is said to be missing', async ({ host, signal }) => {
    for (const program of ['no-such-program', '/nowhere/program', '/etc/passwd'])
      await expect(host.run({ argv: [program] }, signal)).rejects.toMatchObject({
        code: 'process.missing',
        params: { program },
      });
  }),
  hostCase('a missing folder is not taken for a missing program', async ({ host, signal }) => {
    await expect(host.run({ argv: ['true'], cwd: '/nowhere' }, signal)).rejects.toMatchObject({
      code: 'path.failed',
    });
  }),
  hostCase('abort ends the grandchildren too, and rejects with its reason', async ({ host, signal }) => {
    const time = nap();
    const stop = new AbortController();
    const running = await host.run(
      { argv: sh(`sh -c "sleep ${time} & sleep ${time}" & sleep ${time}`) },
      stop.signal,
    );
    running.stdout.resume();
    while ((await withWord(host, `sleep ${time}`, signal)).length < 3);
    stop.abort(new Error('enough'));
    await expect(running.exit).rejects.toThrow('enough');
    expect(await withWord(host, time, signal)).toEqual([]);
  }),
  hostCase('what is deaf to TERM is killed after the grace, not before', async ({ host }) => {
    const argv = sh(`trap '' TERM; echo deaf; while :; do sleep 0.05; done`);
    const stop = new AbortController();
    const running = await host.run({ argv, grace: 500 }, stop.signal);
    for await (const _ of running.stdout) break;
    const ms = await took(async () => {
      stop.abort(new Error('enough'));
      await expect(running.exit).rejects.toThrow('enough');
    });
    expect(ms).toBeGreaterThan(450);
    expect(ms).toBeLessThan(5000);
  }),
  hostCase('a program that cleans up on TERM is given the time', async ({ host, folder, signal }) => {
    const stop = new AbortController();
    const argv = sh(
      `trap 'sleep 0.3; echo clean > "${folder}/clean"; exit' TERM; echo up; while :; do sleep 0.05; done`,
    );
    const running = await host.run({ argv }, stop.signal);
    for await (const _ of running.stdout) break;
    stop.abort(new Error('enough'));
    await expect(running.exit).rejects.toThrow('enough');
    expect(await host.stat(`${folder}/clean`, signal)).toMatchObject({ type: 'file' });
  }),
  hostCase('abort ends also what nobody reads', async ({ host }) => {
    const stop = new AbortController();
    const running = await host.run({ argv: ['yes'] }, stop.signal);
    setTimeout(() => stop.abort(new Error('enough')), 100);
    expect(await took(() => expect(running.exit).rejects.toThrow('enough'))).toBeLessThan(4000);
  }),
  hostCase('nothing is started for a signal that was aborted before', async ({ host, folder, signal }) => {
    const aborted = AbortSignal.abort(new Error('before'));
    await expect(host.run({ argv: ['touch', `${folder}/started`] }, aborted)).rejects.toThrow('before');
    expect(await host.stat(`${folder}/started`, signal)).toBeUndefined();
  }),
  hostCase('what a command leaves in the background ends with it', async ({ host, signal }) => {
    const time = nap();
    await quiet(host, { argv: sh(`sleep ${time} >/dev/null 2>&1 & exit 0`) }, signal);
    expect(await withWord(host, time, signal)).toEqual([]);
  }),
  hostCase(
    'what a lasting command leaves outlives the host, and holds nothing of it',
    async ({ bench, signal }) => {
      const time = nap();
      const host = await bench.make('run-of-conformance');
      const argv = sh(`sleep ${time} & echo "pid $!" >&2`);
      const exit = await outcome(host, { argv, lasting: true }, signal);
      expect(exit).toMatchObject({ code: 0, stderr: expect.stringMatching(/^pid \d+\n$/) });
      await host[Symbol.asyncDispose]();
      await using later = await bench.make(null);
      expect(await withWord(later, `sleep ${time}`, signal)).toHaveLength(1);
      await quiet(later, { argv: ['kill', exit.stderr.trim().slice(4)] }, signal);
    },
  ),
  hostCase('a lasting command that has not ended yet is ended by abort', async ({ host, signal }) => {
    const time = nap();
    const stop = AbortSignal.timeout(200);
    await expect(outcome(host, { argv: sh(`sleep ${time} & wait`), lasting: true }, stop)).rejects.toThrow();
    expect(await withWord(host, time, signal)).toEqual([]);
  }),
  hostCase('closing the host ends what it runs', async ({ bench, signal }) => {
    const time = nap();
    const host = await bench.make('run-of-conformance');
    const running = await host.run({ argv: ['sleep', time] }, signal);
    running.stdout.resume();
    const ended = expect(running.exit).rejects.toThrow('closed');
    await host[Symbol.asyncDispose]();
    await ended;
    await using later = await bench.make(null);
    expect(await withWord(later, time, signal)).toEqual([]);
  }),
  hostCase('an endpoint of the host can be reached from here', async ({ host, signal }) => {
    const script = `const s = require('net').createServer((c) => c.end('hello')).listen(0, '127.0.0.1', () => console.log(s.address().port))`;
    const stop = new AbortController();
    const server = await host.run({ argv: ['node', '-e', script] }, stop.signal);
    let port = 0;
    for await (const line of server.stdout as AsyncIterable<Buffer>) {
      port = Number(line.toString());
      break;
    }
    {
      await using way = await host.forward({ host: '127.0.0.1', port }, signal);
      const { connect } = await import('node:net');
      let said = '';
      for await (const chunk of connect(way.port, way.host) as AsyncIterable<Buffer>)
        said += chunk.toString();
      expect(said).toBe('hello');
    }
    stop.abort();
    await expect(server.exit).rejects.toThrow();
  }),
];
