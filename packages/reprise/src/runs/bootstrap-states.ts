import type { StateCandidate } from '@reprise/contracts';

import type { Host } from '../hosts/host.ts';
import type { StateReading } from '../journal/state.ts';
import { isError, RepriseError } from '../lib/errors/index.ts';
import type { Language } from '../lib/language.ts';
import { Secret } from '../lib/secret.ts';
import type { ResolvedPlan } from '../plan/resolved.ts';
import { openRepository } from '../repository/open.ts';
import type { Repository } from '../repository/repository.ts';
import { furthest, type ListedState, type Looking } from './bootstrap-search.ts';
import type { BootstrapArgs } from './bootstrap.ts';
import { readHead } from './heads.ts';
import type { SetUp } from './setup.ts';
import { fetchState, isOfOneSnapshot } from './states.ts';

export interface Chosen extends Disposable {
  readonly reading: StateReading;
  readonly snapshot: string;
}
export interface States extends Disposable {
  readonly repository: Repository;
  /** undefined: none that can be continued from. */
  readonly chosen: Chosen | undefined;
  /** What was looked at, best first. */
  readonly candidates: readonly StateCandidate[];
  /** States in the repository, and those that were not looked at. */
  readonly found: number;
  readonly unread: number;
  readonly failed: unknown;
}

/** Environment variables that backends of restic read. Source: restic manual, "Preparing a new repository". */
const backend =
  /^(AWS_|AZURE_|B2_|GOOGLE_|OS_|ST_|RCLONE_|RESTIC_REST_|SSH_AUTH_SOCK$|HTTPS?_PROXY$|https?_proxy$|NO_PROXY$|no_proxy$|SSL_CERT_)/;

/** So many heads are looked at in the worst case: an hour of restic calls would be no help to anybody. */
const most = 300;

/** The states in the repository, and the one that reaches furthest by what is signed and proven. */
export async function statesIn(
  setup: SetUp,
  host: Host,
  args: Pick<BootstrapArgs, 'url' | 'key' | 'before' | 'state'> & { readonly list?: boolean },
  root: string,
  signal: AbortSignal,
): Promise<States> {
  const { before, state } = args;
  const repository = openedBy(setup, host, args);
  const states = (await asGiven(repository.snapshots(signal, { form: 'state' }))).filter(
    (s) =>
      (state === null || s.id.startsWith(state)) &&
      (before === null || s.time.getTime() < Date.parse(before)),
  );
  const listed = states.map(({ id, time, tags }) => ({ id, time, installation: tags.installation ?? '' }));
  const { chosen, ...found } = await furthest<Chosen>(listed, lookingAt(setup, repository, root, signal), {
    most,
    first: args.list === true ? 10 : 1,
  });
  return {
    ...found,
    repository,
    found: states.length,
    chosen: chosen?.reading,
    [Symbol.dispose]: () => chosen?.reading[Symbol.dispose](),
  };
}

const ofRepository = [
  'repository.unreachable',
  'repository.denied',
  'repository.locked',
  'repository.damaged',
  'repository.interrupted',
  'repository.failed',
] as const;
/**
 * No plan says yet what the repository is called, and neither `init` nor `kit check` helps on the day of the disaster:
 * what fails is said of what was typed.
 */
async function asGiven<T>(opened: Promise<T>): Promise<T> {
  try {
    return await opened;
  } catch (e) {
    if (isError(e, 'repository.absent') || isError(e, 'repository.wrong-password'))
      throw new RepriseError(e.code, { ...e.params, asked: 'by-address' }, { cause: e });
    const repository = { en: 'that was asked for', fr: 'demandé' };
    for (const code of ofRepository)
      if (isError(e, code)) throw new RepriseError(code, { ...e.params, repository }, { cause: e });
    throw e;
  }
}

/** How the states of a repository are looked at. One that is not true, or whose data is gone, hides no other. */
export function lookingAt(
  setup: Pick<SetUp, 'home' | 'language'>,
  repository: Repository,
  root: string,
  signal: AbortSignal,
): Looking<Chosen> {
  return {
    head: async (of) => await headIn(setup, repository, of, root, signal),
    read: async (id) => {
      const { reading, folder } = await fetchState(setup, repository, id, root, signal);
      return { reading, snapshot: id, [Symbol.dispose]: () => folder[Symbol.dispose]() };
    },
    earlier: ({ reading }) => storedBefore(reading),
    isFalse: (e) => {
      signal.throwIfAborted();
      return whyFalse(e, setup.language);
    },
  };
}

/** Of one state, not of the repository: undefined where the others would fail the same way. */
const whyFalse = (e: unknown, language: Language): string | undefined =>
  e instanceof RepriseError && (/^(state|journal)\./.test(e.code) || isOfOneSnapshot(e))
    ? e.text(language).message
    : undefined;

/** Ids of states that this journal, or one that it goes on from, says were stored. */
function* storedBefore(reading: StateReading): Generator<string> {
  for (const { entry } of reading.lines())
    if (entry.type === 'state.stored') yield String(entry.body['snapshot']);
}

function openedBy(setup: SetUp, host: Host, { url, key }: Pick<BootstrapArgs, 'url' | 'key'>): Repository {
  const credentials = Object.fromEntries(
    Object.entries(setup.env).flatMap(([k, v]) =>
      v !== undefined && backend.test(k) ? [[k, new Secret(v)]] : [],
    ),
  );
  return openRepository({
    name: 'bootstrap',
    url,
    identity: 'writer',
    system: 'bootstrap',
    host,
    home: setup.home,
    clock: setup.clock,
    password: { secret: async () => key },
    credentials: async () => credentials,
    log: setup.log,
  });
}

async function headIn(
  setup: Pick<SetUp, 'home' | 'language'>,
  repository: Repository,
  { id, time }: ListedState,
  root: string,
  signal: AbortSignal,
): Promise<StateCandidate | undefined> {
  try {
    const { head, at, system, certificate } = await readHead(repository, id, root, signal);
    return { snapshot: id, head, at, system, role: certificate.role, valid: true, why: null };
  } catch (e) {
    signal.throwIfAborted();
    const why = whyFalse(e, setup.language);
    if (why === undefined) throw e;
    const unknown = {
      installation: '00000000-0000-4000-8000-000000000000',
      epoch: 1,
      seq: 0,
      hash: '0'.repeat(64),
    };
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

/** What to go on from. Throws `bootstrap.no-state`, or why the one asked for is not. */
export function insistOn(
  { repository, chosen, candidates, found, failed }: States,
  { url, state }: Pick<BootstrapArgs, 'url' | 'state'>,
): Chosen {
  if (chosen !== undefined) return chosen;
  if (state !== null && failed !== undefined) throw failed;
  const foreign = candidates.filter((c) => !c.valid).length;
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
