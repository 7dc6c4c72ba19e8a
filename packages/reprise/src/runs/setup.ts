import { hostname, userInfo } from 'node:os';

import type { Host } from '../hosts/host.ts';
import type { AnyKind } from '../kinds/kind.ts';
import type { Clock } from '../lib/clock.ts';
import type { Language, Log } from '../lib/language.ts';
import type { Secret } from '../lib/secret.ts';
import type { Loaded } from '../plan/load.ts';
import type { ResolvedPlan } from '../plan/resolved.ts';
import { openRepository } from '../repository/open.ts';
import type { Repository } from '../repository/repository.ts';
import type { Deps } from './deps.ts';

export type Machine = Pick<Deps, 'host' | 'service' | 'repository' | 'secret'> & AsyncDisposable;

/** What there is before there is an installation: for `init`, `bootstrap`, `doctor`, `plan`. Made in `app.ts`. */
export interface SetUp {
  readonly clock: Clock;
  readonly language: Language;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As typed. */
  readonly planFile: string;
  readonly home: string;
  readonly version: string;
  readonly kinds: ReadonlyMap<string, AnyKind>;
  readonly log: Log;
  /** undefined: there is no such file. Throws `plan.unreadable` for any other reason. */
  readPlan(): Promise<Loaded | undefined>;
  /** The text of a plan that is not in its file yet. */
  loadPlan(text: string): Promise<Loaded>;
  machine(plan: ResolvedPlan): Machine;
  /** This machine without a plan; its working space is the default one. */
  localHost(): Host;
  /** Where the machine key of a repository is. */
  machineKeyFile(repository: string): string;
  /** Once there is an installation. Throws `plan.*`, `journal.*`. */
  open(mode: 'read' | 'write'): Promise<Deps & AsyncDisposable>;
}

/** A repository of the plan, opened with a recovery key in place of the machine's own. */
export function withRecoveryKey(
  setup: SetUp,
  machine: Machine,
  { plan }: ResolvedPlan,
  name: string,
  key: Secret,
  identity: 'writer' | 'maintainer' = 'writer',
): Repository {
  const repository = plan.repositories[name];
  if (repository === undefined) throw new TypeError(`no repository ${name} in the plan`);
  const { url, env } = repository[identity];
  return openRepository({
    name,
    url: url ?? repository.url,
    identity,
    system: plan.system,
    host: machine.host('local', null),
    home: setup.home,
    clock: setup.clock,
    password: { secret: async () => key },
    credentials: async (signal) =>
      Object.fromEntries(
        await Promise.all(
          Object.entries(env).map(async ([k, ref]) => [k, await machine.secret(ref, signal)] as const),
        ),
      ),
    log: setup.log,
  });
}

/** What a key slot says of itself to whoever lists the keys of a repository. */
export const recoveryHint = (system: string) => ({ user: 'recovery-key', host: system });
export const machineHint = () => ({ user: `reprise-${userInfo().username}`, host: hostname() });
