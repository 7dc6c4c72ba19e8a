import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

import { fsyncFolder } from '../journal/keys.ts';
import { isError, RepriseError } from '../lib/errors/index.ts';
import type { Secret } from '../lib/secret.ts';
import type { ResolvedPlan } from '../plan/resolved.ts';
import { keyIdFile } from '../repository/password.ts';
import type { Repository } from '../repository/repository.ts';
import { recoveryHint, type Machine, type SetUp } from './setup.ts';

export interface Initialised {
  readonly repository: Repository;
  /** '' where it could not be opened. */
  readonly id: string;
  readonly state: 'initialised' | 'already' | 'failed';
  readonly error: RepriseError | null;
}

/** Copies come after a primary: they take over its chunker parameters, so that what is copied is not stored twice. */
export const primaryFirst = ({ plan }: ResolvedPlan): readonly string[] =>
  Object.entries(plan.repositories)
    .toSorted(([, a], [, b]) => Number(a.role === 'copy') - Number(b.role === 'copy'))
    .map(([name]) => name);

/**
 * Opens a repository with this machine's key, or makes it. The key is on the disk before restic is asked for anything,
 * so that a repository made just before a kill is opened by the next try.
 */
export async function openOrInitialise(
  setup: SetUp,
  machine: Machine,
  plan: ResolvedPlan,
  name: string,
  signal: AbortSignal,
): Promise<Initialised> {
  const planned = plan.plan.repositories[name];
  if (planned?.writer.password === undefined) makeMachineKey(setup.machineKeyFile(name));
  const repository = machine.repository(name, 'writer', null);
  try {
    const made = await idOrNew(machine, plan, repository, signal);
    if (planned?.writer.password === undefined)
      await noteKeyId(repository, setup.machineKeyFile(name), signal);
    return { repository, ...made, error: null };
  } catch (e) {
    signal.throwIfAborted();
    if (!(e instanceof RepriseError)) throw e;
    const error = isError(e, 'repository.wrong-password')
      ? new RepriseError('init.foreign-repository', { repository: name, url: repository.url }, { cause: e })
      : e;
    return { repository, id: '', state: 'failed', error };
  }
}

async function idOrNew(
  machine: Machine,
  plan: ResolvedPlan,
  repository: Repository,
  signal: AbortSignal,
): Promise<Pick<Initialised, 'id' | 'state'>> {
  try {
    return { id: await repository.id(signal), state: 'already' };
  } catch (e) {
    if (!isError(e, 'repository.absent')) throw e;
  }
  const primary = primaryFirst(plan)[0];
  const copy =
    plan.plan.repositories[repository.name]?.role === 'copy' &&
    primary !== undefined &&
    primary !== repository.name;
  const chunkerOf = copy ? machine.repository(primary, 'writer', null) : undefined;
  return { id: await repository.init(signal, chunkerOf), state: 'initialised' };
}

/** So that later calls need not try the recovery key first. */
async function noteKeyId(repository: Repository, file: string, signal: AbortSignal): Promise<void> {
  if (!existsSync(keyIdFile(file)))
    writeFileSync(keyIdFile(file), await repository.keyId(signal), { mode: 0o600 });
}

/** 256 random bits, readable by their owner alone; made once, on the disk before it is used. */
export function makeMachineKey(path: string): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.new`;
  const file = openSync(beside, 'w', 0o600);
  try {
    writeSync(file, randomBytes(32).toString('base64url'));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
  fsyncFolder(dirname(path));
}

/** Gives the id of its slot. */
export const addRecoveryKey = async (
  { plan }: ResolvedPlan,
  repository: Repository,
  key: Secret,
  signal: AbortSignal,
): Promise<string> => await repository.addKey(key, recoveryHint(plan.system), signal);
