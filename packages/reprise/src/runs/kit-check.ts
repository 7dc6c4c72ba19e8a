import { exitCodes, exitOf, worstExit, type Finding, type KitCheckReport } from '@reprise/contracts';

import { RepriseError } from '../lib/errors/index.ts';
import { rootOf } from '../lib/recovery-key.ts';
import type { Secret } from '../lib/secret.ts';
import type { Repository } from '../repository/repository.ts';
import type { Deps } from './deps.ts';
import { keyOpen, recoveryKeysOf, stillOpen } from './recovery-keys.ts';
import { withRecoveryKey, type SetUp } from './setup.ts';

/**
 * `reprise kit check`: the recovery key that was typed opens every repository of the plan, and is the one whose root
 * this installation chains to. Journaled for each; `status` is red until then. A key that opens the repositories but has
 * another root would open the data and not prove the journal: it fails. So does a repository that an earlier recovery
 * key opens too.
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
  const findings: Finding[] = [];
  for (const name of Object.keys(deps.plan.plan.repositories)) {
    const repository = withRecoveryKey(setup, machine, deps.plan, name, key);
    const error = ours ? await whyNot(repository, signal) : new RepriseError('init.other-recovery-key', {});
    if (error === null)
      for (const open of await stillOpen(recoveryKeysOf(deps.journal, name), repository, signal))
        findings.push(keyOpen(name, open));
    deps.journal.append('kit.checked', { repository: name, ok: error === null }, { run: null, step: null });
    repositories.push({
      repository: name,
      opens: error === null,
      error: error?.text(setup.language).message ?? null,
    });
  }
  const all = repositories.every((r) => r.opens);
  const exit = worstExit([all ? exitCodes.done : exitCodes.failed, exitOf(findings)]);
  return { v: 1, command: 'kit check', exit, repositories, findings };
}

async function whyNot(repository: Repository, signal: AbortSignal): Promise<RepriseError | null> {
  try {
    await repository.id(signal);
    return null;
  } catch (e) {
    signal.throwIfAborted();
    if (e instanceof RepriseError) return e;
    throw e;
  }
}
