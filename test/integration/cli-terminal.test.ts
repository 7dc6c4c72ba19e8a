import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { makeBackedUpWorld, type CliWorld } from './cli-world.ts';

let world: CliWorld;
beforeAll(async () => {
  world = await makeBackedUpWorld();
}, 120_000);
afterAll(() => world[Symbol.dispose]());

const bin = resolve(import.meta.dirname, '../../packages/reprise/src/bin.ts');
const tools = resolve(import.meta.dirname, '../../.cache/tools/bin');

/** What a person does: when this is on the screen, these keys. */
interface Typing {
  readonly seen: RegExp;
  readonly keys: string;
}

/** The command on a terminal of 80 columns, with somebody at it. `script` (util-linux) makes the terminal. */
async function atTerminal(
  args: readonly string[],
  typing: readonly Typing[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly screen: string }> {
  const typed = [process.execPath, bin, ...args].map((a) => `'${a}'`).join(' ');
  const child = spawn('script', ['-qfec', `stty cols 80 rows 24; exec ${typed}`, '/dev/null'], {
    cwd: world.system,
    env: {
      PATH: `${process.env['PATH'] ?? ''}:${tools}`,
      HOME: process.env['HOME'] ?? '/root',
      LANG: 'C.UTF-8',
      TERM: 'xterm',
      SHELL: '/bin/sh',
      ...env,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const left = [...typing];
  let screen = '';
  let from = 0;
  child.stdout.on('data', (chunk) => {
    screen += String(chunk);
    const [next] = left;
    const found = next === undefined ? null : next.seen.exec(screen.slice(from));
    if (next === undefined || found === null) return;
    left.shift();
    from += found.index + found[0].length;
    child.stdin.write(next.keys);
  });
  const code = await new Promise<number | null>((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
  expect(left, screen).toEqual([]);
  return { code, screen };
}

const ctrlC = '\u0003';
const plain = (screen: string): string => stripVTControlCharacters(screen).replaceAll('\r', '');

test('a recovery key that is typed is not shown', { timeout: 60_000 }, async () => {
  const asked = { seen: /Recovery key \(is not shown\): /, keys: `${world.key}\r` };
  const { code, screen } = await atTerminal(['kit', 'check'], [asked]);
  expect(code, screen).toBe(0);
  expect(screen).toContain('the recovery key opens copy');
  for (const group of world.key.split('-')) expect(screen).not.toContain(group);
});

test('Ctrl-C where a key is asked for ends the command', { timeout: 60_000 }, async () => {
  const asked = { seen: /Recovery key \(is not shown\): /, keys: `ABCDE${ctrlC}` };
  const { code, screen } = await atTerminal(['kit', 'check'], [asked]);
  expect(code, screen).toBe(130);
  expect(screen).not.toContain('ABCDE');
});

test('what is to be put aside is named once more', { timeout: 120_000 }, async () => {
  const uploads = (): readonly string[] => readdirSync(world.system).filter((f) => f.startsWith('uploads'));
  const question = /in the place of uploads will be put aside\. Type its name to agree: /;
  const refused = await atTerminal(
    ['restore', 'uploads', '--replace', 'uploads'],
    [{ seen: question, keys: 'upload\r' }],
  );
  expect(refused.code, refused.screen).toBe(4);
  expect(refused.screen).toContain('(cli.consent-refused)');
  expect(uploads()).toEqual(['uploads']);

  const agreed = await atTerminal(
    ['restore', 'uploads', '--replace', 'uploads'],
    [{ seen: question, keys: 'uploads\r' }],
  );
  expect(agreed.code, agreed.screen).toBe(0);
  expect(uploads()).toHaveLength(2);
  expect(readFileSync(join(world.system, 'uploads', 'a.txt'), 'utf8')).toBe('hello\n');
  const bodies = async (type: string) => {
    const { stdout } = await world.run(['journal', 'show', '--type', type, '--json']);
    const lines = stdout.trim().split('\n');
    return lines.map((line) => (JSON.parse(line) as { body: Record<string, unknown> }).body);
  };
  expect((await bodies('consent.given')).map((b) => b['how'])).toEqual(['typed']);
  const [aside] = await bodies('place.put_aside');
  expect(String(aside?.['renamed'])).toContain(`${join(world.system, 'uploads')}.before-`);
});

test('Ctrl-C once ends a backup in order; the progress fits the terminal', { timeout: 120_000 }, async () => {
  const { code, screen } = await atTerminal(['backup'], [{ seen: /▶ capture/, keys: ctrlC }]);
  expect(code, screen).toBe(130);
  expect(screen).toContain('reprise resume');
  const resumed = await atTerminal(['resume']);
  expect(resumed.code, resumed.screen).toBe(0);
  const lines = plain(`${screen}${resumed.screen}`).split('\n');
  const progress = lines.filter((line) => /^· ?[▶✓✗]/.test(line));
  expect(progress.length).toBeGreaterThan(5);
  expect(progress.filter((line) => line.length >= 80)).toEqual([]);
});

test('colours on a terminal, and none where they are not wanted', { timeout: 60_000 }, async () => {
  const coloured = (screen: string): boolean => stripVTControlCharacters(screen) !== screen;
  expect(coloured((await atTerminal(['status'])).screen)).toBe(true);
  expect(coloured((await atTerminal(['status'], [], { NO_COLOR: '1' })).screen)).toBe(false);
  expect(coloured((await atTerminal(['status'], [], { TERM: 'dumb' })).screen)).toBe(false);
  expect(coloured((await world.run(['status'])).stdout)).toBe(false);
});
