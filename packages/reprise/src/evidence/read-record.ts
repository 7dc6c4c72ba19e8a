import { SignedRecord, type RecoveryRecord } from '@reprise/contracts';

import { parseTolerantly } from '../journal/bodies.ts';
import { canonical } from '../journal/canonical.ts';
import { isError, RepriseError } from '../lib/errors/index.ts';
import { inBoth, type Messages } from '../lib/i18n/index.ts';

/** `evidence/<run>.json` as somebody handed it in: it has the shape of a record, and nothing about it is proven. */
export interface ReadRecord {
  readonly record: RecoveryRecord;
  readonly key: string | null;
  readonly signature: string | null;
  /** What the signature is over, with what a later version added: all but the signature's own field. */
  readonly signed: object;
  /** Fields that this version does not know. */
  readonly unknown: readonly string[];
  /** A field that is there twice: one reader takes the first, another the last. */
  readonly twice: boolean;
}

/** Throws `report.not-a-record`, and `journal.newer` for a format that this version does not know. */
export function readRecord(text: string, file: string): ReadRecord {
  const value = valueOf(text, file);
  if (typeof value === 'object' && value !== null && 'record' in value && 'v' in value && value.v !== 1)
    throw new RepriseError('journal.newer', { where: file, v: String(value.v).slice(0, 20) });
  const strict = SignedRecord.safeParse(value);
  const read = parseTolerantly(SignedRecord, value);
  if (read === undefined) {
    const wrong = strict.error?.issues.filter((i) => i.code !== 'unrecognized_keys') ?? [];
    const fields = wrong.slice(0, 5).map((i) => i.path.join('.'));
    throw notARecord(file, (t) => t['why.not-a-record']({ fields: shown(fields) }));
  }
  const { record, key, signature } = read;
  const unknown = strict.error?.issues.flatMap((i) => (i.code === 'unrecognized_keys' ? i.keys : [])) ?? [];
  return { record, key, signature, signed: value as object, unknown, twice: isThereTwice(text, value) };
}

function valueOf(text: string, file: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notARecord(file, (t) => t['why.no-json']);
  }
  try {
    canonical(value); // only what can be signed; what is nested a million deep ends here
    return value;
  } catch (e) {
    if (!isError(e, 'journal.not-canonical')) throw e;
    throw new RepriseError('report.not-a-record', { file, why: e.params.why }, { cause: e });
  }
}

export const notARecord = (file: string, why: (t: Messages) => string): RepriseError =>
  new RepriseError('report.not-a-record', { file, why: inBoth(why) });

/** Names out of a file that anybody may have written: only such as Reprise gives go to a terminal. */
export const shown = (names: readonly string[]): string =>
  names.map((n) => (/^[\w.[\]-]{1,80}$/.test(n) ? n : '?')).join(', ');

/** JSON.parse takes the last of two and says nothing: outside of strings, each member has one colon. */
const isThereTwice = (text: string, value: unknown): boolean =>
  text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1 !== membersIn(value);

function membersIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const below = Object.values(value).reduce<number>((n, v) => n + membersIn(v), 0);
  return Array.isArray(value) ? below : below + Object.keys(value).length;
}
