import { takenOverBy } from '../journal/verify.ts';
import type { Deps } from './deps.ts';

/**
 * `backup --fork`: another installation took over from this one, and this one goes on knowingly. Journaled once; does
 * nothing where nobody took over.
 */
export function acceptFork({ journal }: Pick<Deps, 'journal'>): void {
  const by = takenOverBy(journal);
  if (by === undefined) return;
  const { installation, epoch, after } = by;
  journal.append('fork.accepted', { installation, epoch, seq: after }, { run: null, step: null });
}
