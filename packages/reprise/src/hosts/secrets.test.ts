import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { systemClock } from '../lib/clock.ts';
import { mask, Secret } from '../lib/secret.ts';
import { localHost } from './local.ts';
import { resolveSecret } from './secrets.ts';

let folder = '';
const { signal } = new AbortController();
const host = localHost({ run: null, scratchRoot: '/nonexistent', clock: systemClock });
const from = { host, env: { KEY: 'k\r\n', NOTHING: '', TWO: 'a\n\n' } };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reprise-secrets-'));
  await writeFile(join(folder, 'closed'), 'from file\n', { mode: 0o600 });
  await writeFile(join(folder, 'open'), 'from file\n');
  await chmod(join(folder, 'open'), 0o640);
});
afterAll(() => rm(folder, { recursive: true }));

test('comes from the environment, a file or a command, without its last line break', async () => {
  expect((await resolveSecret({ env: 'KEY' }, from, signal)).reveal()).toBe('k');
  expect((await resolveSecret({ env: 'TWO' }, from, signal)).reveal()).toBe('a\n');
  expect((await resolveSecret({ file: join(folder, 'closed') }, from, signal)).reveal()).toBe('from file');
  expect((await resolveSecret({ command: ['printf', '%s\n', 'p w'] }, from, signal)).reveal()).toBe('p w');
});

test.for([
  [{ env: 'UNSET' }, 'secret.missing', 'not set'],
  [{ env: 'NOTHING' }, 'secret.missing', 'empty'],
  [{ file: '/nonexistent/x' }, 'secret.missing', 'there is no such file'],
  [{ command: ['sh', '-c', 'echo locked >&2; exit 4'] as [string, ...string[]] }, 'secret.missing', 'locked'],
  [{ command: ['no-such-program'] as [string, ...string[]] }, 'secret.missing', 'not found'],
  [{ command: ['yes'] as [string, ...string[]] }, 'secret.missing', '65536'],
  [{ command: ['printf', String.raw`a\0b`] as [string, ...string[]] }, 'secret.missing', 'NUL'],
] as const)('%o: %s, %s', async ([ref, code, words]) => {
  const error: unknown = await resolveSecret(ref, from, signal).catch((e: unknown) => e);
  expect(error).toMatchObject({ code });
  expect((error as Error).message).toContain(words);
});

test('a pipe has no size to look at beforehand, and is not read beyond the limit either', async () => {
  const path = join(folder, 'pipe');
  spawnSync('mkfifo', ['-m', '600', path]);
  const writing = writeFile(path, 'x'.repeat(300_000)).catch((e: unknown) => e); // EPIPE
  await expect(resolveSecret({ file: path }, from, signal)).rejects.toMatchObject({ code: 'secret.missing' });
  expect(await writing).toMatchObject({ code: 'EPIPE' });
});

test('a file that others can read is refused, with the command that mends it', async () => {
  const path = join(folder, 'open');
  const error = await resolveSecret({ file: path }, from, signal).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'secret.exposed', exit: 4, params: { mode: '640' } });
  expect((error as { text(l: 'fr'): { hint: string } }).text('fr').hint).toBe(`chmod 600 ${path}`);
});

test('a secret prints as nothing anywhere', () => {
  const secret = new Secret('canary');
  const shown = `${String(secret)} ${JSON.stringify({ secret })} ${inspect({ deep: [secret] })} ${Object.values(secret).join()}`;
  expect(shown).not.toContain('canary');
});

test('masking hides whole secrets, the longer first, and lines of a key', () => {
  const secrets = [
    new Secret('pass'),
    new Secret('password'),
    new Secret('-----BEGIN\nsecretline\nx'),
    new Secret(''),
  ];
  expect(mask('pass password $& secretline x', secrets)).toBe('[secret] [secret] $& [secret] x');
});
