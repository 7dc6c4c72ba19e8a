import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { englishIn } from '../../packages/reprise/src/lib/i18n/testing/english.ts';
import { makeBackedUpWorld, makeCliWorld, type CliWorld } from './cli-world.ts';

let world: CliWorld;
beforeAll(async () => {
  world = await makeBackedUpWorld();
}, 120_000);
afterAll(() => world[Symbol.dispose]());

/** The commands that the kit gives for one repository, in its order: lines below "From repository <name>:". */
function commandsFrom(text: string, repository: string): readonly string[] {
  const commands: string[] = [];
  let here = false;
  for (const line of text.split('\n')) {
    if (/^(From repository|Depuis le dépôt) /.test(line)) here = line.includes(` ${repository}`);
    else if (/^(Component|Composant) /.test(line)) here = false;
    else if (here && line.startsWith('     ')) commands.push(line.trim());
  }
  return commands;
}

/** Typed one after the other on one system; `away`: while the primary repository is gone. */
const asked: readonly (readonly [command: string, exit: number, away?: 'away'])[] = [
  ['plan check', 1],
  ['plan explain', 0],
  ['status', 1],
  ['due', 0],
  ['backup app', 0],
  ['points', 0],
  ['verify app', 0],
  ['maintain --no-prune --repository copy', 0],
  ['restore app', 4],
  ['restore app --dry-run', 4],
  ['recover --to directory:{root}/there', 0],
  ['report recovery', 0],
  ['report recovery --check {root}/none.json', 2],
  ['journal verify', 0],
  ['kit', 0],
  ['doctor', 0],
  ['resume', 0],
  ['restore app --to directory:{root}/again', 0, 'away'],
  ['backup uploads', 1, 'away'],
  ['catalogue rebuild', 1, 'away'],
  ['points nobody', 2],
  ['stauts', 2],
  ['verify --level full', 2],
  ['kit check --recovery-key-file {root}/none', 2],
  ['status --plan {root}/none.yaml', 2],
];

test('a French reader meets no English', { timeout: 180_000 }, async () => {
  const plan = join(world.system, 'reprise.yaml');
  writeFileSync(plan, readFileSync(plan, 'utf8').replace('language: en', 'language: fr'));
  const names = [
    'app',
    'uploads',
    'primary',
    'copy',
    'regular',
    'standard',
    'answers',
    'shop',
    'files',
    'online',
    'tree',
  ];
  const wrong: string[] = [];
  for (const [command, exit, away] of asked) {
    const args = command.replaceAll('{root}', world.root).split(' ');
    if (away !== undefined) renameSync(world.primary, `${world.primary}-away`);
    const { code, stdout, stderr } = await world.run(args, { env: { LC_ALL: 'fr_FR.UTF-8' } });
    if (away !== undefined) renameSync(`${world.primary}-away`, world.primary);
    const said = `${stdout}\n${stderr}`.replaceAll(/^ {5}\S.*$/gm, ''); // the shell of the kit
    const english = englishIn(said, names);
    if (english.length > 0 || code !== exit || stdout + stderr === '')
      wrong.push(`reprise ${command}: exit ${code}, ${english.join(', ')}\n${stdout}${stderr}`);
  }
  expect(wrong.join('\n\n')).toBe('');
});

test('bootstrap: a mistyped address or another kit’s key leads back to the kit, and leaves nothing', async () => {
  const other = 'SVCSK-JF78K-J0SGS-PW6FC-YED3K-E41B3-GY5GN-CBQ5A';
  const cases = [
    [`${world.copy}x`, world.key, 'repository.absent'],
    [world.copy, other, 'repository.wrong-password'],
  ] as const;
  for (const [address, key, code] of cases) {
    const cwd = world.folder(`mistyped-${code}`);
    const { document, ran } = await world.json(['bootstrap', address], {
      cwd,
      stdin: `${key}\n`,
      env: { LC_ALL: 'fr_FR.UTF-8' },
    });
    expect(ran.code, ran.stdout).toBe(1);
    const { error } = document as { error: { code: string; message: string; hint: string } };
    expect(error.code).toBe(code);
    expect(error.hint).toContain('trousse');
    expect(error.hint).not.toMatch(/reprise (init|kit check)/);
    expect(error.message).not.toContain('dépôt bootstrap');
    expect(readdirSync(cwd)).toEqual([]);
  }
});

test('what the kit says, typed into a shell with the recovery key and without Reprise, brings everything back', async () => {
  const { document } = await world.json(['kit']);
  const commands = commandsFrom(String(document['text']), 'copy');
  expect(commands.length).toBeGreaterThan(2);
  expect(commands.join('\n')).not.toContain('{{');
  rmSync(world.system, { recursive: true });
  rmSync(world.primary, { recursive: true });
  const key = join(world.root, 'typed-key');
  writeFileSync(key, world.key, { mode: 0o600 });
  world.folder('shop/data'); // the folder of a database is the reader's to make
  const typed = (command: string, password: string): unknown =>
    execFileSync('sh', ['-ec', command], {
      env: { PATH: process.env['PATH'], HOME: '/root', RESTIC_PASSWORD_FILE: password },
      stdio: 'pipe',
    });
  const mistyped = join(world.root, 'mistyped-key');
  writeFileSync(mistyped, 'mistyped', { mode: 0o600 });
  const data = join(world.system, 'data');
  writeFileSync(join(data, 'app.db'), 'all that is left');
  // Twice in vain, as somebody does who believes that it was the first repository's fault; then right.
  for (const command of [...commands, ...commands])
    if (command.startsWith('restic ')) expect(() => typed(command, mistyped), command).toThrow();
    else typed(command, mistyped);
  expect(readdirSync(data).filter((name) => name === 'app.db')).toEqual([]);
  for (const command of commands) typed(command, key);
  const aside = readdirSync(data).filter((name) => name.startsWith('app.db.before-'));
  expect(aside).toHaveLength(1);
  expect(readFileSync(join(data, aside[0] ?? '', 'app.db'), 'utf8')).toBe('all that is left');
  expect(readFileSync(join(world.system, 'uploads', 'a.txt'), 'utf8')).toBe('hello\n');
  const db = new DatabaseSync(join(world.system, 'data', 'app.db'), { readOnly: true });
  expect(db.prepare('SELECT count(*) AS n FROM notes').get()).toEqual({ n: 3 });
  db.close();
});

test('the kit holds no secret and says where each is', async () => {
  const fresh = makeCliWorld();
  try {
    await fresh.init();
    const { stdout } = await fresh.run(['kit']);
    expect(stdout).not.toContain(fresh.key);
    expect(stdout).toContain(fresh.copy);
    expect(stdout).toContain(join(fresh.system, '.reprise', 'keys'));
  } finally {
    fresh[Symbol.dispose]();
  }
});
