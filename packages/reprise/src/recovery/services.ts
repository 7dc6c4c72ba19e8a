import type { Finding } from '@reprise/contracts';

import type { Context } from '../kinds/kind.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { judge } from '../lib/findings/index.ts';
import type { ServiceState } from '../services/service.ts';
import type { RecoveryDeps } from './deps.ts';
import { followsPlace } from './place.ts';
import type { Target } from './target.ts';

/** How long a started service may take until it answers. */
const patience = 120_000;

/**
 * Starts the component's service and waits until it answers. A service that cannot be asked is taken to be there: the
 * checks decide. In another place a service without place variables is the live one: not touched, and said so.
 */
export async function startService(deps: RecoveryDeps, target: Target): Promise<readonly Finding[]> {
  const { component, place } = target;
  if (component.service === null) return [];
  if (!followsPlace(deps.plan, component.service, place))
    return [
      judge('unable', 'recovery.service-not-moved', component.name, {
        service: component.service,
        place: place.label,
      }),
    ];
  await deps.turns.take(target.context.service.name, async () => await startAndWait(target.context));
  return [];
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
export async function startServer(deps: RecoveryDeps, target: Target): Promise<void> {
  const { component, place } = target;
  if (component.service !== null && !followsPlace(deps.plan, component.service, place))
    throw new RepriseError('place.live', {
      component: component.name,
      what: component.service,
      place: place.label,
    });
  await startService(deps, target);
}

/**
 * Stops the service that uses the data before it is written. No guardian undoes this: what is half restored must not
 * be started.
 */
export async function stopService(deps: RecoveryDeps, target: Target): Promise<void> {
  const { service, signal } = target.context;
  await deps.turns.take(service.name, async () => {
    if ((await serviceState(deps, target)) !== 'stopped') await service.stop(signal);
  });
}

/** What the component's own service at this place does now; `stopped` where there is none that may be touched. */
export async function serviceState(
  deps: RecoveryDeps,
  { component, place, context }: Target,
): Promise<ServiceState> {
  const { service, signal } = context;
  if (component.service === null || service.kind === 'none') return 'stopped';
  if (!followsPlace(deps.plan, component.service, place)) return 'stopped';
  return service.state(signal);
}
