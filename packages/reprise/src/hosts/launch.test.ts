import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { systemClock } from '../lib/clock.ts';
import { Secret } from '../lib/secret.ts';
import { text } from './finish.ts';
import { launchOf, wrapped } from './launch.ts';
import { localHost } from './local.ts';

const run = randomUUID();
const on = { name: 'local', run };
const { signal } = new AbortController();
const argv = ['env'] as [string, ...string[]];

test('every child carries its run, so that what outlives Reprise is found', async () => {
  await using host = localHost({ run, scratchRoot: '/nonexistent', clock: systemClock });
  expect(await text(host, { argv }, signal)).toContain(`REPRISE_RUN=${run}\n`);
  expect(await text(host, { argv: ['sh', '-c', 'env'] }, signal)).toContain(`REPRISE_RUN=${run}\n`);
});

test('a folder of PATH that is not absolute is one below where the command runs, not below where Reprise does', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-launch-'));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/tool'), '', { mode: 0o755 });
  const command = { argv: ['tool'] as [string, ...string[]], cwd: folder };
  expect(launchOf({ ...command, env: { PATH: '/bin:bin' } }, on).argv).toEqual([join(folder, 'bin/tool')]);
  expect(() => launchOf({ ...command, env: { PATH: '/bin:' } }, on)).toThrow(
    expect.objectContaining({ code: 'process.missing' }),
  );
  rmSync(folder, { recursive: true });
});

test('what shall outlive Reprise does not, and neither does what belongs to no run', () => {
  expect(launchOf({ argv, lasting: true }, on).env).not.toHaveProperty('REPRISE_RUN');
  expect(launchOf({ argv }, { name: 'local', run: null }).env).not.toHaveProperty('REPRISE_RUN');
});

test('behind another program: marked too, and without anything of that program’s environment', () => {
  const [program, ...args] = wrapped({ argv, env: { GREETING: 'hello world' } }, on);
  const seen = spawnSync(program, args, { env: { RESTIC_PASSWORD: 'canary' }, encoding: 'utf8' }).stdout;
  expect(seen).toContain(`REPRISE_RUN=${run}\n`);
  expect(seen).toContain('GREETING=hello world\n');
  expect(seen).not.toContain('canary');
});

test('behind another program a secret would stand in argv: refused', () => {
  expect(() => wrapped({ argv, secrets: { PGPASSWORD: new Secret('canary') } }, on)).toThrow(TypeError);
  expect(() => wrapped({ argv: ['/bin/sh', '-c', 'true'], secrets: {} }, on)).not.toThrow();
});

test.for([
  [{ argv: ['no-such-program-here'] as [string, ...string[]] }, 'process.missing'],
  [{ argv: ['/etc/passwd'] as [string, ...string[]] }, 'process.missing'], // a file, and no program
  [{ argv, cwd: '/etc/passwd' }, 'path.failed'],
  [{ argv, cwd: '/nonexistent' }, 'path.failed'],
  [{ argv, user: 'no-such-user-here' }, 'user.missing'],
] as const)('%o: %s', ([command, code]) => {
  expect(() => launchOf(command, on)).toThrow(expect.objectContaining({ code }) as Error);
});
