import { exitCodes, worstExit, type CatalogueRebuildReport, type ExitCode } from '@reprise/contracts';

import { catalogueOf, mergeStates, type Merged } from '../catalogue/merge.ts';
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
  const repositories: CatalogueRebuildReport['repositories'] = [];
  for (const { name, repository, snapshots, error } of listed) {
    if (error !== null) {
      const said = error.text(deps.language).message;
      repositories.push({ repository: name, states: 0, accepted: [], foreign: 0, error: said });
      continue;
    }
    deps.journal.recordView(name, snapshots.all);
    const merged = await readAll(deps, repository, snapshots.newest, signal);
    repositories.push({
      repository: name,
      states: snapshots.states,
      accepted: merged.flatMap((m) =>
        m.accepted.map(({ installation, epoch, seq, hash }) => ({ installation, epoch, seq, hash })),
      ),
      foreign: merged.flatMap((m) => m.findings).length,
      error: null,
    });
  }
  const exits = listed.map(({ error }): ExitCode => (error === null ? exitCodes.done : exitCodes.failed));
  const { points } = catalogueOf(deps.journal, deps.clock, 'repositories');
  return { v: 1, command: 'catalogue rebuild', exit: worstExit(exits), repositories, points: points.length };
}

interface Listed {
  readonly name: string;
  readonly repository: Repository;
  readonly snapshots: {
    readonly all: readonly string[];
    readonly newest: readonly string[];
    readonly states: number;
  };
  readonly error: RepriseError | null;
}

async function listStates(deps: Deps, name: string, signal: AbortSignal): Promise<Listed> {
  const repository = deps.repository(name, 'writer', null);
  try {
    const snapshots = await repository.snapshots(signal);
    const states = snapshots.filter((s) => s.tags.form === 'state');
    const newest = [...Map.groupBy(states, (s) => s.tags.installation).values()].map(
      (of) => of.toSorted((a, b) => b.time.getTime() - a.time.getTime())[0]?.id ?? '',
    );
    return {
      name,
      repository,
      snapshots: { all: snapshots.map((s) => s.id), newest, states: states.length },
      error: null,
    };
  } catch (e) {
    signal.throwIfAborted();
    if (!(e instanceof RepriseError)) throw e;
    return { name, repository, snapshots: { all: [], newest: [], states: 0 }, error: e };
  }
}

async function readAll(
  deps: Deps,
  repository: Repository,
  states: readonly string[],
  signal: AbortSignal,
): Promise<readonly Merged[]> {
  const merged: Merged[] = [];
  for (const snapshot of states) {
    using folder = workFolder(deps.home, 'state');
    await repository.restore(snapshot, folder.path, signal);
    merged.push(
      mergeStates(deps.journal, [{ repository: repository.name, snapshot, directory: folder.path }]),
    );
  }
  return merged;
}
