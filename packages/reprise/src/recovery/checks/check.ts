import type { Inventory, PlanCheck } from '@reprise/contracts';

import type { RecoveryPlace } from '../place.ts';
import type { Target } from '../target.ts';

/** One try of one check. `problem`: a code of `lib/findings/recovery.ts`. */
export interface Answer {
  readonly verdict: 'pass' | 'fail' | 'unable';
  readonly got: string | null;
  readonly problem: string | null;
}
export const passed = (got: string | null): Answer => ({ verdict: 'pass', got, problem: null });
export const failed = (problem: string, got: string | null = null): Answer => ({
  verdict: 'fail',
  got,
  problem,
});
export const unable = (problem: string, got: string | null = null): Answer => ({
  verdict: 'unable',
  got,
  problem,
});

/** What a probe works with. */
export interface Probing {
  readonly target: Target;
  readonly place: RecoveryPlace;
  /** Recorded at capture; null where nothing was restored. */
  readonly inventory: Inventory | null;
  /** Place variables, for commands; null where commands would reach the live system. */
  readonly variables: Readonly<Record<string, string>> | null;
  readonly signal: AbortSignal;
}

export type CheckOf<K extends PlanCheck['kind']> = Extract<PlanCheck, { kind: K }>;
/** A kind of check: what it probes and expects, in words without secrets, and one try. */
export interface CheckKind<K extends PlanCheck['kind']> {
  subject(check: CheckOf<K>, at: Probing): string;
  expected(check: CheckOf<K>, at: Probing): string | null;
  probe(check: CheckOf<K>, at: Probing): Promise<Answer>;
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]', '::1', '0.0.0.0']);
/** Does this address lie in the place of the recovery? In another place only its own loopback ports do. */
export const isHere = (place: RecoveryPlace, host: string, port: number): boolean =>
  place.kind === 'in-situ' || (loopback.has(host) && place.owns(port));

/**
 * `ECONNREFUSED`, `CERT_HAS_EXPIRED`, also where it is a cause. Never a message, which may quote an address with what is
 * secret in it; the name of a class says nothing to anybody.
 */
export function codeIn(e: unknown): string | null {
  for (let at = e; at instanceof Error; at = at.cause)
    if ('code' in at && typeof at.code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(at.code)) return at.code;
  return null;
}
