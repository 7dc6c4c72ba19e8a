import { closeSync, lstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { StateHeader } from '@reprise/contracts';

import { isError, RepriseError } from '../lib/errors/index.ts';
import { inBoth, type Messages } from '../lib/i18n/index.ts';
import { parseTolerantly } from './bodies.ts';
import { canonical } from './canonical.ts';
import { maxEntryBytes, parseLine, sha256, type Line } from './chain.ts';
import { certificateIn, signedBy } from './keys.ts';
import { Lineage, type Break } from './lineage.ts';
import { journalFolder, planFile, segmentBytes, segmentPath, stateFile } from './segments.ts';

export interface Expected {
  /** The root's public key: derived from the recovery key that was typed, or pinned by the own installation. */
  readonly root: string;
  readonly system?: string;
  /** How people know this state: repository and snapshot. */
  readonly where: string;
}
/** A state whose every byte was proven: certified, signed, whole. */
export interface StateReading {
  readonly header: StateHeader;
  readonly plan: string | null;
  /** Oldest first; read again from the files, and proven again, so that nothing is kept in memory. */
  lines(): Generator<Line>;
}

/** More than any state of ours; keeps a hostile one from filling the memory. */
const limits = {
  [stateFile]: 16 * 1024 * 1024,
  [planFile]: 32 * 1024 * 1024,
  segment: segmentBytes + maxEntryBytes + 1,
};

/**
 * Reads the tree of a state snapshot and proves it: certificate by the root, signature, plan, every segment, the chain
 * through all epochs up to the signed head, no other file beside them. Whoever made it may be hostile: nothing is
 * followed out of the directory. Throws `state.foreign` (not ours), `state.cut`, `state.rewritten`, `state.forked`,
 * `state.unreadable`, `journal.newer`, `journal.other-system`.
 */
export function readState(directory: string, expected: Expected): StateReading {
  const { where } = expected;
  const header = readHeader(directory, expected);
  proveSegments(header, where);
  const plan = readPlan(directory, header, where);
  proveNothingElse(directory, header, where);
  const lines = (): Generator<Line> => proven(directory, header, where);
  for (const _ of lines());
  return { header, plan, lines };
}

/** Header and signature alone: who made this state and how far it reaches, before anything else of it is read. */
export const readHeader = (directory: string, expected: Expected): StateHeader =>
  headerIn(readText(directory, stateFile, limits[stateFile], expected.where), expected);

/** The same of a text that is not in a folder. */
export function headerIn(text: string, { root, system, where }: Expected): StateHeader {
  const value = parseJson(text, where);
  if (typeof value === 'object' && value !== null && 'v' in value && value.v !== 1)
    throw new RepriseError('journal.newer', { where, v: String(value.v).slice(0, 20) });
  const header = parseTolerantly(StateHeader, value);
  if (header === undefined) throw unreadable(where, (t) => t['why.no-state-head']({ file: stateFile }));
  const certificate = certificateIn((value as { certificate: unknown }).certificate, root);
  if (certificate === undefined)
    throw foreign(
      where,
      (t) => t[header.certificate.root === root ? 'why.certificate-forged' : 'why.other-recovery-key'],
    );
  if (!signedBy(certificate.key, value, header.signature)) throw foreign(where, (t) => t['why.signature']);
  const { head } = header;
  if (
    certificate.installation !== head.installation ||
    certificate.epoch !== head.epoch ||
    certificate.system !== header.system
  )
    throw foreign(where, (t) => t['why.other-certificate']);
  if (system !== undefined && header.system !== system)
    throw new RepriseError('journal.other-system', { path: where, expected: system, found: header.system });
  return { ...header, certificate };
}

/** The signed list of segments must be one line from entry 1 to the head. */
function proveSegments({ segments, head }: StateHeader, where: string): void {
  let before: StateHeader['segments'][number] | undefined;
  for (const segment of segments) {
    const { installation, epoch, first, last, path } = segment;
    if (path !== segmentPath(segment)) throw unreadable(where, (t) => t['why.segment-name']);
    if (last < first) throw unreadable(where, (t) => t['why.segment-order']);
    const same = before === undefined || (installation === before.installation && epoch === before.epoch);
    if (first !== (before?.last ?? 0) + 1)
      throw same
        ? unreadable(where, (t) => t['why.segment-gap']({ seq: (before?.last ?? 0) + 1 }))
        : new RepriseError('state.forked', { where, installation, epoch, seq: before?.last ?? 0 });
    before = segment;
  }
  if (before === undefined) throw unreadable(where, (t) => t['why.no-journal']);
  if (before.last < head.seq)
    throw new RepriseError('state.cut', { where, signed: head.seq, found: before.last });
  if (
    before.last !== head.seq ||
    before.hash !== head.hash ||
    before.installation !== head.installation ||
    before.epoch !== head.epoch
  )
    throw unreadable(where, (t) => t['why.segments-head']);
}

function readPlan(directory: string, { plan }: StateHeader, where: string): string | null {
  if (plan === null) return null;
  const bytes = readBytes(directory, planFile, limits[planFile], where);
  if (sha256(bytes) !== plan) throw rewritten(where, 0, (t) => t['why.other-plan']);
  return decode(bytes, planFile, where);
}

/** Below `journal/` there is what was signed and nothing else; beside it a later version may put more. */
function proveNothingElse(directory: string, { segments, plan }: StateHeader, where: string): void {
  const signed = new Set(segments.map((s) => s.path));
  if (lstatSync(join(directory, journalFolder), { throwIfNoEntry: false })?.isDirectory() !== true)
    throw unreadable(where, (t) => t['why.no-folder']({ path: journalFolder }));
  const found = readdirSync(join(directory, journalFolder), { recursive: true, withFileTypes: true });
  const extra = found.find(
    (f) =>
      !f.isDirectory() && !signed.has(join(f.parentPath, f.name).slice(directory.length).replace(/^\/+/, '')),
  );
  const loosePlan =
    plan === null && lstatSync(join(directory, planFile), { throwIfNoEntry: false }) !== undefined;
  if (extra !== undefined || loosePlan) throw unreadable(where, (t) => t['why.unsigned-files']);
}

function* proven(directory: string, header: StateHeader, where: string): Generator<Line> {
  const { head } = header;
  const lineage = new Lineage();
  for (const segment of header.segments) {
    const cut = (): RepriseError =>
      new RepriseError('state.cut', { where, signed: head.seq, found: lineage.head?.seq ?? 0 });
    if (lstatSync(join(directory, segment.path), { throwIfNoEntry: false }) === undefined) throw cut();
    const text = readText(directory, segment.path, limits.segment, where);
    if (!text.endsWith('\n')) throw cut();
    for (const one of text.slice(0, -1).split('\n')) {
      const line = readLine(one, where, (lineage.head?.seq ?? 0) + 1);
      const { entry } = line;
      if (
        entry.seq > segment.last ||
        entry.installation !== segment.installation ||
        entry.epoch !== segment.epoch
      )
        throw rewritten(where, entry.seq, (t) => t['why.entry-added']);
      const broken = lineage.accept(line);
      if (broken !== undefined) throw errorOf(broken, line, where, lineage);
      yield line;
    }
    if (lineage.head?.seq !== segment.last) throw cut();
    if (lineage.head.hash !== segment.hash) throw rewritten(where, segment.last, (t) => t['why.other-entry']);
  }
  if (lineage.certificate === undefined || canonical(lineage.certificate) !== canonical(header.certificate))
    throw foreign(where, (t) => t['why.other-chain']);
}

function errorOf({ kind, seq }: Break, { entry }: Line, where: string, lineage: Lineage): RepriseError {
  if (kind === 'certificate') return foreign(where, (t) => t['why.certificate-of'](entry));
  if (kind === 'fork')
    return new RepriseError('state.forked', {
      where,
      installation: entry.installation,
      epoch: entry.epoch,
      seq: lineage.head?.seq ?? 0,
    });
  return rewritten(where, seq, (t) => t[kind === 'gap' ? 'why.entries-missing' : 'why.entry-before']);
}

/** What no longer is an entry inside a signed segment was changed after it was signed. */
function readLine(text: string, where: string, seq: number): Line {
  try {
    return parseLine(text, where);
  } catch (e) {
    if (isError(e, 'journal.unreadable') || isError(e, 'journal.not-canonical'))
      throw rewritten(where, seq, (t) => t['why.bytes']);
    throw e;
  }
}

/** Only what has a canonical form: a hostile head nested a million deep ends here. */
function parseJson(text: string, where: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    canonical(value);
    return value;
  } catch (e) {
    throw unreadable(where, (t) => t['why.file-no-json']({ file: stateFile }), e);
  }
}

const readText = (directory: string, path: string, limit: number, where: string): string =>
  decode(readBytes(directory, path, limit, where), path, where);

function decode(bytes: Uint8Array, path: string, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (e) {
    throw unreadable(where, (t) => t['why.file-not-utf8']({ file: path }), e);
  }
}

/** A regular file below the directory, with no link on the way and not larger than anything of ours. */
function readBytes(directory: string, path: string, limit: number, where: string): Uint8Array {
  const steps = path.split('/');
  for (const [i] of steps.entries()) {
    const part = steps.slice(0, i + 1).join('/');
    const found = lstatSync(join(directory, part), { throwIfNoEntry: false });
    const last = i === steps.length - 1;
    if (found === undefined) throw unreadable(where, (t) => t['why.missing']({ path: part }));
    if (last ? !found.isFile() : !found.isDirectory())
      throw unreadable(where, (t) => t[last ? 'why.no-file' : 'why.no-folder']({ path: part }));
    if (last && found.size > limit) throw unreadable(where, (t) => t['why.too-large']({ path: part }));
  }
  const file = openSync(join(directory, path), 'r');
  try {
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

type Why = (t: Messages) => string;
const unreadable = (where: string, why: Why, cause?: unknown): RepriseError =>
  new RepriseError('state.unreadable', { where, why: inBoth(why) }, { cause });
const foreign = (where: string, why: Why): RepriseError =>
  new RepriseError('state.foreign', { where, why: inBoth(why) });
const rewritten = (where: string, seq: number, why: Why): RepriseError =>
  new RepriseError('state.rewritten', { where, seq, why: inBoth(why) });
