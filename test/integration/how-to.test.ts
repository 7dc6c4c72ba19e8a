import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { must, run } from '../testbed/process.ts';

const checkout = resolve(import.meta.dirname, '../..');
let machine: string;
let recoveryKey = '';

/** A machine of its own: the folders that the pages name lie below it, `reprise` is on the PATH. */
beforeAll(async () => {
  machine = await realpath(await mkdtemp(join(tmpdir(), 'rh-')));
  await mkdir(join(machine, 'bin'));
  await symlink(join(checkout, 'reprise'), join(machine, 'bin/reprise'));
  await mkdir(join(machine, 'srv/shop/uploads'), { recursive: true });
  for (const name of ['a.txt', 'b.txt'])
    await writeFile(join(machine, 'srv/shop/uploads', name), `${name}\n`);
  await writeFile(join(machine, 'srv/shop/.env'), 'TOKEN=canary\n', { mode: 0o600 });
  await must([
    'sqlite3',
    join(machine, 'srv/shop/shop.db'),
    'create table orders (id); insert into orders values (1), (2)',
  ]);
});
afterAll(async () => await rm(machine, { recursive: true, force: true }));

interface Block {
  readonly script: string;
  readonly asksKey: boolean;
  readonly exits: readonly number[];
}

/** The fenced blocks that a reader types: ```sh, and in the info string what it asks and how it may end. */
async function blocksOf(page: string): Promise<readonly Block[]> {
  const text = await readFile(join(checkout, 'docs/how-to', page), 'utf8');
  return [...text.matchAll(/^```sh([^\n]*)\n([\s\S]*?)^```$/gm)].map(([, info = '', script = '']) => ({
    script,
    asksKey: info.includes('asks=recovery-key'),
    exits: (/exit=([\d,]+)/.exec(info)?.[1] ?? '0').split(',').map(Number),
  }));
}

/** Line by line, each judged, in the folder where the one before stood: as a person goes through the page. */
async function follow(page: string, locale = 'C.UTF-8'): Promise<string> {
  const blocks = await blocksOf(page);
  expect(blocks.length, `${page} has nothing to type`).toBeGreaterThan(0);
  const said: string[] = [];
  let cwd = machine;
  for (const { script, asksKey, exits } of blocks)
    for (const typed of script.split('\n').filter((line) => line.trim() !== '')) {
      const line = typed.replaceAll(/\/(srv|mnt)\//g, `${machine}/$1/`);
      const [, to] = /^cd (\S+)/.exec(line) ?? [];
      if (to !== undefined) {
        cwd = to;
        continue;
      }
      const { code, stdout, stderr } = await run(['bash', '-c', line], {
        cwd,
        env: {
          HOME: machine,
          LC_ALL: locale,
          PATH: [join(machine, 'bin'), dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
        },
        input: asksKey ? `${recoveryKey}\n` : '',
      });
      expect(exits, `${page}: ${line}\n${stdout}\n${stderr}`).toContain(code);
      recoveryKey = /(?:[0-9A-Z]{5}-){7}[0-9A-Z]{5}/.exec(stdout)?.[0] ?? recoveryKey;
      said.push(stdout);
    }
  return said.join('\n');
}

describe('the how-to pages, as they stand', () => {
  test('a first backup', async () => {
    const said = await follow('first-backup.md');
    expect(recoveryKey).not.toBe('');
    expect(said).toMatch(/shop@|orders@|shop-db@/);
  }, 240_000);

  test('the way out: the kit names every repository and holds no key', async () => {
    const said = await follow('restore-without-reprise.md');
    for (const place of ['mnt/backup/shop', 'mnt/elsewhere/shop'])
      expect(said).toContain(join(machine, place));
    expect(said).toContain('restic -r');
    expect(said).not.toContain(recoveryKey);
  });

  // The French page, in French: test/how-to-french.test.ts finds the same to type in both.
  test('recover on a new machine', async () => {
    await rm(join(machine, 'srv'), { recursive: true });
    await rm(join(machine, 'mnt/backup'), { recursive: true });
    const said = await follow('fr/recover-on-a-new-machine.md', 'fr_FR.UTF-8');
    expect(said).toContain('Ensuite :');
    expect(said).not.toContain('Next:');
    expect(
      (await must(['sqlite3', join(machine, 'srv/shop/shop.db'), 'select count(*) from orders'])).trim(),
    ).toBe('2');
    expect(await readFile(join(machine, 'srv/shop/uploads/b.txt'), 'utf8')).toBe('b.txt\n');
    expect(await readFile(join(machine, 'srv/shop/.env'), 'utf8')).toBe('TOKEN=canary\n');
  }, 240_000);
});
