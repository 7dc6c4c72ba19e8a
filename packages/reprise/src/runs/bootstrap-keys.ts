import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

import { isError, RepriseError } from '../lib/errors/index.ts';
import { words } from '../lib/i18n/index.ts';
import { Secret } from '../lib/secret.ts';
import type { ResolvedPlan } from '../plan/resolved.ts';
import { keyIdFile } from '../repository/password.ts';
import { makeMachineKey } from './init-repository.ts';
import { machineHint, withRecoveryKey, type Machine, type SetUp } from './setup.ts';

export interface Joined {
  readonly opened: readonly string[];
  /** `repository: why`: to be mended by hand, or made anew by `init`. */
  readonly unreachable: readonly string[];
}

/** A machine key of this machine in every repository of the plan that the recovery key opens. */
export async function joinRepositories(
  setup: SetUp,
  machine: Machine,
  plan: ResolvedPlan,
  key: Secret,
  signal: AbortSignal,
  identity: 'writer' | 'maintainer' = 'writer',
): Promise<Joined> {
  const opened: string[] = [];
  const unreachable: string[] = [];
  for (const [name, planned] of Object.entries(plan.plan.repositories)) {
    try {
      if (planned[identity].password === undefined)
        await addMachineKey({ setup, machine, plan, name, key, identity }, signal);
      else await machine.repository(name, identity, null).id(signal);
      opened.push(name);
    } catch (e) {
      signal.throwIfAborted();
      if (!(e instanceof RepriseError)) throw e;
      unreachable.push(
        words(setup.language)['said.of']({ what: name, message: e.text(setup.language).message }),
      );
    }
  }
  return { opened, unreachable };
}

/** The file first, then the slot: killed between them, the next try sees that the file opens nothing and goes on. */
async function addMachineKey(of: Joining, signal: AbortSignal): Promise<void> {
  const { setup, machine, plan, name, key, identity } = of;
  const file = setup.machineKeyFile(name);
  if (existsSync(file)) {
    try {
      await machine.repository(name, identity, null).id(signal);
      return;
    } catch (e) {
      if (!isError(e, 'repository.wrong-password')) throw e;
      for (const old of [file, keyIdFile(file)]) rmSync(old, { force: true }); // of a repository that was there before, or of a try that was killed
    }
  }
  const repository = withRecoveryKey(setup, machine, plan, name, key, identity);
  await repository.id(signal); // before a key file says that there is a machine key
  makeMachineKey(file);
  const id = await repository.addKey(new Secret(readFileSync(file, 'utf8')), machineHint(), signal);
  writeFileSync(keyIdFile(file), id, { mode: 0o600 });
}

interface Joining {
  readonly setup: SetUp;
  readonly machine: Machine;
  readonly plan: ResolvedPlan;
  readonly name: string;
  readonly key: Secret;
  readonly identity: 'writer' | 'maintainer';
}
