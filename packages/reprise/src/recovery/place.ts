import { posix } from 'node:path';

import type { AnyKind, Place } from '../kinds/kind.ts';
import { RepriseError } from '../lib/errors/index.ts';
import type { ResolvedComponent, ResolvedPlan } from '../plan/resolved.ts';
import { placeEnvironment as valuesAt } from '../services/make.ts';

/** A place that also says which ports it moves: a probe of any other port would reach the live system. */
export interface RecoveryPlace extends Place {
  /** Is this port (as the plan gives it) one of the place's own? In situ: all are. */
  owns(port: number): boolean;
}

/** Where the plan says: everything as it is. */
export const inSitu: RecoveryPlace = {
  kind: 'in-situ',
  label: 'in-situ',
  path: (original) => original,
  port: (original) => original,
  owns: () => true,
};

/** The same recipe below `root`: `/srv/db` is `<root>/srv/db`, ports are those of `ports` (the plan's → a free one). */
export function directoryPlace(root: string, ports: ReadonlyMap<number, number>): RecoveryPlace {
  return {
    kind: 'directory',
    label: `directory:${root}`,
    path: (original) => posix.join(root, original),
    port: (original) => {
      const moved = ports.get(original);
      if (moved === undefined)
        throw new TypeError(`port ${original} has no counterpart in directory:${root}`);
      return moved;
    },
    owns: (original) => ports.has(original),
  };
}

/** `in-situ` or `directory:/path` as typed after `--to`. Throws `place.unknown`, `place.unsafe`. */
export function parsePlace(
  text: string,
): { readonly kind: 'in-situ' } | { readonly kind: 'directory'; readonly root: string } {
  if (text === 'in-situ') return { kind: 'in-situ' };
  const root = /^directory:(\/[^\0]*)$/.exec(text)?.[1];
  if (root === undefined) throw new RepriseError('place.unknown', { place: text });
  const clean = posix.resolve(root);
  if (clean === '/') throw new RepriseError('place.unsafe', { place: text });
  return { kind: 'directory', root: clean };
}

/**
 * The ports, as the plan gives them, that components and their services listen on: those that `relocate` asks a place
 * for and those among a service's place variables. Ascending.
 */
export function portsOf(
  plan: ResolvedPlan,
  kinds: ReadonlyMap<string, AnyKind>,
  components: readonly ResolvedComponent[],
): readonly number[] {
  const asked = new Set<number>();
  const survey: Place = {
    kind: 'directory',
    label: 'directory:/',
    path: (original) => original,
    port: (original) => {
      asked.add(original);
      return original;
    },
  };
  for (const c of components) {
    kinds.get(c.kind)?.relocate(c.spec, survey);
    for (const v of Object.values(placeVariables(plan, c.service))) if ('port' in v) asked.add(v.port);
  }
  return [...asked].toSorted((a, b) => a - b);
}

type Variables = Parameters<typeof valuesAt>[0];

/** The variables of a service that follow the place; none where it has none or cannot have any. */
export function placeVariables(plan: ResolvedPlan, service: string | null): Variables {
  const found = service === null ? undefined : plan.plan.services[service];
  return found?.kind === 'command' ? found.place : {};
}

/** Those variables with their values at a place, as environment. */
export const placeEnvironment = (plan: ResolvedPlan, service: string | null, place: Place) =>
  valuesAt(placeVariables(plan, service), place);

/**
 * Can what runs there be told apart from the live system? In another place, commands without any place variable would
 * stop, start or rebuild the live one.
 */
export const followsPlace = (plan: ResolvedPlan, service: string | null, place: Place): boolean =>
  place.kind === 'in-situ' || Object.keys(placeVariables(plan, service)).length > 0;
