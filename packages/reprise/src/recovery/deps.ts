import type { BodyInput, EntryType, EntryV1, PartRecord, Point } from '@reprise/contracts';

import type { AnyKind, Context, Place, Restorable } from '../kinds/kind.ts';
import type { Clock } from '../lib/clock.ts';
import type { Language, Log } from '../lib/language.ts';
import type { ResolvedComponent, ResolvedPlan } from '../plan/resolved.ts';
import type { Repository } from '../repository/repository.ts';
import type { Turns } from './turns.ts';
import type { Consent } from './vacancy.ts';

/** What a recovery is made from; `runs/` passes it. */
export interface RecoveryDeps {
  readonly clock: Clock;
  /** The reader's, for what is said in words and not by a code. */
  readonly language: Language;
  readonly plan: ResolvedPlan;
  /** `$REPRISE_HOME`: nothing is restored around or into it. */
  readonly home: string;
  readonly kinds: ReadonlyMap<string, AnyKind>;
  /** One for a run: services are started one at a time. */
  readonly turns: Turns;
  repository(name: string, run: string | null): Repository;
  context(
    component: ResolvedComponent,
    place: Place,
    run: string | null,
    signal: AbortSignal,
  ): Promise<Context>;
  /** A point as it lies in one repository. */
  read(repository: Repository, point: Point, parts: readonly PartRecord[]): Restorable;
  readonly log: Log;
}

/** The part of a run that a recovery sees: its own entries, and where to add some. */
export interface RunLog {
  readonly run: string;
  readonly signal: AbortSignal;
  append<T extends EntryType>(type: T, body: BodyInput<T>): EntryV1;
  entries(): readonly EntryV1[];
  /** Where other runs claimed a place or restored into it since this one began. */
  others(): readonly EntryV1[];
}

/** Components that may be put aside, by exact name, and how that was said. */
export type Consents = ReadonlyMap<string, Consent>;
