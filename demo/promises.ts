import type { RecoveryRecord } from '@reprise/contracts';

import { resultTable } from '../packages/reprise/src/recovery/text.ts';
import type { Language } from './texts.ts';

/** Component, RPO objective and actual, RTO objective and actual, verdict; the whole system last. */
export const promises = (record: RecoveryRecord, language: Language): string => resultTable(record, language);

/** What is missing or not kept: nothing, if all is well. */
export function judge({ components, whole, state }: RecoveryRecord): readonly string[] {
  const all = [...components.map((c) => ({ name: c.component, ...c })), { name: '*', ...whole }];
  const bad = all.flatMap(({ name, rpo, rto }) =>
    [rpo, rto].some((m) => m?.objective_ms == null || m.actual_ms === null || m.verdict !== 'met')
      ? [name]
      : [],
  );
  const back = components.filter((c) => c.state !== 'in-service').map((c) => c.component);
  return [...bad, ...back, ...(state === 'finished' ? [] : [state])];
}
