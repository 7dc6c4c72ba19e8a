import type { EntryV1, Finding } from '@reprise/contracts';

import type { Context } from '../kinds/kind.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { judge } from '../lib/findings/index.ts';
import type { ServiceState } from '../services/service.ts';
import type { RecoveryDeps, RunLog } from './deps.ts';
import { followsPlace } from './place.ts';
import type { Target } from './target.ts';

/** How long a started service may take until it answers. */
const patience = 120_000;

/**
 * Starts the component's service and waits until it answers. A service that cannot be asked is taken to be there: the
 * checks decide. In another place a service without place variables is the live one: not touched, and said so.
 */
export async function startService(
  deps: RecoveryDeps,
  target: Target,
  record: RunLog,
): Promise<readonly Finding[]> {
  const { component, place } = target;
  if (component.service === null) return [];
  if (!followsPlace(deps.plan, component.service, place))
    return [
      judge('unable', 'recovery.service-not-moved', component.name, {
        service: component.service,
        place: place.label,
      }),
    ];
  const { name } = target.context.service;
  await deps.turns.take(name, async () => {
    await startAndWait(target.context);
    if (leftStopped(record.entries(), place.label).has(name))
      record.append('service.started', { service: name, place: place.label });
  });
  return [];
}

/** Services that this run stopped at a place and did not start again. */
export function leftStopped(entries: readonly EntryV1[], place: string): ReadonlySet<string> {
  const stopped = new Set<string>();
  for (const { type, body } of entries) {
    if (body['place'] !== place) continue;
    if (type === 'service.stopped') stopped.add(String(body['service']));
    if (type === 'service.started') stopped.delete(String(body['service']));
  }
  return stopped;
}

/**
 * Services that this run stopped, and in which it touched nothing after all, run again. In any other a component may be
 * half restored, or no longer fit the others: that is said (`left_stopped` of the record), and nothing is started on
 * it.
 */
export async function startUntouched(
  deps: RecoveryDeps,
  targets: readonly Target[],
  record: RunLog,
): Promise<void> {
  const acts = new Set(['consent.given', 'place.put_aside', 'place.claimed', 'place.restored']);
  const touched = record.entries().flatMap(({ type, body }) => (acts.has(type) ? [body['component']] : []));
  for (const target of targets) {
    const { service } = target.component;
    if (service === null || !leftStopped(record.entries(), target.place.label).has(service)) continue;
    const inside = [...deps.plan.components.values()].filter((c) => c.service === service);
    if (!inside.some((c) => touched.includes(c.name))) await startService(deps, target, record);
  }
}

async function startAndWait({ service, signal, clock }: Context): Promise<void> {
  await service.start(signal);
  const began = clock.monotonic();
  while ((await service.ready(signal)).verdict === 'fail') {
    if (clock.monotonic() - began > patience)
      throw new RepriseError('recovery.not-ready', { service: service.name, seconds: patience / 1000 });
    await clock.sleep(250, signal);
  }
}

/** The service that data is restored into must be the place's own. Throws `place.live`. */
export async function startServer(deps: RecoveryDeps, target: Target, record: RunLog): Promise<void> {
  const { component, place } = target;
  if (component.service !== null && !followsPlace(deps.plan, component.service, place))
    throw new RepriseError('place.live', {
      component: component.name,
      what: component.service,
      place: place.label,
    });
  await startService(deps, target, record);
}

/**
 * Stops the service that uses the data before it is written. No guardian undoes this: what is half restored must not
 * be started. One that is not seen running is told to stop too, as it may hang or still be starting; that is not
 * journaled: nobody owes it a start.
 */
export async function stopService(deps: RecoveryDeps, target: Target, record: RunLog): Promise<void> {
  const { component, place, context } = target;
  const { service, signal } = context;
  if (!isOwn(deps, target)) return;
  await deps.turns.take(service.name, async () => {
    if ((await service.state(signal)) !== 'stopped')
      record.append('service.stopped', {
        service: service.name,
        place: place.label,
        component: component.name,
      });
    await service.stop(signal);
  });
}

/** What the component's own service at this place does now; `stopped` where there is none that may be touched. */
export const serviceState = async (deps: RecoveryDeps, target: Target): Promise<ServiceState> =>
  isOwn(deps, target) ? await target.context.service.state(target.context.signal) : 'stopped';

/** Has the component a service that can be asked, and is it the place's own, not the live one? */
const isOwn = (deps: RecoveryDeps, { component, place, context }: Target): boolean =>
  component.service !== null &&
  context.service.kind !== 'none' &&
  followsPlace(deps.plan, component.service, place);
