import { backupCommand } from './commands/backup-command.ts';
import { backupStream } from './commands/backup-stream.ts';
import { backupTree } from './commands/backup-tree.ts';
import { check } from './commands/check.ts';
import { copy } from './commands/copy.ts';
import { dump } from './commands/dump.ts';
import { forget } from './commands/forget.ts';
import { init, repositoryId } from './commands/init.ts';
import { addKey, keyId, keys, removeKey } from './commands/key.ts';
import { list } from './commands/list.ts';
import { prune } from './commands/prune.ts';
import { restore } from './commands/restore.ts';
import { snapshots } from './commands/snapshots.ts';
import { unlock } from './commands/unlock.ts';
import type { Repository } from './repository.ts';
import { type RepositoryDeps, Restic } from './restic.ts';
import { shownUrl } from './url.ts';

/** How to call restic on a repository that is the other side of a copy; not part of what others see. */
const callers = new WeakMap<Repository, Restic>();
const callerOf = (repository: Repository): Restic => {
  const restic = callers.get(repository);
  if (restic === undefined) throw new TypeError(`${repository.name} was not opened by openRepository`);
  return restic;
};

/** A restic repository as one identity sees it. Nothing is started until a method is called. */
export function openRepository(deps: RepositoryDeps): Repository {
  const restic = new Restic(deps);
  const repository: Repository = {
    name: deps.name,
    url: shownUrl(deps.url),
    identity: deps.identity,
    get invocations() {
      return restic.invocations;
    },
    get calls() {
      return restic.calls;
    },
    init: async (signal, chunkerOf) =>
      await init(restic, signal, chunkerOf === undefined ? undefined : callerOf(chunkerOf)),
    id: async (signal) => await repositoryId(restic, signal),
    keyId: async (signal) => await keyId(restic, signal),
    keys: async (signal) => await keys(restic, signal),
    removeKey: async (id, signal) => await removeKey(restic, id, signal),
    addKey: async (password, hint, signal) => await addKey(restic, password, hint, signal),
    snapshots: async (signal, filter) => await snapshots(restic, signal, filter),
    backupCommand: async (...args) => await backupCommand(restic, ...args),
    backupStream: async (body, complete, path, ...rest) =>
      await backupStream(restic, { body, complete, path }, ...rest),
    backupTree: async (...args) => await backupTree(restic, ...args),
    dump: async (...args) => await dump(restic, ...args),
    restore: async (...args) => await restore(restic, ...args),
    list: (...args) => list(restic, ...args),
    check: async (...args) => await check(restic, ...args),
    forget: async (...args) => await forget(restic, ...args),
    prune: async (signal) => await prune(restic, signal),
    copy: async (source, ids, signal) => await copy(restic, callerOf(source), ids, signal),
    unlock: async (signal) => await unlock(restic, signal),
  };
  callers.set(repository, restic);
  return repository;
}
