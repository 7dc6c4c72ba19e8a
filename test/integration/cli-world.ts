import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { reprise, type Ran, type RunOptions } from '../testbed/reprise.ts';

/** A small system in a temporary folder: a SQLite file, a folder of uploads, two repositories beside them. */
export interface CliWorld extends Disposable {
  readonly root: string;
  /** Where the plan is. */
  readonly system: string;
  readonly primary: string;
  readonly copy: string;
  /** Once `init` showed it. */
  key: string;
  run(args: readonly string[], options?: Partial<RunOptions>): Promise<Ran>;
  /** With `--json`: the document. */
  json(
    args: readonly string[],
    options?: Partial<RunOptions>,
  ): Promise<{ ran: Ran; document: Record<string, unknown> }>;
  init(): Promise<void>;
  /** A folder of its own in the world. */
  folder(name: string): string;
}

export function makeCliWorld(): CliWorld {
  const root = mkdtempSync(join(tmpdir(), 'reprise-cli-'));
  const system = join(root, 'shop');
  for (const folder of ['data', 'uploads']) mkdirSync(join(system, folder), { recursive: true });
  writeFileSync(join(system, 'uploads', 'a.txt'), 'hello\n');
  const db = new DatabaseSync(join(system, 'data', 'app.db'));
  db.exec(
    'CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT); INSERT INTO notes (text) VALUES (1), (2), (3)',
  );
  db.close();
  const world: CliWorld = {
    root,
    system,
    primary: join(root, 'primary'),
    copy: join(root, 'copy'),
    key: '',
    run: async (args, options = {}) => await reprise(args, { cwd: system, ...options }),
    json: async (args, options = {}) => {
      const ran = await reprise([...args, '--json'], { cwd: system, ...options });
      return { ran, document: ran.json() as Record<string, unknown> };
    },
    init: async () => {
      const repositories = ['--repository', world.primary, '--repository', world.copy];
      world.key = String((await world.json(['init', '--yes', ...repositories])).document['recovery_key']);
    },
    folder: (name) => {
      mkdirSync(join(root, name), { recursive: true });
      return join(root, name);
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
  return world;
}

/** The same with its keys, repositories and first points. */
export async function makeBackedUpWorld(): Promise<CliWorld> {
  const world = makeCliWorld();
  await world.init();
  await world.json(['backup']);
  return world;
}
