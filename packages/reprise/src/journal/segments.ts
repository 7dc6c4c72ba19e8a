import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Certificate, Head, StateHeader } from '@reprise/contracts';

import { instant, type Clock } from '../lib/clock.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { inBoth } from '../lib/i18n/index.ts';
import { canonical } from './canonical.ts';
import { sha256 } from './chain.ts';
import { homePaths } from './home.ts';
import type { Journal, StoredLine } from './journal.ts';
import { certificateIn, loadSigningKey, signedText } from './keys.ts';

/** A segment is closed by the entry that brings it to this many bytes; from then on its file never changes. */
export const segmentBytes = 256 * 1024;

export const stateFile = 'state.json';
export const planFile = 'plan.yaml';
export const journalFolder = 'journal';

type Segment = StateHeader['segments'][number];

/** Where a segment lies in a state; nothing in it comes from outside, so it leads nowhere else. */
export const segmentPath = ({
  installation,
  epoch,
  first,
}: Pick<Segment, 'installation' | 'epoch' | 'first'>): string =>
  `${journalFolder}/${installation}/${epoch}-${first}.ndjson`;

/**
 * Cuts lines into segments: a new one begins with each epoch and after `segmentBytes`. The same entries give the same
 * bytes, whoever writes them and when, so that restic stores only what is new.
 */
function* segmentsOf(
  lines: Iterable<StoredLine>,
): Generator<{ readonly segment: Segment; readonly text: string }> {
  let open: { segment: Segment; texts: string[]; bytes: number } | undefined;
  const close = ({ segment, texts }: NonNullable<typeof open>) => ({
    segment,
    text: `${texts.join('\n')}\n`,
  });
  for (const { installation, epoch, seq, hash, text } of lines) {
    if (open !== undefined) {
      const { segment, bytes } = open;
      if (bytes >= segmentBytes || segment.installation !== installation || segment.epoch !== epoch) {
        yield close(open);
        open = undefined;
      }
    }
    open ??= {
      segment: {
        path: segmentPath({ installation, epoch, first: seq }),
        installation,
        epoch,
        first: seq,
        last: seq,
        hash,
      },
      texts: [],
      bytes: 0,
    };
    open.segment = { ...open.segment, last: seq, hash };
    open.texts.push(text);
    open.bytes += Buffer.byteLength(text) + 1;
  }
  if (open !== undefined) yield close(open);
}

export interface WriteStateOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  /** Empty, and of the caller's own: claimed scratch. */
  readonly directory: string;
  /** The plan's text as it is in its file; null where there is none. */
  readonly plan: string | null;
  readonly signal?: AbortSignal;
}

/**
 * Writes the tree of a state snapshot: `plan.yaml`, `journal/<installation>/<epoch>-<first seq>.ndjson` of the whole
 * lineage, and last `state.json`, signed by the installation's key. Entries written meanwhile are for the next state.
 * Throws `keys.*`, `journal.damaged`.
 */
export function writeState({ journal, clock, directory, plan, signal }: WriteStateOptions): StateHeader {
  const head = journal.head();
  const key = loadSigningKey(journal.home);
  const certificate = certificateOf(journal);
  if (certificate?.key !== key.publicKey)
    throw new RepriseError('keys.other', { path: homePaths(journal.home).signingKey });
  if (plan !== null) writeFileSync(join(directory, planFile), plan, { mode: 0o600 });
  const segments: Segment[] = [];
  for (const { segment, text } of segmentsOf(journal.lines(1, head.seq))) {
    signal?.throwIfAborted();
    const path = join(directory, segment.path);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, text, { mode: 0o600 });
    segments.push(segment);
  }
  const statement = {
    v: 1 as const,
    system: journal.system,
    head: headIn(segments, head),
    at: instant(clock.now()),
    plan: plan === null ? null : sha256(plan),
    segments,
    certificate,
  };
  const header: StateHeader = { ...statement, signature: key.sign(signedText(statement)) };
  writeFileSync(join(directory, stateFile), `${canonical(header)}\n`, { mode: 0o600 });
  return header;
}

/** What was written must be what is signed: a journal that changed underneath is not signed. */
function headIn(segments: readonly Segment[], head: Head): Head {
  const last = segments.at(-1);
  if (last?.last !== head.seq || last.hash !== head.hash)
    throw new RepriseError('journal.damaged', {
      path: 'journal',
      why: inBoth((t) => t['why.not-to-entry']({ seq: head.seq })),
    });
  return head;
}

/** This epoch's own certificate, from its opening entries. */
function certificateOf(journal: Journal): Certificate | undefined {
  const entries = journal.entries({
    type: 'installation.certified',
    installation: journal.installation,
    own: true,
  });
  const bodies = [...entries].map((e) => certificateIn(e.body['certificate'], journal.root));
  return bodies.findLast((c) => c?.epoch === journal.epoch);
}
