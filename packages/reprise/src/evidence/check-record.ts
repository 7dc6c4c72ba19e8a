import { RecoveryRecord, type Certificate, type EntryV1, type Finding, type Head } from '@reprise/contracts';

import { parseTolerantly } from '../journal/bodies.ts';
import { canonical } from '../journal/canonical.ts';
import type { Journal } from '../journal/journal.ts';
import { signedBy } from '../journal/keys.ts';
import { certifiedKeys } from '../journal/verify.ts';
import { isError } from '../lib/errors/index.ts';
import { judge } from '../lib/findings/index.ts';
import { entriesAsOf } from './as-of.ts';
import { recoveryRecord } from './facts.ts';
import { shown, type ReadRecord } from './read-record.ts';

/**
 * Is this record what was signed, by a key that the journal vouches for, and what the journal says of that run? Each is
 * judged by itself: a record can be untouched and yet be of an installation that is not known here. Reads only.
 */
export function checkRecord(journal: Journal, read: ReadRecord, signal?: AbortSignal): readonly Finding[] {
  const { record } = read;
  const signature = proveSignature(read);
  if (record.system !== journal.system) {
    const systems = { system: shown([record.system]), here: journal.system };
    return [signature, judge('unable', 'record.system', record.run, systems)];
  }
  const { certificates, broken } = certifiedKeys(journal, signal);
  // A journal that was changed says nothing about a record.
  if (broken !== undefined) return [signature, broken];
  return [signature, ...proveKey(read, certificates), proveHead(journal, record), proveWords(journal, read)];
}

function proveSignature({ record: { run }, key, signature, signed, twice }: ReadRecord): Finding {
  if (twice) return judge('fail', 'record.signed', run, { found: 'twice' });
  if (key === null && signature === null) return judge('unable', 'record.signed', run, { found: 'none' });
  const holds = key !== null && signature !== null && signedBy(key, signed, signature);
  return judge(holds ? 'pass' : 'fail', 'record.signed', run, { found: holds ? '' : 'changed' });
}

function proveKey({ record, key }: ReadRecord, certificates: readonly Certificate[]): readonly Finding[] {
  if (key === null) return [];
  const { installation, epoch } = record.head;
  const of = certificates.filter((c) => c.installation === installation && c.epoch === epoch);
  const verdict = of.length === 0 ? 'unable' : of.some((c) => c.key === key) ? 'pass' : 'fail';
  return [judge(verdict, 'record.key', record.run, { installation, epoch })];
}

function proveHead(journal: Journal, { run, head }: RecoveryRecord): Finding {
  const { installation, epoch, seq } = head;
  const { last, hashes } = heldOf(journal, head);
  const params = { installation, epoch, seq, last };
  if (hashes.includes(head.hash)) return judge('pass', 'record.head', run, params);
  // Nobody but this installation adds to its own epoch: what it signed and no longer has was cut off.
  const cut = installation === journal.installation && epoch === journal.epoch;
  return judge(hashes.length > 0 || cut ? 'fail' : 'unable', 'record.head', run, params);
}

/** What this journal holds of the epoch that `at` is of: up to where, and the hash of the entry with that number. */
function heldOf(journal: Journal, at: Pick<Head, 'installation' | 'epoch' | 'seq'>) {
  const hashes: string[] = [];
  let last = 0;
  for (const { entry, hash } of journal.records({ installation: at.installation, brief: true })) {
    if (entry.epoch !== at.epoch) continue;
    last = Math.max(last, entry.seq);
    if (entry.seq === at.seq) hashes.push(hash);
  }
  return { last, hashes };
}

function proveWords(journal: Journal, { record, unknown }: ReadRecord): Finding {
  const { run, head } = record;
  const says = (verdict: Finding['verdict'], found: string, fields: readonly string[] = []): Finding =>
    judge(verdict, 'record.says', run, { found, fields: shown(fields.slice(0, 8)), more: fields.length > 8 });
  const [of] = journal.entries({ run });
  if (of === undefined) return says('unable', 'run');
  const ends = record.timeline.reduce((last, { seq }) => Math.max(last, seq), 0);
  const fresh = made(journal, entriesAsOf(journal, run, head, ends), record);
  const differing = fresh === undefined ? ['run'] : differences(comparable(record), comparable(fresh));
  if (differing.length === 0)
    return unknown.length === 0 ? says('pass', '') : says('unable', 'newer', unknown);
  // A journal read from a repository ends where its last state was stored: what a run did later is not there yet.
  const known = heldOf(journal, of).last;
  return known < Math.min(ends, sameEpoch(of, head) ? head.seq : ends)
    ? says('unable', 'partly', differing)
    : says('fail', 'differs', differing);
}

const sameEpoch = (
  a: Pick<Head, 'installation' | 'epoch'>,
  b: Pick<Head, 'installation' | 'epoch'>,
): boolean => a.installation === b.installation && a.epoch === b.epoch;

/** The record anew, by the schema; undefined where these entries are of no recovery. */
function made(
  { system }: Journal,
  entries: readonly EntryV1[],
  { head, run }: RecoveryRecord,
): RecoveryRecord | undefined {
  try {
    const fresh = recoveryRecord(system, entries, head, run);
    return parseTolerantly(RecoveryRecord, fresh) ?? fresh;
  } catch (e) {
    if (isError(e, 'report.unknown-run')) return undefined;
    throw e;
  }
}

/**
 * What a record must say in every version that made it. Not the head: made as of it, and judged by itself. Not the
 * English words of an error whose code and values are there, nor the command that goes on with a service: a later
 * version words both anew. The signature is over them all.
 */
const comparable = (record: RecoveryRecord): object => ({
  ...record,
  head: undefined,
  components: record.components.map(({ error, ...c }) => ({
    ...c,
    error: error?.params === undefined ? error : { code: error.code, params: error.params },
  })),
  left_stopped: record.left_stopped?.map(({ service, components }) => ({ service, components })),
  left_aside: record.left_aside?.map(({ component, where }) => ({ component, where })),
});

/**
 * Where the journal says something else, as `components[0].state`; never what. A field that the record leaves out is
 * one that its version did not write yet (the schema asks for all others): nothing is said of it.
 */
function differences(said: unknown, is: unknown, path = ''): readonly string[] {
  if (is === undefined) return [path];
  if (canonical(said) === canonical(is)) return [];
  if (Array.isArray(said) && Array.isArray(is) && said.length === is.length)
    return said.flatMap((one, i) => differences(one, is[i], `${path}[${i}]`));
  // Values have names of their own, which may be anything.
  if (!isObject(said) || !isObject(is) || path.endsWith('.params')) return [path];
  return Object.entries(said).flatMap(([name, value]) =>
    value === undefined ? [] : differences(value, is[name], path === '' ? name : `${path}.${name}`),
  );
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
