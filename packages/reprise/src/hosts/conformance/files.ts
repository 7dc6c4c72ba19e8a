import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';

import { expect } from 'vitest';

import { Secret } from '../../lib/secret.ts';
import { bounded } from '../../lib/streams.ts';
import { quiet, text } from '../finish.ts';
import type { Host } from '../host.ts';
import { type Case, hostCase } from './bench.ts';

const contentOf = async (host: Host, path: string, signal: AbortSignal): Promise<string | undefined> =>
  await bounded(await host.read(path, signal), 1e8);

async function* broken(): AsyncGenerator<string> {
  yield 'ne';
  await Promise.resolve();
  throw new Error('connection lost');
}

export const fileCases: readonly Case[] = [
  hostCase(
    'what is written is read back, with its mode whatever the umask',
    async ({ host, folder, signal }) => {
      const path = `${folder}/new\nline`;
      for (const mode of [0o600, 0o644, 0o777]) {
        const umask = process.umask(0o077);
        await host.write(path, Readable.from([Buffer.alloc(5_000_000, 'a'), 'é']), mode, signal);
        process.umask(umask);
        expect(await host.stat(path, signal)).toMatchObject({ type: 'file', mode, size: 5_000_002 });
        expect((await contentOf(host, path, signal))?.endsWith('aé')).toBe(true);
      }
      await host.write(path, new Secret('hidden'), 0o600, signal);
      expect(await contentOf(host, path, signal)).toBe('hidden');
      await host.write(path, '', 0o600, signal);
      expect(await contentOf(host, path, signal)).toBe('');
    },
  ),
  hostCase('mode and owner are there before the first byte', async ({ host, folder, signal }) => {
    const seen: unknown[] = [];
    async function* body() {
      for (const name of await host.list(folder, signal))
        seen.push(await host.stat(`${folder}/${name}`, signal));
      yield 'secret';
    }
    await host.write(`${folder}/key`, Readable.from(body()), 0o640, signal);
    expect(seen).toMatchObject([{ mode: 0o640, size: 0 }]);
  }),
  hostCase(
    'an owner is given what is written',
    async ({ host, bench, folder, signal }) => {
      await host.write(`${folder}/key`, 'k', 0o400, signal, bench.other);
      const uid = Number(await text(host, { argv: ['id', '-u', bench.other as string] }, signal));
      expect(await host.stat(`${folder}/key`, signal)).toMatchObject({ uid, mode: 0o400 });
      expect(await text(host, { argv: ['cat', `${folder}/key`], user: bench.other }, signal)).toBe('k');
    },
    'other',
  ),
  hostCase(
    'a body that breaks off, or an abort, leaves the old content and nothing else',
    async ({ host, folder, signal }) => {
      const path = `${folder}/state`;
      await host.write(path, 'old', 0o600, signal);
      await expect(host.write(path, Readable.from(broken()), 0o600, signal)).rejects.toThrow(
        'connection lost',
      );
      const stop = new AbortController();
      const stalled = new PassThrough();
      stalled.write('ne');
      setTimeout(() => stop.abort(new Error('enough')), 50);
      await expect(host.write(path, stalled, 0o600, stop.signal)).rejects.toThrow('enough');
      expect(await contentOf(host, path, signal)).toBe('old');
      expect(await host.list(folder, signal)).toEqual(['state']);
    },
  ),
  hostCase(
    'kill -9 in the middle of a write leaves the old content',
    async ({ host, bench, folder, signal }) => {
      const path = `${folder}/state`;
      await host.write(path, 'old', 0o600, signal);
      const [program, ...args] = bench.victim;
      const victim = spawn(program, [...args, 'write', path], { stdio: ['pipe', 'ignore', 'inherit'] });
      victim.stdin.on('error', () => {});
      victim.stdin.write(Buffer.alloc(300_000, 'new'));
      // Some of it has reached the disk.
      const sizes = async () =>
        await Promise.all(
          (await host.list(folder, signal)).map(
            async (n) => (await host.stat(`${folder}/${n}`, signal))?.size ?? 0,
          ),
        );
      while (!(await sizes()).some((size) => size > 100_000))
        await new Promise((resolve) => setTimeout(resolve, 20));
      victim.kill('SIGKILL');
      await once(victim, 'exit');
      expect(await contentOf(host, path, signal)).toBe('old');
    },
  ),
  hostCase('a symbolic link is replaced, not followed', async ({ host, folder, signal }) => {
    await host.write(`${folder}/target`, 'target', 0o600, signal);
    await quiet(host, { argv: ['ln', '-s', 'target', `${folder}/link`] }, signal);
    expect(await host.stat(`${folder}/link`, signal)).toMatchObject({ type: 'symlink' });
    await host.write(`${folder}/link`, 'new', 0o600, signal);
    expect(await contentOf(host, `${folder}/target`, signal)).toBe('target');
    expect(await host.stat(`${folder}/link`, signal)).toMatchObject({ type: 'file' });
  }),
  hostCase('what cannot be done says where and why', async ({ host, folder, signal }) => {
    const failed = (path: string) => ({
      code: 'path.failed',
      params: { path: `${folder}/${path}`, why: 'ENOENT' },
    });
    await expect(host.read(`${folder}/none`, signal)).rejects.toMatchObject(failed('none'));
    await expect(host.write(`${folder}/none/x`, 'x', 0o600, signal)).rejects.toMatchObject(failed('none/x'));
    await expect(host.list(`${folder}/none`, signal)).rejects.toMatchObject(failed('none'));
    await expect(host.rename(`${folder}/none`, `${folder}/x`, signal)).rejects.toMatchObject(failed('none'));
    await expect(host.read(folder, signal)).rejects.toMatchObject({
      code: 'path.failed',
      params: { why: 'EISDIR' },
    });
  }),
  hostCase(
    'nothing there is no error; identities survive a rename and tell folders apart',
    async ({ host, folder, signal }) => {
      expect(await host.stat(`${folder}/none`, signal)).toBeUndefined();
      await host.write(`${folder}/file`, 'x', 0o600, signal);
      expect(await host.stat(`${folder}/file/below`, signal)).toBeUndefined();
      await host.mkdir(`${folder}/a/b`, 0o750, signal);
      await host.mkdir(`${folder}/a/b`, 0o700, signal);
      const made = await host.stat(`${folder}/a/b`, signal);
      expect(made).toMatchObject({ type: 'directory', mode: 0o750 });
      await host.rename(`${folder}/a/b`, `${folder}/c`, signal);
      expect((await host.stat(`${folder}/c`, signal))?.id).toBe(made?.id);
      await host.mkdir(`${folder}/a/b`, 0o750, signal);
      expect((await host.stat(`${folder}/a/b`, signal))?.id).not.toBe(made?.id);
    },
  ),
  hostCase(
    'removing takes odd names, follows no link, and may be done twice',
    async ({ host, folder, signal }) => {
      const script = `mkdir -p outside tree/--force 'tree/new
line' && touch outside/kept "tree/$(printf 'bad\\377utf8')" -- 'tree/-rf' tree/--force/x && ln -s ../outside tree/link && chmod 500 tree/--force`;
      await quiet(host, { argv: ['sh', '-c', script], cwd: folder }, signal);
      await host.remove(`${folder}/tree`, signal);
      await host.remove(`${folder}/tree`, signal);
      await quiet(host, { argv: ['ln', '-s', 'outside', `${folder}/link`] }, signal);
      await host.remove(`${folder}/link`, signal);
      expect(await host.list(folder, signal)).toEqual(['outside']);
      expect(await host.list(`${folder}/outside`, signal)).toEqual(['kept']);
    },
  ),
  hostCase('bytes free are those that the system tells others', async ({ host, folder, signal }) => {
    const told = Number(
      (await text(host, { argv: ['df', '--output=avail', '-B1', folder] }, signal)).split('\n')[1],
    );
    const free = await host.free(`${folder}/not/yet/there`, signal);
    expect(Math.abs(free - told)).toBeLessThan(told * 0.05);
  }),
];
