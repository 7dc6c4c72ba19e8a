import { existsSync, mkdirSync, readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { reprise, type Ran, type RunOptions } from '../testbed/reprise.ts';
import { copyAll, madeOnce } from '../testbed/templates.ts';
import { cheapenKeys } from '../world/cheap-keys.ts';

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
  /** As `init` of this very system leaves it. */
  init(): Promise<void>;
  /** What `init` or `maintain --join` made, opened quickly from now on; `home`: whose passwords open it. */
  cheapen(home?: string): void;
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
      const template = await madeOnce('cli', async (dir) => {
        const made = makeCliWorld();
        try {
          const repositories = ['--repository', made.primary, '--repository', made.copy];
          const { document } = await made.json(['init', '--yes', ...repositories]);
          made.key = String(document['recovery_key']);
          made.cheapen();
          for (const name of ['shop', 'primary', 'copy'])
            await copyAll(join(made.root, name), join(dir, name));
          writeFileSync(join(dir, 'was.json'), JSON.stringify({ root: made.root, key: made.key }), {
            mode: 0o600,
          });
        } finally {
          made[Symbol.dispose]();
        }
      });
      for (const name of ['shop', 'primary', 'copy']) await copyAll(join(template, name), join(root, name));
      const was = JSON.parse(readFileSync(join(template, 'was.json'), 'utf8')) as Record<
        'root' | 'key',
        string
      >;
      const plan = join(system, 'reprise.yaml');
      writeFileSync(plan, readFileSync(plan, 'utf8').replaceAll(was.root, root));
      world.key = was.key;
    },
    cheapen: (home = join(system, '.reprise')) => {
      for (const [name, url] of [
        ['primary', world.primary],
        ['copy', world.copy],
      ] as const) {
        const machine = [home, join(system, '.reprise')].map((h) => join(h, 'keys', `repository-${name}`));
        const passwords = machine.filter((f) => existsSync(f)).map((f) => readFileSync(f, 'utf8'));
        if (existsSync(url)) cheapenKeys(url, [world.key, ...passwords]);
      }
    },
    folder: (name) => {
      mkdirSync(join(root, name), { recursive: true });
      return join(root, name);
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
  return world;
}
