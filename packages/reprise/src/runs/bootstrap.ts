import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { exitCodes, type BootstrapReport } from '@reprise/contracts';

import { homePaths, prepareHome } from '../journal/home.ts';
import { createInstallation } from '../journal/installation.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { rootOf } from '../lib/recovery-key.ts';
import type { Secret } from '../lib/secret.ts';
import type { ResolvedPlan } from '../plan/resolved.ts';
import { writePlan } from './bootstrap-files.ts';
import { makeRoom } from './bootstrap-home.ts';
import { joinRepositories } from './bootstrap-keys.ts';
import { missingSecrets } from './bootstrap-secrets.ts';
import { candidatesIn, chooseState, nameIn, type Chosen } from './bootstrap-states.ts';
import type { Deps } from './deps.ts';
import { ignoreHome } from './init-ignore.ts';
import { writeSchema } from './init-plan.ts';
import { lock } from './locks.ts';
import type { SetUp } from './setup.ts';
import { look, storeState } from './states.ts';

export interface BootstrapArgs {
  /** As restic writes it. */
  readonly url: string;
  /** When the command was typed: the incident counts from here. */
  readonly requestedAt: Date;
  readonly key: Secret;
  /** Only states older than this (RFC 3339). */
  readonly before: string | null;
  /** Only this state snapshot, by the beginning of its id. */
  readonly state: string | null;
  readonly lostAt: string | null;
  /** Show the states, change nothing. */
  readonly list: boolean;
}

/**
 * `reprise bootstrap <repository>`: on an empty machine, with the recovery key alone. States → the highest that the key
 * vouches for → plan → a new installation that continues its journal → a machine key in every repository that can be
 * reached → a state in each, which is how the machine before, should it wake, learns that it was superseded.
 *
 * Killed anywhere, the same command goes on. Throws `bootstrap.*`, `state.*`, `repository.*`.
 */
export async function bootstrap(
  setup: SetUp,
  args: BootstrapArgs,
  signal: AbortSignal,
): Promise<BootstrapReport> {
  prepareHome(setup.home);
  using _only = await lock(setup.home, 'init', { run: 'bootstrap', pid: process.pid });
  await using host = setup.localHost();
  const root = rootOf(args.key);
  const found = await candidatesIn(setup, host, args, root.publicKey, signal);
  if (args.list) return report(found, null, null, setup);
  using chosen = await chooseState(setup, found, args, root.publicKey, signal);
  const plan = writePlan(setup, chosen);
  await ignoreHome(resolve(setup.planFile, '..'), setup.home);
  writeSchema(setup);
  await makeRoom(setup, chosen.reading.header.head, root.publicKey);
  if (!existsSync(homePaths(setup.home).journal))
    await createInstallation({
      home: setup.home,
      clock: setup.clock,
      system: chosen.reading.header.system,
      role: 'writer',
      version: setup.version,
      root,
      continues: {
        head: chosen.reading.header.head,
        lines: chosen.reading.lines(),
        repository: nameIn(plan, args.url),
        snapshot: chosen.snapshot,
      },
    });
  await using machine = setup.machine(plan);
  const joined = await joinRepositories(setup, machine, plan, args.key, signal);
  await using deps = await setup.open('write');
  await announce(deps, args, joined.opened, signal);
  const missing = [...(await missingSecrets(setup, plan)), ...joined.unreachable];
  return report(found, chosen, { deps, plan, missing }, setup);
}

/** The incident begins; what the repositories hold is known here, and that this installation exists is known there. */
async function announce(
  deps: Deps,
  { requestedAt, lostAt }: BootstrapArgs,
  opened: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const none = { run: null, step: null };
  const { installation } = deps.journal;
  if ([...deps.journal.entries({ type: 'incident.opened', installation, own: true })].length === 0)
    deps.journal.append(
      'incident.opened',
      { requested_at: requestedAt.toISOString(), lost_at: lostAt, scenario: null },
      none,
    );
  const at = {
    run: randomUUID(),
    signal,
    append: ((type, body) => deps.journal.append(type, body, none)) satisfies Parameters<
      typeof storeState
    >[2]['append'],
  };
  for (const name of opened) {
    const repository = deps.repository(name, 'writer', null);
    try {
      await look(deps, repository, at);
      await storeState(deps, repository, at);
    } catch (e) {
      signal.throwIfAborted();
      if (!(e instanceof RepriseError)) throw e;
      deps.log(e.text(deps.language).message); // one repository that is full or locked does not keep a machine from recovering
    }
  }
}

function report(
  { candidates }: Awaited<ReturnType<typeof candidatesIn>>,
  chosen: Chosen | null,
  done: { readonly deps: Deps; readonly plan: ResolvedPlan; readonly missing: readonly string[] } | null,
  setup: SetUp,
): BootstrapReport {
  return {
    v: 1,
    command: 'bootstrap',
    exit: done !== null && done.missing.length > 0 ? exitCodes.unable : exitCodes.done,
    candidates: candidates.map((c) => c.candidate),
    chosen: chosen?.snapshot ?? null,
    installation: done?.deps.journal.installation ?? null,
    epoch: done?.deps.journal.epoch ?? null,
    plan: done === null ? null : resolve(setup.planFile),
    points: done?.deps.points().length ?? 0,
    missing: [...(done?.missing ?? [])],
  };
}
