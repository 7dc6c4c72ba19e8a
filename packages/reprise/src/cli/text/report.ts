import type { RecoveryCheckReport } from '@reprise/contracts';

import { words } from '../../lib/i18n/index.ts';
import type { Look } from '../session.ts';
import { findingLines, next } from './layout.ts';

export const checkedText = ({ run, head, findings }: RecoveryCheckReport, look: Look): string =>
  [
    ...findings.flatMap((f) => findingLines(f, look)),
    words(look.language)['record.checked']({ ...head, run }),
    ...(findings.some((f) => f.code.startsWith('journal.')) ? [next(look, 'reprise journal verify')] : []),
  ].join('\n');
