import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { makeCliWorld, type CliWorld } from './cli-world.ts';

let world: CliWorld;
beforeAll(async () => {
  world = makeCliWorld();
  await world.init();
  await world.json(['backup']);
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
  for (const command of commands)
    execFileSync('sh', ['-ec', command], {
      env: { PATH: process.env['PATH'], HOME: '/root', RESTIC_PASSWORD_FILE: key },
      stdio: 'pipe',
    });
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
