import type { Body, EntryV1 } from '@reprise/contracts';

import type { Vacant } from '../kinds/kind.ts';
import { RepriseError } from '../lib/errors/index.ts';
import type { Consents, RunLog } from './deps.ts';
import type { Target } from './target.ts';
import { absent, decideVacancy, mint, type Decision } from './vacancy.ts';

type Spec = Target['spec'];
type Permitted = Exclude<Decision, { is: 'refused' }>;

/** Throws `place.occupied` where a restore would be refused; changes nothing. */
export async function look(target: Target, record: RunLog, consents: Consents): Promise<Permitted> {
  const { component, kind, spec, context, place } = target;
  const observed = await kind.isVacant(spec, context);
  const decision = decideVacancy(observed, claimsOf(target, record), consents.get(component.name));
  if (decision.is === 'refused')
    throw new RepriseError('place.occupied', {
      component: component.name,
      place: place.label,
      found: decision.found,
    });
  return decision;
}

/**
 * Makes the place vacant as far as this run may, claims it in the journal, and proves it. What was there with consent
 * is moved aside; consent is journaled before the move, and where it went after it.
 * Throws `place.occupied`, `place.not-cleared`.
 */
export async function vacate(target: Target, record: RunLog, consents: Consents): Promise<Vacant<Spec>> {
  const decision = await look(target, record, consents);
  if (decision.is !== 'empty') await clear(target, record, decision);
  return claim(target, record, decision.because);
}

async function clear(
  target: Target,
  record: RunLog,
  decision: Exclude<Permitted, { is: 'empty' }>,
): Promise<void> {
  const { component, kind, spec, context, place } = target;
  const suffix = asideSuffix(record, context.clock.now());
  // After a failure that was told, a person may have mended by hand what this run left: that is not wiped.
  const told = record.entries().some((e) => e.type === 'run.failed');
  const how = decision.is === 'owned' && told ? 'aside' : decision.clear;
  if (decision.is === 'consent' && !consentedTo(target, record))
    record.append('consent.given', {
      component: component.name,
      place: place.label,
      how: decision.how,
      renamed: null,
    });
  const renamed = await kind.clear(spec, context, how, suffix);
  if (how === 'aside')
    record.append('place.put_aside', { component: component.name, place: place.label, renamed });
}

/** Killed between the consent and the move: it need not be written down again. */
function consentedTo({ component, place }: Target, record: RunLog): boolean {
  const here = record
    .entries()
    .findLast(
      ({ type, body }) =>
        (type === 'consent.given' || type === 'place.put_aside') &&
        body['component'] === component.name &&
        body['place'] === place.label,
    );
  return here?.type === 'consent.given';
}

/**
 * Seen vacant, written down, then proven: in this order, so that after a crash the journal knows whose work lies there.
 */
async function claim(
  target: Target,
  record: RunLog,
  because: Vacant<Spec>['because'],
): Promise<Vacant<Spec>> {
  const { component, kind, spec, context, place } = target;
  const observed = await kind.isVacant(spec, context);
  if (!observed.vacant)
    throw new RepriseError('place.not-cleared', {
      component: component.name,
      place: place.label,
      found: observed.found ?? '?',
    });
  const identity = observed.identity ?? absent;
  if (!claimsOf(target, record).has(identity))
    record.append('place.claimed', { component: component.name, place: place.label, identity });
  return mint(spec, because);
}

/**
 * Identities that this run claimed for this component at this place and did not finish restoring into: what was
 * restored whole is in use, and no longer the run's own to wipe. Nor is what another run has claimed or restored since.
 */
export const claimsOf = (
  { component, place }: Target,
  record: Pick<RunLog, 'entries' | 'others'>,
): ReadonlySet<string> => {
  const ofPlace = (e: EntryV1): boolean =>
    e.body['component'] === component.name && e.body['place'] === place.label;
  const overtaken = record.others().findLast(ofPlace)?.seq ?? 0;
  const here = record.entries().filter((e) => ofPlace(e) && e.seq > overtaken);
  const whole = here.findLastIndex(
    ({ type, body }) =>
      type === 'place.restored' &&
      (body as Body<'place.restored'>).findings.every((f) => f.verdict !== 'fail'),
  );
  return new Set(
    here
      .slice(whole + 1)
      .filter((e) => e.type === 'place.claimed')
      .map((e) => e.body['identity'] as string),
  );
};

/** Tells when and by which run something was put aside; unique within a run. */
export const asideSuffix = (record: Pick<RunLog, 'run'>, now: Date): string =>
  `${now.toISOString().replaceAll(/[-:]|\.\d+/g, '')}-${record.run.slice(0, 8)}`;
