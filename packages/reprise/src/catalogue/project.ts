import type { Body, EntryV1, Head, Level, PartRecord, Point, PointCopy } from '@reprise/contracts';

import { Branches, epochKey, type EpochId, type Stand } from '../journal/branches.ts';
import type { EntryRecord, View } from '../journal/journal.ts';
import { clockSlack, higher, verdictOf } from './judged.ts';

export interface CatalogueInput {
  /** Of every certified installation; entries of other types are ignored. In any order of installations. */
  readonly records: Iterable<EntryRecord>;
  /** What repositories held when they were last listed from here. */
  readonly views: readonly View[];
  /** The epoch that is being written here: what it has not committed is known to be pending. */
  readonly own: EpochId | null;
  readonly now: Date;
  /**
   * What counts as proof that an entry lies in a repository: `journal` (default): the journals' word, and states read;
   * `repositories`: states read there, alone (`catalogue rebuild`).
   */
  readonly proof?: 'journal' | 'repositories';
}
export interface Catalogue {
  /** Committed in at least one repository; newest first. */
  readonly points: readonly Point[];
  /** Captured, but no state with its entry is known to be in a repository: never listed, never restored. */
  readonly pending: readonly Point[];
  /** Copies that a state in the repository vouches for, though a part of it is no longer there. */
  readonly lost: readonly {
    readonly point: string;
    readonly repository: string;
    readonly parts: readonly string[];
    /** All parts' snapshots, those that are still there included: what is left may be all there is. */
    readonly snapshots: readonly string[];
  }[];
  /** Snapshots that were given up and may still be there: a crash came between the record and the deed. */
  readonly forgotten: readonly { readonly repository: string; readonly snapshots: readonly string[] }[];
}

/** What `project` reads. */
export const catalogueTypes = [
  'epoch.opened',
  'point.captured',
  'point.checked',
  'point.copied',
  'point.abandoned',
  'point.forgotten',
  'state.stored',
] as const;

/** `<component>@<as of, UTC>-<first 8 hex of its entry's hash>`: the same in every repository. */
export const pointId = ({ entry, hash }: EntryRecord): string => {
  const { component, as_of } = entry.body as Body<'point.captured'>;
  const time = compact(as_of.from);
  return `${component}@${time}-${hash.slice(0, 8)}`;
};

const compact = (t: string): string => t.replace(/\.\d+Z$/, 'Z').replaceAll(/[-:]/g, '');

interface CopyDraft {
  readonly parts: readonly PartRecord[];
  readonly by: EntryV1;
}
interface Draft {
  readonly id: string;
  readonly record: EntryRecord;
  readonly entry: EntryV1;
  readonly body: Body<'point.captured'>;
  readonly copies: Map<string, CopyDraft>;
  readonly checks: { readonly at: string; readonly body: Body<'point.checked'> }[];
}

/** A replay of the journals: pure, so that the same entries give the same points on every machine. */
export function project({ records, views, own, now, proof = 'journal' }: CatalogueInput): Catalogue {
  const entries: EntryV1[] = [];
  const drafts = new Map<string, Draft>();
  for (const record of records) {
    entries.push(record.entry);
    if (record.entry.type === 'point.captured') draft(drafts, record);
  }
  const forgotten = apply(drafts, entries);
  const branches = new Branches(entries);
  const committed = coverage(branches, [
    ...(proof === 'journal' ? headsIn(entries) : []),
    ...views.flatMap(headsOf),
  ]);
  const seen = coverage(branches, headsListed(entries, views));
  const listed = new Map(views.map((v) => [v.repository, v.snapshots]));
  const lost: Catalogue['lost'][number][] = [];
  const points: Point[] = [];
  const pending: Point[] = [];
  for (const one of drafts.values()) {
    const copies: PointCopy[] = [];
    for (const [repository, copy] of one.copies) {
      const parts = missing(copy, one, { repository, seen, present: listed.get(repository) ?? null });
      if (parts.length > 0)
        lost.push({ point: one.id, repository, parts, snapshots: copy.parts.map((p) => p.snapshot) });
      else copies.push(copyOf(one, repository, copy, committed, own));
    }
    if (copies.length === 0) continue;
    const point = pointOf(one, copies, branches, now);
    (copies.some((c) => c.committed === true) ? points : pending).push(point);
  }
  return { points: sorted(points), pending: sorted(pending), lost, forgotten };
}

type Timed = ReturnType<typeof timed>;
const timed = (point: Point) => ({ point, time: Date.parse(point.as_of.from) });
const laterFirst = (a: Timed, b: Timed): number => b.time - a.time || (a.point.id < b.point.id ? -1 : 1);

export const newestFirst = (a: Point, b: Point): number => laterFirst(timed(a), timed(b));

/** Each time is read once, not at every comparison. */
const sorted = (points: readonly Point[]): Point[] =>
  points
    .map(timed)
    .toSorted(laterFirst)
    .map(({ point }) => point);

function draft(drafts: Map<string, Draft>, record: EntryRecord): void {
  const body = record.entry.body as Body<'point.captured'>;
  const id = pointId(record);
  const copies = new Map([[body.repository, { parts: body.parts, by: record.entry }]]);
  drafts.set(id, { id, record, entry: record.entry, body, copies, checks: [] });
}

/** Copies first, then what was forgotten of them: the two may stand in journals of different installations. */
function apply(drafts: Map<string, Draft>, entries: readonly EntryV1[]): Catalogue['forgotten'] {
  for (const entry of entries) {
    if (entry.type === 'point.copied') {
      const { point, repository, parts } = entry.body as Body<'point.copied'>;
      const copies = drafts.get(point)?.copies;
      const known = copies?.get(repository);
      if (known === undefined || known.by.at <= entry.at) copies?.set(repository, { parts, by: entry });
    } else if (entry.type === 'point.checked') {
      const body = entry.body as Body<'point.checked'>;
      drafts.get(body.point)?.checks.push({ at: entry.at, body });
    }
  }
  const forgotten: Catalogue['forgotten'][number][] = [];
  for (const entry of entries) {
    if (entry.type === 'point.abandoned') drafts.delete((entry.body as Body<'point.abandoned'>).point);
    else if (entry.type === 'point.forgotten') {
      const { point, repository, snapshots } = entry.body as Body<'point.forgotten'>;
      const copies = drafts.get(point)?.copies;
      const copy = copies?.get(repository);
      // A copy that was made after the one before it had been forgotten stays.
      if (copy !== undefined && copy.by.at <= entry.at) copies?.delete(repository);
      forgotten.push({ repository, snapshots });
    }
  }
  return forgotten;
}

interface Stored {
  readonly repository: string;
  readonly head: Head;
}
/** Heads that the journals themselves say lie in a repository. */
function headsIn(entries: readonly EntryV1[]): Stored[] {
  return entries.flatMap(({ type, body }): Stored[] => {
    if (type === 'state.stored') return [body as Body<'state.stored'>];
    if (type !== 'epoch.opened') return [];
    const { continues, repository } = body as Body<'epoch.opened'>;
    return continues === null || repository === null ? [] : [{ repository, head: continues }];
  });
}
/** Heads that were read in a repository. */
const headsOf = ({ repository, heads }: View): Stored[] => heads.map((head) => ({ repository, head }));
/** Heads of states that the newest listing showed: what they vouch for must have been in that listing too. */
function headsListed(entries: readonly EntryV1[], views: readonly View[]): Stored[] {
  const listed = new Map(views.map((v) => [v.repository, v.snapshots]));
  const stored = entries.flatMap(({ type, body }) =>
    type === 'state.stored' ? [body as Body<'state.stored'>] : [],
  );
  const read = views.flatMap((v) =>
    v.heads.map((head) => ({ repository: v.repository, head, snapshot: head.snapshot })),
  );
  return [...stored, ...read].filter((s) => listed.get(s.repository)?.has(s.snapshot) === true);
}

/** Up to which entry of each epoch the states in a repository reach. */
type Coverage = ReadonlyMap<string, ReadonlyMap<string, number>>;
function coverage(branches: Branches, stored: readonly Stored[]): Coverage {
  const all = new Map<string, Map<string, number>>();
  for (const { repository, head } of stored) {
    const reach = all.get(repository) ?? new Map<string, number>();
    all.set(repository, reach);
    for (const stretch of branches.lineageOf(head)) {
      const key = epochKey(stretch);
      reach.set(key, Math.max(reach.get(key) ?? 0, stretch.last));
    }
  }
  return all;
}
const covers = (of: Coverage, repository: string, stand: Stand): boolean =>
  stand.seq <= (of.get(repository)?.get(epochKey(stand)) ?? 0);

/** Parts that must be in the repository by its own states, and were not in the listing those states were found in. */
function missing(
  copy: CopyDraft,
  { entry }: Draft,
  {
    repository,
    seen,
    present,
  }: { readonly repository: string; readonly seen: Coverage; readonly present: View['snapshots'] },
): string[] {
  if (present === null || copy.parts.every((p) => present.has(p.snapshot))) return [];
  if (!covers(seen, repository, copy.by) || !covers(seen, repository, entry)) return [];
  return copy.parts.filter((p) => !present.has(p.snapshot)).map((p) => p.name);
}

function copyOf(
  of: Draft,
  repository: string,
  copy: CopyDraft,
  committed: Coverage,
  own: EpochId | null,
): PointCopy {
  const first = copy.by === of.entry;
  let level = first ? of.body.level : 'stored';
  // A copy holds the same data: what was doubted when it was captured is doubted there too.
  let verdict = verdictOf(of.body.findings);
  let failedAt: Level | null = verdict === 'fail' ? of.body.level : null;
  let readAt = first && verdict === 'pass' && level !== 'stored' ? of.entry.at : null;
  for (const { at, body } of oldestFirst(of.checks, repository)) {
    const found = verdictOf(body.findings);
    if (found === 'fail') failedAt = failedAt === null ? body.level : higher(failedAt, body.level);
    // Neither what only lists nor what could not judge takes back what reading found.
    else if (failedAt !== null && (found !== 'pass' || higher(body.level, failedAt) !== body.level)) continue;
    else if (found === 'pass') {
      failedAt = null;
      level = higher(body.level, level);
      if (body.level !== 'stored') readAt = at;
    }
    verdict = found;
  }
  // The bytes of a stream are the same in every repository, so a digest read in one holds for all.
  const digests = Object.assign({}, ...of.checks.map((c) => c.body.sha256)) as Record<string, string>;
  const parts = copy.parts.map((p) => {
    const sha256 = p.sha256 ?? of.body.parts.find((o) => o.name === p.name)?.sha256 ?? digests[p.name];
    return sha256 === undefined ? p : { ...p, sha256 };
  });
  return {
    repository,
    parts,
    level,
    verdict,
    ...(readAt === null ? {} : { read_at: readAt }),
    committed: isCommitted(of, repository, copy, committed, own),
  };
}

const oldestFirst = (checks: Draft['checks'], repository: string): Draft['checks'] =>
  checks.filter((c) => c.body.repository === repository).toSorted((a, b) => (a.at < b.at ? -1 : 1));

function isCommitted(
  of: Draft,
  repository: string,
  { by }: CopyDraft,
  committed: Coverage,
  own: EpochId | null,
): boolean | null {
  if (covers(committed, repository, by) && covers(committed, repository, of.entry)) return true;
  // Only the epoch that is being written here knows that it has not come to it yet; of others the end is unknown.
  return own !== null && epochKey(by) === epochKey(own) ? false : null;
}

function pointOf(
  { id, record, entry, body, checks }: Draft,
  copies: readonly PointCopy[],
  branches: Branches,
  now: Date,
): Point {
  const stands = copies.filter((c) => c.committed === true);
  const counted = stands.length > 0 ? stands : copies;
  const good = counted.filter((c) => c.verdict === 'pass');
  const drills = checks.filter((c) => c.body.level === 'drilled' && verdictOf(c.body.findings) === 'pass');
  const latest = now.getTime() + clockSlack;
  return {
    id,
    component: body.component,
    kind: body.kind,
    method: body.method,
    run: entry.run ?? '',
    installation: entry.installation,
    epoch: entry.epoch,
    at: entry.at,
    as_of: body.as_of,
    bytes: body.parts.reduce((sum, p) => sum + p.bytes, 0),
    level: (good.length > 0 ? good : counted).map((c) => c.level).reduce(higher),
    verdict: good.length > 0 ? 'pass' : counted.some((c) => c.verdict === 'unable') ? 'unable' : 'fail',
    drilled_at:
      drills
        .map((c) => c.at)
        .toSorted()
        .at(-1) ?? null,
    plan: body.plan,
    protection: body.keep.protection,
    tools: body.tools,
    server: body.server,
    get inventory() {
      return (record.inventory?.() as Point['inventory'] | undefined) ?? body.inventory;
    },
    group: body.group === null ? null : { name: body.group.name, id: body.group.id },
    capture_ms: body.capture_ms,
    fork: branches.isFork(entry),
    future: Date.parse(body.as_of.from) > latest || Date.parse(entry.at) > latest,
    copies: [...copies],
  };
}
