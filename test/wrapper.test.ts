import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

/** `./reprise` in a checkout of its own, whose program prints what it was given. */
let checkout = '';
const tools = (): string => join(checkout, '.cache/tools/bin');
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'rp wrapper '));
  const source = join(checkout, 'packages/reprise/src');
  mkdirSync(source, { recursive: true });
  mkdirSync(join(checkout, 'node_modules/.bin'), { recursive: true });
  mkdirSync(tools(), { recursive: true });
  symlinkSync(process.execPath, join(checkout, 'node_modules/.bin/node'));
  cpSync('reprise', join(checkout, 'reprise'));
  writeFileSync(
    join(source, 'bin.ts'),
    `const [what, ...args]: string[] = process.argv.slice(2);
     if (what === 'wait') { setInterval(() => {}, 1000); process.on('SIGTERM', () => process.exit(42)); }
     console.log(JSON.stringify({ args, cwd: process.cwd(), pid: process.pid, path: process.env.PATH }));
     if (what === 'exit') process.exit(Number(args[0]));`,
  );
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

const start = (file: string, args: string[], env: Record<string, string> = {}, cwd = '/') => {
  const { status, stdout, stderr } = spawnSync(file, args, {
    cwd,
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', ...env },
  });
  const said = stdout === '' ? undefined : (JSON.parse(stdout) as Record<string, unknown>);
  return { status, said, stderr };
};

test('arguments, folder and exit code pass unchanged', () => {
  const { status, said } = start(join(checkout, 'reprise'), ['exit', '3', 'a b', '*', ''], {}, tmpdir());
  expect(status).toBe(3);
  expect(said).toMatchObject({ args: ['3', 'a b', '*', ''], cwd: tmpdir() });
});

test('works through symbolic links, absolute and relative, one after the other', () => {
  const bin = join(checkout, 'some where');
  mkdirSync(bin);
  symlinkSync('../reprise', join(bin, 'first'));
  symlinkSync(join(bin, 'first'), join(bin, 'second'));
  symlinkSync('./second', join(bin, 'third'));
  expect(start(join(bin, 'third'), ['exit', '0'])).toMatchObject({ status: 0, stderr: '' });
  expect(start('third', ['exit', '0'], { PATH: `${bin}:/usr/bin:/bin` })).toMatchObject({
    status: 0,
    stderr: '',
  });
});

test('a signal reaches the program itself, for there is no shell in between', async () => {
  const child = spawn(join(checkout, 'reprise'), ['wait'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  expect(JSON.parse(line.toString())).toMatchObject({ pid: child.pid });
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([42, null]);
});

test('the tools beside the project come last, first where the system has too old ones, and only once', () => {
  const path = (env: Record<string, string> = {}): unknown =>
    start(join(checkout, 'reprise'), ['exit', '0'], env).said?.['path'];
  expect(path()).toBe(`/usr/bin:/bin:${tools()}`);
  const given = `/fakes:${tools()}:/usr/bin:/bin`;
  expect(path({ PATH: given })).toBe(given);
  writeFileSync(join(checkout, '.cache/tools/first'), '');
  expect(path()).toBe(`${tools()}:/usr/bin:/bin`);
  expect(path({ PATH: given })).toBe(given);
});

test('without set-up it says what to type, in the language of the terminal', () => {
  rmSync(join(checkout, 'node_modules'), { recursive: true });
  const said = (LANG: string): unknown => start(join(checkout, 'reprise'), ['status'], { LANG });
  expect(said('C')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('set-up is missing') as string,
  });
  expect(said('fr_FR.UTF-8')).toMatchObject({
    status: 2,
    stderr: `reprise : l’installation n’est pas faite. À taper : make -C '${resolve(checkout)}' setup\n`,
  });
});
