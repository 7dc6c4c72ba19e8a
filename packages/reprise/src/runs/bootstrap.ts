import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';

import { exitCodes, type BootstrapReport } from '@reprise/contracts';

import { homePaths, prepareHome } from '../journal/home.ts';
import { createInstallation } from '../journal/installation.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { words } from '../lib/i18n/index.ts';
import { rootOf } from '../lib/recovery-key.ts';
import type { Secret } from '../lib/secret.ts';
import { writePlan } from './bootstrap-files.ts';
import { makeRoom } from './bootstrap-home.ts';
import { joinRepositories } from './bootstrap-keys.ts';
import { missingSecrets } from './bootstrap-secrets.ts';
import { insistOn, nameIn, statesIn, type States } from './bootstrap-states.ts';
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
 * Killed anywhere, the same command goes on. Throws `bootstrap.*`, `state.*`, `repository.*`; a home that was made for
 * it and holds nothing yet is taken away again.
 */
export async function bootstrap(
  setup: SetUp,
  args: BootstrapArgs,
  signal: AbortSignal,
): Promise<BootstrapReport> {
  const isNew = !existsSync(setup.home);
  prepareHome(setup.home);
  using _only = await lock(setup.home, 'init', { run: 'bootstrap', pid: process.pid });
  using _unused = { [Symbol.dispose]: () => isNew && removeUnused(setup.home) }; // while nobody else can be in it
  await using host = setup.localHost();
  const root = rootOf(args.key);
  using found = await statesIn(setup, host, args, root.publicKey, signal);
  if (args.list) return report(found, null, setup);
  const chosen = insistOn(found, args);
  const plan = await writePlan(setup, chosen);
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
  const untold = await announce(deps, args, joined.opened, signal);
  const left = [...joined.unreachable, ...untold];
  deps.journal.append('bootstrap.finished', { opened: [...joined.opened], left }, { run: null, step: null });
  return report(found, { deps, missing: [...(await missingSecrets(setup, plan)), ...left] }, setup);
}

/** Only what a start makes: once there is a journal or a key, it stays. */
function removeUnused(home: string): void {
  const { journal, keys } = homePaths(home);
  try {
    if (existsSync(journal) || readdirSync(keys).length > 0) return;
    rmSync(home, { recursive: true });
  } catch {
    // An empty home harms nobody; why the bootstrap ended is what is to be told.
  }
}

/**
 * The incident begins; what the repositories hold is known here, and that this installation exists is known there. Gives
 * those that could not be told, and why: one that is full or locked does not keep a machine from recovering.
 */
async function announce(
  deps: Deps,
  { requestedAt, lostAt }: BootstrapArgs,
  opened: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
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
  const untold: string[] = [];
  for (const name of opened) {
    const repository = deps.repository(name, 'writer', null);
    try {
      await look(deps, repository, at);
      deps.at?.('after-started', `state:${name}`);
      await storeState(deps, repository, at);
      deps.at?.('after-finished', `state:${name}`);
    } catch (e) {
      signal.throwIfAborted();
      if (!(e instanceof RepriseError)) throw e;
      untold.push(words(deps.language)['said.of']({ what: name, message: e.text(deps.language).message }));
    }
  }
  return untold;
}

function report(
  { candidates, chosen, unread }: States,
  done: { readonly deps: Deps; readonly missing: readonly string[] } | null,
  setup: SetUp,
): BootstrapReport {
  const unsure = unread > 0 || (done !== null && done.missing.length > 0);
  return {
    v: 1,
    command: 'bootstrap',
    exit: unsure ? exitCodes.unable : exitCodes.done,
    candidates: [...candidates],
    unread,
    chosen: done === null ? null : (chosen?.snapshot ?? null),
    installation: done?.deps.journal.installation ?? null,
    epoch: done?.deps.journal.epoch ?? null,
    plan: done === null ? null : resolve(setup.planFile),
    points: done?.deps.points().length ?? 0,
    missing: [...(done?.missing ?? [])],
  };
}
