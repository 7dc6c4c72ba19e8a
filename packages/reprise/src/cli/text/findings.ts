import type { DoctorReport } from '@reprise/contracts';

import type { Look } from '../session.ts';
import { findingLines } from './layout.ts';

export const doctorText = ({ findings }: DoctorReport, look: Look): string =>
  findings.flatMap((f) => findingLines(f, look)).join('\n');
