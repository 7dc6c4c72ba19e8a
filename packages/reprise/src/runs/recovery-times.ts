import type { Body } from '@reprise/contracts';

import type { Deps } from './deps.ts';

/** Of one component: how long its last recovery into service took (ms), by the record; null: none was measured. */
export interface RecoveryTime {
  readonly ms: number | null;
  /** Where its data was brought back and its service was not started: no measure of the service. */
  readonly dataOnly: string | null;
}

export const neverRecovered: RecoveryTime = { ms: null, dataOnly: null };

export function recoveryTimes({ journal }: Pick<Deps, 'journal'>): ReadonlyMap<string, RecoveryTime> {
  const times = new Map<string, RecoveryTime>();
  for (const entry of journal.entries({ type: 'component.recovered' })) {
    const { component, place, findings, rto } = entry.body as unknown as Body<'component.recovered'>;
    const before = times.get(component) ?? neverRecovered;
    if (findings.some((f) => f.code === 'recovery.service-not-moved'))
      times.set(component, { ...before, dataOnly: place });
    else if (rto.actual_ms !== null) times.set(component, { ...before, ms: rto.actual_ms });
  }
  return times;
}
