import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Finding, Head } from '@reprise/contracts';

import { canonical } from '../journal/canonical.ts';
import { stateFile, writeState } from '../journal/segments.ts';
import { readState, type StateReading } from '../journal/state.ts';
import { refuseIfSuperseded } from '../journal/verify.ts';
import { isError, RepriseError } from '../lib/errors/index.ts';
import { judge } from '../lib/findings/index.ts';
import { bounded } from '../lib/streams.ts';
import type { Repository, Snapshot } from '../repository/repository.ts';
import type { Deps } from './deps.ts';
import type { StepContext } from './step.ts';

type At = Pick<StepContext, 'run' | 'signal' | 'append'>;

/**
 * One snapshot with the plan, the journal up to now and its signed head; it commits every point whose entry it carries.
 * Read back before `state.stored` says that it is there: a restic that lied about it commits nothing.
 */
export async function storeState(
  deps: Deps,
  repository: Repository,
  at: At,
): Promise<{ readonly snapshot: string; readonly head: Head }> {
  using folder = workFolder(deps.home, 'state');
  const header = writeState({
    journal: deps.journal,
    clock: deps.clock,
    directory: folder.path,
    plan: deps.plan.text,
    signal: at.signal,
  });
  const tags = { form: 'state', installation: deps.journal.installation, run: at.run } as const;
  const { snapshot } = await repository.backupTree({ root: folder.path }, tags, at.signal);
  await readBack(repository, snapshot, `${canonical(header)}\n`, at.signal);
  at.append('state.stored', { repository: repository.name, head: header.head, snapshot });
  return { snapshot, head: header.head };
}

async function readBack(
  repository: Repository,
  snapshot: string,
  text: string,
  signal: AbortSignal,
): Promise<void> {
  const { body, complete } = await repository.dump(snapshot, `/${stateFile}`, signal);
  const [found] = await Promise.all([bounded(body, 16 * 1024 * 1024), complete]);
  if (found !== text)
    throw new RepriseError('repository.damaged', {
      repository: repository.name,
      what: `state ${snapshot.slice(0, 8)}`,
    });
}

export interface Looked {
  readonly snapshots: number;
  /** Entries of other installations that were new here. */
  readonly imported: number;
  readonly findings: readonly Finding[];
}

/**
 * What the repository holds now, and what other certified installations wrote since the last look.
 * Throws `journal.superseded` (exit 4) when one of them took over from this one, unless that fork was accepted.
 */
export async function look(deps: Deps, repository: Repository, at: At): Promise<Looked> {
  const snapshots = await repository.snapshots(at.signal);
  const known = deps.journal.views().find((v) => v.repository === repository.name)?.snapshots ?? new Map();
  deps.journal.recordView(
    repository.name,
    snapshots.map((s) => s.id),
  );
  let imported = 0;
  const findings: Finding[] = [];
  for (const states of statesOfOthers(snapshots, deps.journal.installation)) {
    const read = await newestReadable(
      deps,
      repository,
      states.filter((s) => !known.has(s.id)),
      at,
      findings,
    );
    if (read === undefined) continue;
    const { head } = read.reading.header;
    imported += deps.journal.importState(
      { repository: repository.name, snapshot: read.snapshot, head },
      read.reading.lines(),
    );
    read.folder[Symbol.dispose]();
  }
  refuseIfSuperseded(deps.journal);
  return { snapshots: snapshots.length, imported, findings };
}

/** By installation, newest first by the repository's time: a lineage is whole in each of its states. */
function statesOfOthers(snapshots: readonly Snapshot[], own: string): readonly (readonly Snapshot[])[] {
  const states = snapshots.filter((s) => s.tags.form === 'state' && s.tags.installation !== own);
  const byInstallation = Map.groupBy(states, (s) => s.tags.installation ?? '');
  return [...byInstallation.values()].map((group) =>
    group.toSorted((a, b) => b.time.getTime() - a.time.getTime()),
  );
}

interface ReadState {
  readonly reading: StateReading;
  readonly snapshot: string;
  readonly folder: Disposable;
}

/** States that the root does not vouch for are passed over and told; at most twenty are tried. */
async function newestReadable(
  deps: Deps,
  repository: Repository,
  states: readonly Snapshot[],
  at: At,
  findings: Finding[],
): Promise<ReadState | undefined> {
  for (const { id } of states.slice(0, 20)) {
    const read = await fetchState(deps, repository, id, deps.journal.root, at.signal).catch((e: unknown) => {
      if (!isStateError(e)) throw e;
      findings.push(
        judge('fail', 'state.not-ours', `${repository.name}/${id.slice(0, 8)}`, { code: e.code }),
      );
      return undefined;
    });
    if (read !== undefined) return { ...read, snapshot: id };
  }
  return undefined;
}

const stateErrors = [
  'state.foreign',
  'state.cut',
  'state.rewritten',
  'state.forked',
  'state.unreadable',
  'journal.newer',
  'journal.other-system',
] as const;
export const isStateError = (e: unknown): e is RepriseError => stateErrors.some((code) => isError(e, code));

/** Restores a state snapshot and proves it; the folder goes when it is disposed. Throws `state.*`, `repository.*`. */
export async function fetchState(
  of: { readonly home: string; readonly system?: string },
  repository: Repository,
  snapshot: string,
  root: string,
  signal: AbortSignal,
): Promise<{ readonly reading: StateReading; readonly folder: Disposable & { readonly path: string } }> {
  using stack = new DisposableStack();
  const folder = stack.use(workFolder(of.home, 'state'));
  await repository.restore(snapshot, folder.path, signal);
  const reading = readState(folder.path, {
    root,
    where: `${repository.name}/${snapshot.slice(0, 8)}`,
    ...(of.system && { system: of.system }),
  });
  stack.move();
  return { reading, folder };
}

/** Below `$REPRISE_HOME`: a state holds the plan, which is nobody else's to read. */
export function workFolder(home: string, name: string): Disposable & { readonly path: string } {
  const parent = join(home, 'tmp');
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  const path = mkdtempSync(join(parent, `${name}-`));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
