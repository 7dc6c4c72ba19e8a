import type { Vacancy, Vacant } from '../kinds/kind.ts';
import type { Said } from '../lib/language.ts';

/** What this run wrote down when it claimed a place where nothing was yet. */
export const absent = 'absent';

export type Consent = 'typed' | 'flag';
export type Decision =
  | { readonly is: 'empty'; readonly because: 'empty' }
  | { readonly is: 'owned'; readonly because: 'owned'; readonly clear: 'wipe' | 'aside' }
  | { readonly is: 'consent'; readonly because: 'consent'; readonly clear: 'aside'; readonly how: Consent }
  | { readonly is: 'refused'; readonly found: Said };

/**
 * May this run write there? `claims`: identities that *this run* journaled for this component at this place, each
 * while the place was vacant.
 *
 * - Nothing there: yes.
 * - There is what this run claimed (same identity): its own half-restored work, wiped and redone.
 * - This run claimed the place before anything existed there, and something exists now: almost surely its own work,
 *   but no identity proves it, so it is moved aside and not wiped.
 * - Consent: moved aside.
 * - Otherwise no.
 */
export function decideVacancy(
  observed: Vacancy,
  claims: ReadonlySet<string>,
  consent: Consent | undefined,
): Decision {
  if (observed.vacant) return { is: 'empty', because: 'empty' };
  if (observed.identity !== null && claims.has(observed.identity))
    return { is: 'owned', because: 'owned', clear: 'wipe' };
  if (claims.has(absent)) return { is: 'owned', because: 'owned', clear: 'aside' };
  if (consent !== undefined) return { is: 'consent', because: 'consent', clear: 'aside', how: consent };
  return { is: 'refused', found: observed.found ?? '?' };
}

/** The only place that makes one; `vacate` calls it once the place was seen vacant and the claim is journaled. */
export const mint = <S>(spec: S, because: Vacant<S>['because']): Vacant<S> =>
  ({ spec, because }) as Vacant<S>;
