import type { StateCandidate } from '@reprise/contracts';

import type { Host } from '../hosts/host.ts';
import type { StateReading } from '../journal/state.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { Secret } from '../lib/secret.ts';
import type { ResolvedPlan } from '../plan/resolved.ts';
import { openRepository } from '../repository/open.ts';
import type { Repository, Snapshot } from '../repository/repository.ts';
import type { BootstrapArgs } from './bootstrap.ts';
import { readHead } from './heads.ts';
import type { SetUp } from './setup.ts';
import { fetchState } from './states.ts';

interface Candidate {
  readonly id: string;
  readonly candidate: StateCandidate;
}
export interface Candidates {
  readonly repository: Repository;
  /** Best first: valid before foreign, then by epoch and sequence. */
  readonly candidates: readonly Candidate[];
  /** States in the repository, read or not. */
  readonly found: number;
}
export interface Chosen extends Disposable {
  readonly reading: StateReading;
  readonly snapshot: string;
}

/** Environment variables that backends of restic read. Source: restic manual, "Preparing a new repository". */
const backend =
  /^(AWS_|AZURE_|B2_|GOOGLE_|OS_|ST_|RCLONE_|RESTIC_REST_|SSH_AUTH_SOCK$|HTTPS?_PROXY$|https?_proxy$|NO_PROXY$|no_proxy$|SSL_CERT_)/;

/**
 * States in the repository. Heads and signatures are read of the newest of each installation: its newest is its furthest
 * unless its clock went back, hence several. Which one is taken is decided by what is signed, not by the listing.
 */
export async function candidatesIn(
  setup: SetUp,
  host: Host,
  { url, key, before, state }: Pick<BootstrapArgs, 'url' | 'key' | 'before' | 'state'>,
  root: string,
  signal: AbortSignal,
): Promise<Candidates> {
  const credentials = Object.fromEntries(
    Object.entries(setup.env).flatMap(([k, v]) =>
      v !== undefined && backend.test(k) ? [[k, new Secret(v)]] : [],
    ),
  );
  const repository = openRepository({
    name: 'bootstrap',
    url,
    identity: 'writer',
    system: 'bootstrap',
    host,
    home: setup.home,
    clock: setup.clock,
    password: { secret: async () => key },
    credentials: async () => credentials,
    log: (line) => setup.log(line),
  });
  const states = (await repository.snapshots(signal, { form: 'state' })).filter(
    (s) =>
      (state === null || s.id.startsWith(state)) &&
      (before === null || s.time.getTime() < Date.parse(before)),
  );
  const candidates: Candidate[] = [];
  for (const of of Map.groupBy(states, (s) => s.tags.installation ?? '').values())
    candidates.push(...(await newestOf(setup, repository, of, root, signal)));
  return {
    repository,
    found: states.length,
    candidates: candidates.toSorted((a, b) => rank(b.candidate) - rank(a.candidate)),
  };
}

/** So many proven heads of an installation are enough; forged ones do not count, so that they cannot hide a true one. */
const enough = 3;

async function newestOf(
  setup: SetUp,
  repository: Repository,
  states: readonly Snapshot[],
  root: string,
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  const candidates: Candidate[] = [];
  for (const state of states.toSorted((a, b) => b.time.getTime() - a.time.getTime())) {
    if (candidates.filter((c) => c.candidate.valid).length >= enough) break;
    const candidate = await headIn(setup, repository, state, root, signal);
    if (candidate !== undefined) candidates.push({ id: state.id, candidate });
  }
  return candidates;
}

async function headIn(
  setup: SetUp,
  repository: Repository,
  { id, time }: Snapshot,
  root: string,
  signal: AbortSignal,
): Promise<StateCandidate | undefined> {
  try {
    const { head, at, system, certificate } = await readHead(setup.home, repository, id, root, signal);
    return { snapshot: id, head, at, system, role: certificate.role, valid: true, why: null };
  } catch (e) {
    signal.throwIfAborted();
    if (!(e instanceof RepriseError)) throw e;
    if (!/^(state|journal)\./.test(e.code) && e.code !== 'repository.snapshot-missing') throw e;
    const unknown = {
      installation: '00000000-0000-4000-8000-000000000000',
      epoch: 1,
      seq: 0,
      hash: '0'.repeat(64),
    };
    const why = e.text(setup.language).message;
    return {
      snapshot: id,
      head: unknown,
      at: time.toISOString(),
      system: '?',
      role: 'writer',
      valid: false,
      why,
    };
  }
}

/** A maintainer's journal knows what was forgotten, not the plan's captures: it is not what a machine goes on from. */
const rank = ({ valid, role, head }: StateCandidate): number =>
  (valid ? 1e15 : 0) + (role === 'writer' ? 5e14 : 0) + head.epoch * 1e9 + head.seq;

/** The first that proves true to its last byte. Throws `bootstrap.no-state`, or why the one asked for is not. */
export async function chooseState(
  setup: SetUp,
  { repository, candidates, found }: Candidates,
  { url, state }: Pick<BootstrapArgs, 'url' | 'state'>,
  root: string,
  signal: AbortSignal,
): Promise<Chosen> {
  let failed: RepriseError | undefined;
  for (const { id, candidate } of candidates.filter(
    (c) => c.candidate.valid && c.candidate.role === 'writer',
  )) {
    try {
      const { reading, folder } = await fetchState(setup, repository, id, root, signal);
      return { reading, snapshot: id, [Symbol.dispose]: () => folder[Symbol.dispose]() };
    } catch (e) {
      signal.throwIfAborted();
      if (!(e instanceof RepriseError) || !e.code.startsWith('state.')) throw e;
      setup.log(`${candidate.snapshot.slice(0, 8)}: ${e.text(setup.language).message}`);
      failed ??= e;
    }
  }
  if (state !== null && failed !== undefined) throw failed;
  const foreign = candidates.filter((c) => !c.candidate.valid).length;
  throw new RepriseError(
    'bootstrap.no-state',
    { url: repository.url || url, foreign, found },
    { cause: failed },
  );
}

/** How the plan calls the repository at this address; null where it was reached in another way. */
export const nameIn = ({ plan }: ResolvedPlan, url: string): string | null =>
  Object.entries(plan.repositories).find(
    ([, r]) => r.url === url || r.writer.url === url || r.maintainer.url === url,
  )?.[0] ?? null;
