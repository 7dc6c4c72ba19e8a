import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { expect } from 'vitest';

import { text } from '../finish.ts';
import { type Case, hostCase, type HostBench } from './bench.ts';

/** A claim held by another process: the folder it was given. */
async function claimElsewhere(bench: HostBench, bytes: number) {
  const [program, ...args] = bench.victim;
  const victim = spawn(program, [...args, 'scratch', String(bytes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(victim.stdout, 'data')) as [Buffer];
  return {
    path: said.toString().trim(),
    kill: async () => (victim.kill('SIGKILL'), await once(victim, 'exit')),
  };
}

export const scratchCases: readonly Case[] = [
  hostCase('a fresh folder of one’s own, gone when disposed, whatever is in it', async ({ host, signal }) => {
    let path = '';
    {
      await using scratch = await host.scratch(1e6, signal);
      path = scratch.path;
      expect(await host.stat(path, signal)).toMatchObject({ type: 'directory', mode: 0o700 });
      await host.write(`${path}/x`, 'x', 0o400, signal);
      await using other = await host.scratch(0, signal);
      expect(other.path).not.toBe(path);
    }
    expect(await host.stat(path, signal)).toBeUndefined();
  }),
  hostCase('more than there is is refused, in numbers', async ({ host, signal }) => {
    await expect(host.scratch(1e18, signal)).rejects.toMatchObject({
      code: 'scratch.full',
      params: { needed: 1e18 },
    });
  }),
  hostCase('claims see each other, and free each other when they end', async ({ host, bench, signal }) => {
    await using other = await bench.make(null);
    const most = Math.floor((await host.free(bench.folder, signal)) * 0.6);
    {
      await using _held = await other.scratch(most, signal);
      await expect(host.scratch(most, signal)).rejects.toMatchObject({ code: 'scratch.full' });
    }
    await using now = await host.scratch(most, signal);
    expect(now.path).not.toBe('');
  }),
  hostCase('two at the same moment cannot both have the last of it', async ({ host, bench, signal }) => {
    const most = Math.floor((await host.free(bench.folder, signal)) * 0.6);
    const both = await Promise.allSettled([host.scratch(most, signal), host.scratch(most, signal)]);
    expect(both.map((b) => b.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    for (const b of both) if (b.status === 'fulfilled') await b.value[Symbol.asyncDispose]();
  }),
  hostCase(
    'claims of other processes count while they live; of the dead neither claim nor folder stays',
    async ({ host, bench, signal }) => {
      const most = Math.floor((await host.free(bench.folder, signal)) * 0.6);
      const elsewhere = await claimElsewhere(bench, most);
      await expect(host.scratch(most, signal)).rejects.toMatchObject({ code: 'scratch.full' });
      expect(await host.stat(elsewhere.path, signal)).toMatchObject({ type: 'directory' });
      await elsewhere.kill();
      await using now = await host.scratch(most, signal);
      expect(await host.stat(elsewhere.path, signal)).toBeUndefined();
      expect(await host.stat(now.path, signal)).toBeDefined();
    },
  ),
  hostCase('an aborted run cleans up as well', async ({ host, signal }) => {
    const stop = new AbortController();
    const scratch = await host.scratch(1000, stop.signal);
    stop.abort();
    await scratch[Symbol.asyncDispose]();
    expect(await host.stat(scratch.path, signal)).toBeUndefined();
  }),
  hostCase(
    'another user can work in the folder it owns',
    async ({ host, bench, signal }) => {
      await using scratch = await host.scratch(1000, signal, bench.other);
      const argv = ['sh', '-c', 'echo mine > x && cat x && stat -c %U .'] as const;
      expect(await text(host, { argv, cwd: scratch.path, user: bench.other }, signal)).toBe(
        `mine\n${bench.other}\n`,
      );
    },
    'other',
  ),
];
