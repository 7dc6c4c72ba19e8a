import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { exitCodes, type InitReport } from '@reprise/contracts';

import { homePaths, prepareHome } from '../journal/home.ts';
import { createInstallation } from '../journal/installation.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { said } from '../lib/language.ts';
import { newRecoveryKey, rootOf } from '../lib/recovery-key.ts';
import type { Secret } from '../lib/secret.ts';
import type { Deps } from './deps.ts';
import { ignoreHome } from './init-ignore.ts';
import { existingPlan, writeSchema, writtenPlan, type Proposed } from './init-plan.ts';
import { addRecoveryKey, openOrInitialise, primaryFirst, type Initialised } from './init-repository.ts';
import { lock } from './locks.ts';
import { recoveryKeysOf } from './recovery-keys.ts';
import { finishRenewal, renewRoot } from './renew-root.ts';
import type { Machine, SetUp } from './setup.ts';
import { storeState } from './states.ts';

export interface InitArgs {
  readonly yes: boolean;
  /** Where components are looked for, beside the plan's folder. */
  readonly roots: readonly string[];
  /** Addresses of repositories for a plan that is to be written. */
  readonly repositories: readonly string[];
  /** In place of one that nobody has seen. */
  readonly newRecoveryKey: boolean;
  /** Asked for only when a repository is added to an installation. */
  recoveryKey(): Promise<Secret>;
}

/**
 * `reprise init`: plan → machine keys → repositories → recovery key in each → installation → a first state in each.
 *
 * Survives a kill at any line: what is there is recognised and not made again. Until the installation exists nobody has
 * seen a recovery key, so the next try makes another one; a slot of the former stays in the repository, and nobody
 * can open it. Once it exists, a key is made only by `--new-recovery-key`, and only while no `kit check` has passed.
 * Throws `plan.invalid`, `init.*`, `keys.*`; a repository that cannot be reached is reported and the others go on.
 */
export async function initialise(setup: SetUp, args: InitArgs, signal: AbortSignal): Promise<InitReport> {
  prepareHome(setup.home);
  using _only = await lock(setup.home, 'init', { run: 'init', pid: process.pid });
  finishRenewal(setup.home);
  const proposed = (await existingPlan(setup)) ?? (await writtenPlan(setup, args, signal));
  await ignoreHome(dirname(resolve(setup.planFile)), setup.home);
  writeSchema(setup);
  await using machine = setup.machine(proposed.plan);
  return existsSync(homePaths(setup.home).journal)
    ? await extend(setup, machine, proposed, args, signal)
    : await found(setup, machine, proposed, signal);
}

/**
 * The first time: everything is new, and the recovery key is shown. A copy that cannot be reached yet keeps nobody from
 * being protected by the others; without the primary there is nothing to begin with.
 */
async function found(
  setup: SetUp,
  machine: Machine,
  proposed: Proposed,
  signal: AbortSignal,
): Promise<InitReport> {
  const { plan } = proposed;
  const opened: Initialised[] = [];
  for (const name of primaryFirst(plan))
    opened.push(await openOrInitialise(setup, machine, plan, name, signal));
  const there = opened.filter((o) => o.error === null);
  if (opened[0]?.error !== null) return report(setup, proposed, opened, null, null);
  const key = newRecoveryKey();
  const ids = new Map<string, string>();
  for (const { repository } of there)
    ids.set(repository.name, await addRecoveryKey(plan, repository, key, signal));
  const { system } = plan.plan;
  const identity = await createInstallation({
    home: setup.home,
    clock: setup.clock,
    system,
    role: 'writer',
    version: setup.version,
    root: rootOf(key),
  });
  await using deps = await setup.open('write');
  await record(deps, there, ids, signal);
  return report(setup, proposed, opened, key, identity.installation);
}

/** Again: repositories that are new in the plan, or gone; each gets the one recovery key. */
async function extend(
  setup: SetUp,
  machine: Machine,
  proposed: Proposed,
  args: InitArgs,
  signal: AbortSignal,
): Promise<InitReport> {
  const { plan } = proposed;
  const known = await knownRepositories(setup);
  const opened: Initialised[] = [];
  for (const name of primaryFirst(plan))
    opened.push(await openOrInitialise(setup, machine, plan, name, signal));
  const there = opened.filter((o) => o.error === null);
  // By the repository's own id: one that was lost and made anew needs the recovery key as well.
  const lacking = there.filter((o) => args.newRecoveryKey || known.get(o.repository.name) !== o.id);
  const key = args.newRecoveryKey ? newRecoveryKey() : null;
  if (key !== null) await renewRoot(setup, rootOf(key));
  await using deps = await setup.open('write');
  if (lacking.length > 0) {
    const typed = key ?? (await args.recoveryKey());
    if (rootOf(typed).publicKey !== deps.journal.root) throw new RepriseError('init.other-recovery-key', {});
    const ids = new Map<string, string>();
    for (const { repository } of lacking)
      ids.set(repository.name, await addRecoveryKey(plan, repository, typed, signal));
    await record(deps, lacking, ids, signal);
  }
  const superseded = there.flatMap(({ repository: { name } }) =>
    (recoveryKeysOf(deps.journal, name)?.superseded ?? []).map((id) => ({ repository: name, key: id })),
  );
  return report(setup, proposed, opened, key, deps.journal.installation, superseded);
}

/** Id of each repository by its name, as the journal has it. */
async function knownRepositories(setup: SetUp): Promise<ReadonlyMap<string, string>> {
  await using deps = await setup.open('read');
  const entries = [...deps.journal.entries({ type: 'repository.initialised', own: true })];
  return new Map(entries.map((e) => [String(e.body['repository']), String(e.body['id'])]));
}

/** In the journal, and the journal in each of them. */
async function record(
  deps: Deps,
  opened: readonly Initialised[],
  recoveryKeys: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const none = { run: null, step: null };
  for (const { repository, id } of opened)
    deps.journal.append(
      'repository.initialised',
      { repository: repository.name, id, recovery_key: recoveryKeys.get(repository.name) ?? '' },
      none,
    );
  const run = randomUUID();
  for (const { repository } of opened)
    await storeState(deps, repository, {
      run,
      signal,
      append: (type, body) => deps.journal.append(type, body, none),
    });
}

function report(
  setup: SetUp,
  { plan, created, components }: Proposed,
  opened: readonly Initialised[],
  key: Secret | null,
  installation: string | null,
  superseded: InitReport['superseded'] = [],
): InitReport {
  return {
    v: 1,
    command: 'init',
    exit: opened.some((o) => o.error !== null) ? exitCodes.failed : exitCodes.done,
    plan: resolve(plan.file),
    created,
    components: components.map(({ name, kind, because }) => ({
      name,
      kind,
      because: said(because, setup.language),
    })),
    repositories: opened.map(({ repository, id, state, error }) => ({
      repository: repository.name,
      id,
      state,
      error: error?.text(setup.language).message ?? null,
    })),
    recovery_key: key?.reveal() ?? null,
    superseded,
    installation,
  };
}
