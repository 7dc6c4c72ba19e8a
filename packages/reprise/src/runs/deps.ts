import type { Plan, Point, SecretRef } from '@reprise/contracts';

import type { Catalogue } from '../catalogue/project.ts';
import type { Host } from '../hosts/host.ts';
import type { Journal } from '../journal/journal.ts';
import type { AnyKind, Place } from '../kinds/kind.ts';
import type { Clock } from '../lib/clock.ts';
import type { Language, Log } from '../lib/language.ts';
import type { Secret } from '../lib/secret.ts';
import type { ResolvedPlan } from '../plan/resolved.ts';
import type { Repository } from '../repository/repository.ts';
import type { Service } from '../services/service.ts';
import type { Moment } from './engine.ts';

/** What recipes are made from; assembled once in `app.ts`. */
export interface Deps {
  readonly clock: Clock;
  readonly language: Language;
  /** `$REPRISE_HOME`: journal, keys, cache, scratch. */
  readonly home: string;
  readonly plan: ResolvedPlan;
  readonly journal: Journal;
  readonly kinds: ReadonlyMap<string, AnyKind>;
  /** Hosts carry the run's id in the environment of every child. */
  host(name: string, run: string | null): Host;
  /** A service of the plan at a place; `none` for null. */
  service(name: string | null, place: Place, run: string | null): Service;
  repository(name: string, identity: 'writer' | 'maintainer', run: string | null): Repository;
  /** The catalogue now: points of every certified installation, newest first; `pending`: those not committed yet too. */
  points(filter?: { readonly component?: string; readonly pending?: boolean }): readonly Point[];
  /** Copies that a state vouches for, though a part of them was not in the newest listing. */
  lost(): Catalogue['lost'];
  secret(ref: SecretRef, signal: AbortSignal): Promise<Secret>;
  readonly log: Log;
  /** Where the process shall die, for `test/faults` (docs/adr/0006). */
  readonly at?: ((moment: Moment, step: string) => void) | undefined;
}
export type { Plan };
