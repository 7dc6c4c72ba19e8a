import type { PlanService, SecretRef } from '@reprise/contracts';

import type { Host } from '../hosts/host.ts';
import type { Clock } from '../lib/clock.ts';
import { RepriseError } from '../lib/errors/index.ts';
import type { Secret } from '../lib/secret.ts';
import { commandService } from './command.ts';
import { noService } from './none.ts';
import type { Service } from './service.ts';

/** The part of a place (kinds/kind.ts) that services need: where a path or port of the plan is there. */
export interface ServicePlace {
  path(original: string): string;
  port(original: number): number;
}
export interface ServiceDeps {
  readonly name: string;
  /** null: the plan names none. */
  readonly plan: PlanService | null;
  readonly place: ServicePlace;
  readonly host: Host;
  readonly clock: Clock;
  secret(ref: SecretRef, signal: AbortSignal): Promise<Secret>;
}

/** A service of the plan at a place. Throws `service.unsupported` for kinds that this version cannot act on. */
export function makeService(deps: ServiceDeps): Service {
  const { name, plan, place, host } = deps;
  switch (plan?.kind) {
    case 'command':
      return commandService({ ...deps, plan, variables: placeEnvironment(plan.place, place) });
    case 'compose':
    case 'systemd':
      throw new RepriseError('service.unsupported', { service: name, kind: plan.kind });
    default:
      return noService(name, host);
  }
}

type Variables = Extract<PlanService, { kind: 'command' }>['place'];

/** Place variables with their values there: paths below its root, its own ports. */
export const placeEnvironment = (
  variables: Variables,
  place: ServicePlace,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(variables).map(([name, v]) => [
      name,
      'path' in v ? place.path(v.path) : String(place.port(v.port)),
    ]),
  );
