import { historyOf, type History } from '../recovery/runbook.ts';
import type { Deps } from './deps.ts';

/** What restores and recoveries took before, on whatever machine; whole steps only by this installation. */
export function measuredBefore({ journal }: Pick<Deps, 'journal'>): History {
  const recoveries = ['restore', 'recover'].flatMap((recipe) => journal.runs({ recipe }));
  return historyOf(
    journal.entries({ type: 'place.restored' }),
    journal.entries({ type: 'step.finished', installation: journal.installation }),
    new Set(recoveries.map((r) => r.run)),
  );
}
