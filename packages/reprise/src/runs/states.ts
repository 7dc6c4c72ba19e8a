import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Body, Finding, Head } from '@reprise/contracts';

import { mergeStates, statesToRead, storedStates, type Merged } from '../catalogue/merge.ts';
import { useWorkFolder } from '../hosts/work-folder.ts';
import { canonical } from '../journal/canonical.ts';
import { makeFolder, writingIn } from '../journal/home.ts';
import { stateFile, writeState } from '../journal/segments.ts';
import { readHeader, readState, type StateReading } from '../journal/state.ts';
import { refuseIfSuperseded } from '../journal/verify.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { judge } from '../lib/findings/index.ts';
import { inBoth } from '../lib/i18n/index.ts';
import { bounded } from '../lib/streams.ts';
import type { Repository } from '../repository/repository.ts';
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
      what: inBoth((t) => t['why.state']({ snapshot: snapshot.slice(0, 8) })),
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
  const passedOver: string[] = [];
  const snapshots = await repository.snapshots(at.signal, { unread: (id) => void passedOver.push(id) });
  deps.journal.recordView(
    repository.name,
    snapshots.map((s) => s.id),
  );
  // Another system's states, in a repository that two share, say so themselves and are none of ours to judge.
  const states = snapshots.filter((s) => s.tags.form === 'state' && s.host === deps.plan.plan.system);
  const listed = states.map((s) => ({ snapshot: s.id, time: s.time, installation: s.tags.installation }));
  const read = [];
  for (const unread of statesToRead(deps.journal, repository.name, listed))
    read.push(...(await newestTrue(deps, repository, unread, at.signal)));
  refuseIfSuperseded(deps.journal);
  abandonOld(deps, at);
  return {
    snapshots: snapshots.length,
    imported: read.flatMap((r) => r.accepted).reduce((sum, a) => sum + a.added, 0),
    findings: [...unreadable(passedOver, repository.name), ...read.flatMap((r) => r.findings)],
  };
}

const unreadable = (snapshots: readonly string[], repository: string): readonly Finding[] =>
  snapshots.length === 0
    ? []
    : [judge('unable', 'repository.snapshot-unread', repository, { snapshots: snapshots.join(', ') })];

/** How many states are tried where the newest do not prove themselves: each costs a restic call. */
const tries = 5;

/** One that is false, or whose data is gone, is a finding: what others put into a repository keeps no backup from being made. */
async function newestTrue(
  deps: Deps,
  repository: Repository,
  unread: readonly { readonly snapshot: string }[],
  signal: AbortSignal,
): Promise<Merged[]> {
  const read: Merged[] = [];
  let before: ReadonlySet<string> = new Set();
  for (const { snapshot } of unread.slice(0, tries)) {
    if (before.has(snapshot)) continue;
    const merged = await importState(deps, repository, snapshot, signal);
    read.push(merged);
    if (merged.accepted.length > 0) before = storedStates(deps.journal);
  }
  return read;
}

const abandonAfter = 24 * 3_600_000;

/** A point that no state committed within a day never will be: said, so that nobody waits for it and its parts are swept. */
function abandonOld(deps: Deps, at: At): void {
  const { installation, epoch } = deps.journal;
  const before = deps.clock.now().getTime() - abandonAfter;
  for (const point of deps.points({ pending: true })) {
    const own = point.installation === installation && point.epoch === epoch && point.run !== at.run;
    const pending = point.copies.every((c) => c.committed !== true);
    if (own && pending && Date.parse(point.at) < before)
      at.append('point.abandoned', { point: point.id, reason: 'pending for more than 24 h' });
  }
}

/** Its data is gone, or names what never was there: the others can be read all the same. */
export const isOfOneSnapshot = ({ code }: RepriseError): boolean =>
  code === 'repository.damaged' || code === 'repository.snapshot-missing';

async function importState(
  deps: Deps,
  repository: Repository,
  snapshot: string,
  signal: AbortSignal,
): Promise<Merged> {
  using folder = workFolder(deps.home, 'state');
  try {
    await repository.restore(snapshot, folder.path, signal);
  } catch (e) {
    signal.throwIfAborted();
    if (!(e instanceof RepriseError) || !isOfOneSnapshot(e)) throw e;
    const where = `${repository.name} ${snapshot.slice(0, 8)}`;
    const params = { code: e.code, repository: repository.name };
    return { accepted: [], findings: [judge('fail', 'catalogue.state-refused', where, params)] };
  }
  const merged = mergeStates(deps.journal, [
    { repository: repository.name, snapshot, directory: folder.path },
  ]);
  const findings = merged.findings.filter(
    (f) => f.params['code'] !== 'state.foreign' || !isOfFormerRoot(deps, folder.path),
  );
  return { ...merged, findings };
}

/**
 * Signed under a root that the journal itself names, from before the recovery key was made anew (`init
 * --new-recovery-key`): not taken in, as the journal has all of it, but no intruder's either.
 */
function isOfFormerRoot({ journal }: Deps, directory: string): boolean {
  const certified = [...journal.entries({ type: 'installation.certified' })].map(
    (e) => (e.body as Body<'installation.certified'>).certificate,
  );
  return certified.some(({ root, installation, key }) => {
    if (root === journal.root) return false;
    try {
      const { certificate } = readHeader(directory, { root, where: 'former root' });
      return certificate.installation === installation && certificate.key === key;
    } catch (e) {
      if (e instanceof RepriseError) return false;
      throw e;
    }
  });
}

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

/** Below `$REPRISE_HOME`: a state holds the plan, which is nobody else's to read. Throws `home.not-writable`. */
export function workFolder(home: string, name: string): Disposable & { readonly path: string } {
  const own = useWorkFolder(home);
  makeFolder(own.path);
  const path = writingIn(own.path, () => mkdtempSync(join(own.path, `${name}-`)));
  return {
    path,
    [Symbol.dispose]() {
      rmSync(path, { recursive: true, force: true });
      own[Symbol.dispose]();
    },
  };
}
