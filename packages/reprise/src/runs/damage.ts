import type { Finding, Level, Point } from '@reprise/contracts';

import { damageIn, damageTypes, type Damage } from '../catalogue/damage.ts';
import { RepriseError, saidOf } from '../lib/errors/index.ts';
import { judge } from '../lib/findings/index.ts';
import type { Deps } from './deps.ts';
import type { StepContext } from './step.ts';

/** Damage of each repository that no later check took back, as the journals tell it. */
export const damageKnown = ({ journal }: Pick<Deps, 'journal'>): ReadonlyMap<string, Damage> =>
  damageIn(damageTypes.flatMap((type) => [...journal.entries({ type })]));

/**
 * What the repository itself said of its data, if that is why `e` was thrown. A repository that is out of reach, locked
 * or refuses the password has said nothing of it, and neither has a tool that is missing.
 */
export function damageSaid(e: unknown): RepriseError | undefined {
  for (let at = e; at instanceof Error; at = at.cause)
    if (
      at instanceof RepriseError &&
      (at.code === 'repository.damaged' || at.code === 'repository.snapshot-missing')
    )
      return at;
  return undefined;
}

/** Reading a copy failed: journaled where that is a verdict on its data. */
export function recordUnreadable(
  point: Point,
  { repository, level }: { readonly repository: string; readonly level: Level },
  e: unknown,
  at: Pick<StepContext, 'append'>,
): void {
  const said = damageSaid(e);
  if (said === undefined) return;
  const finding = unreadable(point.id, repository, said);
  at.append('point.checked', { point: point.id, repository, level, findings: [finding], sha256: {} });
}

export const unreadable = (point: string, repository: string, said: RepriseError): Finding =>
  judge('fail', 'repository.unreadable', point, { repository, what: whatOf(said) });

const whatOf = (said: RepriseError): string => {
  const { what } = said.params as { readonly what?: unknown };
  return typeof what === 'string' ? what : typeof what === 'object' ? saidOf(said).en : said.message;
};

/** Damage that `work` meets in a repository is journaled before it is thrown on: `status` says so from then on. */
export async function noting<T>(
  repository: string,
  code: 'repository.error' | 'repository.pack-damaged',
  at: Pick<StepContext, 'append'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (e) {
    const said = damageSaid(e);
    if (said !== undefined)
      at.append('repository.checked', {
        repository,
        read: null,
        findings: [judge('fail', code, repository, { what: whatOf(said) })],
      });
    throw e;
  }
}
