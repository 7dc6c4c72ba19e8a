import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { homePaths, prepareHome } from '../journal/home.ts';
import { createInstallation } from '../journal/installation.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { rootOf } from '../lib/recovery-key.ts';
import type { Secret } from '../lib/secret.ts';
import { writePlan } from './bootstrap-files.ts';
import { joinRepositories } from './bootstrap-keys.ts';
import { insistOn, statesIn } from './bootstrap-states.ts';
import { ignoreHome } from './init-ignore.ts';
import { lock } from './locks.ts';
import type { SetUp } from './setup.ts';
import { look } from './states.ts';

/**
 * `reprise maintain --join <repository>`: this machine becomes a maintainer of the system in that repository: an
 * installation of its own beside the one that backs up, certified by the same recovery key, with a machine key in every
 * repository that the maintainer's identity reaches. Typed again after an interruption it goes on. Throws
 * `journal.exists` where the home belongs to an installation that backs up, `bootstrap.*`, `repository.*`.
 */
export async function joinAsMaintainer(
  setup: SetUp,
  { url, key }: { readonly url: string; readonly key: Secret },
  signal: AbortSignal,
): Promise<void> {
  prepareHome(setup.home);
  using _only = await lock(setup.home, 'init', { run: 'join', pid: process.pid });
  await using host = setup.localHost();
  const root = rootOf(key);
  const asked = { url, key, before: null, state: null };
  using found = await statesIn(setup, host, asked, root.publicKey, signal);
  const plan = await writePlan(setup, insistOn(found, asked));
  await ignoreHome(resolve(setup.planFile, '..'), setup.home);
  const { system } = plan.plan;
  if (!existsSync(homePaths(setup.home).journal))
    await createInstallation({
      home: setup.home,
      clock: setup.clock,
      system,
      role: 'maintainer',
      version: setup.version,
      root,
    });
  await using machine = setup.machine(plan);
  await using deps = await setup.open('write');
  if (deps.journal.role !== 'maintainer')
    throw new RepriseError('journal.exists', { path: homePaths(setup.home).journal });
  const { opened, unreachable } = await joinRepositories(setup, machine, plan, key, signal, 'maintainer');
  for (const line of unreachable) setup.log(line);
  const none = { run: null, step: null };
  for (const name of opened)
    await look(deps, deps.repository(name, 'maintainer', null), {
      run: randomUUID(),
      signal,
      append: (type, body) => deps.journal.append(type, body, none),
    });
}
