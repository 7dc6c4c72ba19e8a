import { exitCodes, type KitCheckReport } from '@reprise/contracts';

import { RepriseError } from '../lib/errors/index.ts';
import { rootOf } from '../lib/recovery-key.ts';
import type { Secret } from '../lib/secret.ts';
import type { Deps } from './deps.ts';
import { withRecoveryKey, type SetUp } from './setup.ts';

/**
 * `reprise kit check`: the recovery key that was typed opens every repository of the plan, and is the one whose root
 * this installation chains to. Journaled for each; `status` is red until then. A key that opens the repositories but has
 * another root would open the data and not prove the journal: it fails.
 */
export async function checkKit(
  deps: Deps,
  setup: SetUp,
  key: Secret,
  signal: AbortSignal,
): Promise<KitCheckReport> {
  const ours = rootOf(key).publicKey === deps.journal.root;
  await using machine = setup.machine(deps.plan);
  const repositories: KitCheckReport['repositories'] = [];
  for (const name of Object.keys(deps.plan.plan.repositories)) {
    const error = ours
      ? await whyNot(setup, machine, deps, name, key, signal)
      : new RepriseError('init.other-recovery-key', {});
    deps.journal.append('kit.checked', { repository: name, ok: error === null }, { run: null, step: null });
    repositories.push({
      repository: name,
      opens: error === null,
      error: error?.text(setup.language).message ?? null,
    });
  }
  const all = repositories.every((r) => r.opens);
  return { v: 1, command: 'kit check', exit: all ? exitCodes.done : exitCodes.failed, repositories };
}

async function whyNot(
  setup: SetUp,
  machine: Parameters<typeof withRecoveryKey>[1],
  deps: Deps,
  name: string,
  key: Secret,
  signal: AbortSignal,
): Promise<RepriseError | null> {
  try {
    await withRecoveryKey(setup, machine, deps.plan, name, key).id(signal);
    return null;
  } catch (e) {
    signal.throwIfAborted();
    if (e instanceof RepriseError) return e;
    throw e;
  }
}
