import * as crypto from 'node:crypto';

import { EntryV1, type Head } from '@reprise/contracts';

import { RepriseError } from '../lib/errors/index.ts';
import { inBoth } from '../lib/i18n/index.ts';
import { canonical } from './canonical.ts';

/** An entry as it travels: its canonical text, the SHA-256 (hex) of that text's UTF-8 bytes, and what it says. */
export interface Line {
  readonly text: string;
  readonly hash: string;
  readonly entry: EntryV1;
}

/** `prev` of the very first entry of a lineage. */
const origin = '0'.repeat(64);

/** An entry longer than this is refused when written and when read: what is read back fits into memory. */
export const maxEntryBytes = 16 * 1024 * 1024;

export const sha256 = (data: string | Uint8Array): string => crypto.hash('sha256', data, 'hex');

/** SHA-256 (hex) of the entry's canonical bytes: what the next entry's `prev` must be. */
export const hashOf = (entry: EntryV1): string => sha256(canonical(entry));

/** Throws `journal.not-canonical`, `journal.entry-too-long`. */
export function lineOf(entry: EntryV1): Line {
  const text = canonical(entry);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxEntryBytes)
    throw new RepriseError('journal.entry-too-long', { type: entry.type, bytes, limit: maxEntryBytes });
  return { text, hash: sha256(text), entry };
}

/**
 * Reads one line back. Throws `journal.unreadable` when it is no entry or not in canonical form (then the bytes are not
 * those that were written), `journal.newer` when its `v` is one that this version does not know.
 */
export function parseLine(text: string, where: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (e) {
    throw new RepriseError(
      'journal.unreadable',
      { where, why: inBoth((t) => t['why.no-json']) },
      { cause: e },
    );
  }
  if (typeof value === 'object' && value !== null && 'v' in value && value.v !== 1)
    throw new RepriseError('journal.newer', { where, v: String(value.v).slice(0, 20) });
  const parsed = EntryV1.safeParse(value);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw new RepriseError('journal.unreadable', {
      where,
      why: inBoth((t) => t['why.not-an-entry']({ fields })),
    });
  }
  // What was parsed is handed on, not the schema's copy: it is what was hashed.
  const entry = value as EntryV1;
  if (canonical(entry) !== text)
    throw new RepriseError('journal.unreadable', { where, why: inBoth((t) => t['why.not-canonical']) });
  return { text, hash: sha256(text), entry };
}

export const headOf = ({ entry, hash }: Line): Head => ({
  installation: entry.installation,
  epoch: entry.epoch,
  seq: entry.seq,
  hash,
});

/** What stands before the first entry of a lineage. */
export const nothing: Pick<Head, 'seq' | 'hash'> = { seq: 0, hash: origin };

/** Why `line` cannot follow `before`, or undefined when it does. */
export function breakBetween(
  before: Pick<Head, 'seq' | 'hash'>,
  { entry }: Line,
): 'gap' | 'prev' | undefined {
  if (entry.seq !== before.seq + 1) return 'gap';
  return entry.prev === before.hash ? undefined : 'prev';
}
