import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { must } from './process.ts';

const variable = 'REPRISE_TEST_TEMPLATES';

/** Vitest's global set-up of the suites with real repositories: a folder for what their files share. */
export async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'reprise-templates-'));
  process.env[variable] = folder; // workers inherit it
  return async () => await rm(folder, { recursive: true, force: true });
}

/**
 * The folder that `make` fills, made by the first test file that asks and copied by the others: `init` of two
 * repositories is twenty seconds of scrypt, on purpose.
 */
export async function madeOnce(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const templates = process.env[variable];
  if (templates === undefined) throw new Error(`${variable} is not set: vitest's globalSetup makes it`);
  const at = (suffix: string): string => join(templates, `${name}${suffix}`);
  const ready = at('');
  const mine = await mkdir(at('.lock')).then(
    () => true,
    () => false,
  );
  if (mine)
    try {
      await mkdir(at('.making'));
      await make(at('.making'));
      await rename(at('.making'), ready);
    } catch (e) {
      await writeFile(at('.failed'), '');
      throw e;
    }
  while (!existsSync(ready)) {
    if (existsSync(at('.failed'))) throw new Error(`${name} could not be made by another test file`);
    await sleep(50);
  }
  return ready;
}

/** Modes, owners and times as they are: `fs.cp` gives folders new ones. `to` may be there already. */
export const copyAll = async (from: string, to: string): Promise<void> =>
  void (await must(['cp', '-a', '-T', from, to]));
