import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { expect, test } from 'vitest';

import { must, run, unprivileged } from '../testbed/process.ts';
import { makeWorld, type World } from '../world/world.ts';

const checkout = resolve(import.meta.dirname, '../..');

/** Every command of the page that is about this repository, by component, in its order. */
function commandsOf(page: string, repository: string): readonly { component: string; shell: string }[] {
  const found: { component: string; shell: string }[] = [];
  let component = '';
  let from = '';
  const lines = page.split('\n');
  for (const [i, line] of lines.entries()) {
    component = /^Component (\S+)/.exec(line)?.[1] ?? component;
    from = /^From repository (\S+):/.exec(line)?.[1] ?? from;
    // Below the numbered words of a step stands what is typed.
    if (/^ {2}\d+\. /.test(line) && from === repository)
      found.push({ component, shell: (lines[i + 1] ?? '').trim() });
  }
  return found;
}

/** Nothing of Reprise: restic, PostgreSQL's programs, the system's own. */
async function bareTools(world: World): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rk-'));
  await chmod(folder, 0o755);
  const restic = (
    await must(['sh', '-c', 'command -v restic || echo "$0"', join(checkout, '.cache/tools/bin/restic')])
  ).trim();
  await symlink(restic, join(folder, 'restic'));
  // Where there is no sudo (we are root already), changing the user is all that the page asks of it.
  await writeFile(
    join(folder, 'sudo'),
    '#!/bin/sh\nshift\nuser=$1; shift\nexec runuser -u "$user" -- "$@"\n',
    { mode: 0o755 },
  );
  return `${folder}:${world.pgBin}:/usr/sbin:/usr/bin:/sbin:/bin`;
}

test('what the kit says is typed, without Reprise, and the system is back', async () => {
  await using world = await makeWorld();
  await world.ok(['backup']);
  const page = (await world.ok(['kit'])).json.text as string;
  const before = (await stat(world.live('config/.env'))).mode;
  await must(['sh', '-c', `cat '${world.live('pg/data')}/postmaster.opts' > '${world.dir}/opts'`]);
  await world.destroy();
  // Everything that is Reprise's: its state, its keys, its plan, and the primary repository with them.
  for (const path of [world.home, world.planFile, join(world.dir, 'primary')])
    await rm(path, { recursive: true });

  const PATH = await bareTools(world);
  const tried = async (shell: string, password: string) =>
    await run(['bash', '-o', 'pipefail', '-c', shell], {
      env: { PATH, RESTIC_PASSWORD: password, HOME: world.dir },
      cwd: '/',
    });
  const typed = async (shell: string): Promise<void> => {
    const { code, stdout, stderr } = await tried(shell, world.recoveryKey);
    expect(code, `${shell}\n${stdout}\n${stderr}`).toBe(0);
  };
  expect((await run(['sh', '-c', 'command -v reprise'], { env: { PATH } })).code).not.toBe(0);

  // "into an empty server": that one is the reader's to make.
  const start = (await readFile(join(world.dir, 'opts'), 'utf8')).trim();
  await must(
    [
      join(world.pgBin, 'initdb'),
      '--no-sync',
      '-D',
      world.live('pg/data'),
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
    ],
    { user: unprivileged() },
  );
  await mkdir(world.live('pg/s'));
  const owner = unprivileged();
  if (owner !== undefined) await must(['chown', `${owner}:`, world.live('pg/s')]);
  const options = start
    .replace(/^\S+\s+/, '')
    .replaceAll('"', '')
    .replace(/-D \S+/, '');
  await must(
    [
      join(world.pgBin, 'pg_ctl'),
      '-D',
      world.live('pg/data'),
      '-l',
      world.live('pg/data.log'),
      '-w',
      '-o',
      options,
      'start',
    ],
    { user: unprivileged() },
  );

  const commands = commandsOf(page, 'copy');
  expect(new Set(commands.map((c) => c.component))).toEqual(new Set(['db', 'notes', 'uploads', 'config']));
  // What is left of the live system must outlive every attempt: a repository that is gone, a key mistyped, then typed right.
  const left = world.live('app/notes.db');
  await mkdir(dirname(left), { recursive: true });
  for (const end of ['', '-wal']) await writeFile(left + end, `all that is left${end}`);
  for (const repository of ['primary', 'copy'])
    for (const { shell } of commandsOf(page, repository)) {
      const { code } = await tried(shell, 'mistyped');
      if (shell.startsWith('restic ')) expect(code, shell).not.toBe(0);
    }
  for (const { shell } of commands) await typed(shell);

  const aside = (await readdir(dirname(left))).filter((name) => name.startsWith('notes.db.before-'));
  expect(aside).toHaveLength(1);
  for (const end of ['', '-wal'])
    expect(await readFile(join(dirname(left), aside[0] ?? '', `notes.db${end}`), 'utf8')).toBe(
      `all that is left${end}`,
    );

  expect(await world.psql('select count(*) from orders')).toBe('500');
  expect(await world.sqlite('select count(*) from notes')).toBe('3');
  expect(await readFile(world.live('app/uploads/b.txt'), 'utf8')).toBe('upload b.txt\n');
  expect(await readFile(world.live('config/.env'), 'utf8')).toContain('canary-in-the-file');
  expect((await stat(world.live('config/.env'))).mode).toBe(before);
}, 240_000);
