import type { EntryV1, JournalVerifyReport } from '@reprise/contracts';

import { words } from '../../lib/i18n/index.ts';
import type { Look } from '../session.ts';
import { findingLines } from './layout.ts';

/** One entry on one line: number, time (UTC, as recorded), what, and its body as it is recorded. */
export const entryLine = (e: EntryV1): string =>
  [
    String(e.seq).padStart(6),
    e.at,
    e.type,
    e.run === null ? '' : e.run.slice(0, 8),
    e.step ?? '',
    JSON.stringify(e.body),
  ]
    .filter((x) => x !== '')
    .join('  ');

export const verifiedText = ({ head, entries, findings }: JournalVerifyReport, look: Look): string =>
  [
    ...findings.flatMap((f) => findingLines(f, look)),
    words(look.language)['journal.head']({ ...head, entries }),
  ].join('\n');
