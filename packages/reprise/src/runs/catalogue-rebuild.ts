import { exitCodes, type CatalogueRebuildReport, type ExitCode } from '@reprise/contracts';

import { catalogueOf, mergeStates, storedStates, type Merged } from '../catalogue/merge.ts';
import { RepriseError } from '../lib/errors/index.ts';
import type { Repository } from '../repository/repository.ts';
import type { Deps } from './deps.ts';
import { workFolder } from './states.ts';

/**
 * `reprise catalogue rebuild`: everything that is only a projection is dropped, then the newest state of each
 * installation is read from the repositories (or from the one asked for) and replayed. The own chain stays: it is the
 * record. Points are then what states *in repositories* prove, nothing else.
 */
export async function rebuildCatalogue(
  deps: Deps,
  { from }: { readonly from: string | null },
  signal: AbortSignal,
): Promise<CatalogueRebuildReport> {
  const known = Object.keys(deps.plan.plan.repositories);
  if (from !== null && !known.includes(from))
    throw new RepriseError('catalogue.unknown-repository', { name: from, known: known.join(', ') });
  const names = from === null ? known : [from];
  // Listed first: where no repository can be reached, what is known is not thrown away.
  const listed = [];
  for (const name of names) listed.push(await listStates(deps, name, signal));
  if (listed.some((l) => l.error === null)) deps.journal.reset();
  const errors = listed.flatMap(({ error }) => error ?? []);
  const repositories: CatalogueRebuildReport['repositories'] = [];
  for (const { name, repository, snapshots, error } of listed) {
    if (error !== null) {
      const said = error.text(deps.language).message;
      repositories.push({ repository: name, states: 0, accepted: [], foreign: 0, error: said });
      continue;
    }
    deps.journal.recordView(name, snapshots.all);
    const { merged, failed } = await readAll(deps, repository, snapshots.states, signal);
    if (failed !== undefined) errors.push(failed);
    repositories.push({
      repository: name,
      states: snapshots.states.flat().length,
      accepted: merged.flatMap((m) =>
        m.accepted.map(({ installation, epoch, seq, hash }) => ({ installation, epoch, seq, hash })),
      ),
      foreign: merged.flatMap((m) => m.findings).length,
      error: failed?.text(deps.language).message ?? null,
    });
  }
  const exit: ExitCode = errors.length > 0 ? exitCodes.failed : exitCodes.done;
  const { points } = catalogueOf(deps.journal, deps.clock, 'repositories');
  return { v: 1, command: 'catalogue rebuild', exit, repositories, points: points.length };
}

interface Listed {
  readonly name: string;
  readonly repository: Repository;
  readonly snapshots: {
    readonly all: readonly string[];
    /** Of each installation, newest first. */
    readonly states: readonly (readonly string[])[];
  };
  readonly error: RepriseError | null;
}

async function listStates(deps: Deps, name: string, signal: AbortSignal): Promise<Listed> {
  const repository = deps.repository(name, 'writer', null);
  try {
    const snapshots = await repository.snapshots(signal);
    const states = snapshots.filter((s) => s.tags.form === 'state');
    const byInstallation = [...Map.groupBy(states, (s) => s.tags.installation).values()].map((of) =>
      of.toSorted((a, b) => b.time.getTime() - a.time.getTime()).map((s) => s.id),
    );
    return {
      name,
      repository,
      snapshots: { all: snapshots.map((s) => s.id), states: byInstallation },
      error: null,
    };
  } catch (e) {
    signal.throwIfAborted();
    if (!(e instanceof RepriseError)) throw e;
    return { name, repository, snapshots: { all: [], states: [] }, error: e };
  }
}

/** So many states of one installation are tried, from its newest, until one proves true. */
const tries = 20;

/**
 * The newest states of each installation that prove true: one that somebody put there or stored anew, or that is damaged,
 * hides none; what a proven one names as stored before it is not read. `failed`: why one could not be read.
 */
async function readAll(
  deps: Deps,
  repository: Repository,
  states: readonly (readonly string[])[],
  signal: AbortSignal,
): Promise<{ readonly merged: readonly Merged[]; readonly failed: RepriseError | undefined }> {
  const merged: Merged[] = [];
  let failed: RepriseError | undefined;
  for (const of of states) {
    let before: ReadonlySet<string> = new Set();
    for (const snapshot of of.slice(0, tries)) {
      if (before.has(snapshot)) continue;
      using folder = workFolder(deps.home, 'state');
      try {
        await repository.restore(snapshot, folder.path, signal);
        const read = mergeStates(deps.journal, [
          { repository: repository.name, snapshot, directory: folder.path },
        ]);
        merged.push(read);
        if (read.accepted.length > 0) before = storedStates(deps.journal);
      } catch (e) {
        signal.throwIfAborted();
        if (!(e instanceof RepriseError) || !e.code.startsWith('repository.')) throw e;
        failed ??= e;
        if (e.code !== 'repository.damaged' && e.code !== 'repository.snapshot-missing') break;
      }
    }
  }
  return { merged, failed };
}
