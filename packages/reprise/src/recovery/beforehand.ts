import type { Finding, Point } from '@reprise/contracts';

import { RepriseError } from '../lib/errors/index.ts';
import { judge } from '../lib/findings/index.ts';
import { saidTogether, type Said } from '../lib/language.ts';
import type { ResolvedPlan } from '../plan/resolved.ts';
import { alreadyRestored } from './component.ts';
import type { Consents, RunLog } from './deps.ts';
import { insistRoom } from './room.ts';
import type { Target } from './target.ts';
import { decideVacancy } from './vacancy.ts';
import { claimsOf } from './vacate.ts';

/** What a component's place is to a run before its first act; `unseen`: a server that is down cannot be asked. */
export interface Ground {
  readonly component: string;
  readonly is: 'free' | 'refused' | 'unseen';
  readonly found: Said | null;
}

/** What this run restored or claimed, or was given consent for, is free to it. Changes nothing. Throws `place.no-room`. */
export async function groundOf(
  target: Target,
  point: Point,
  record: Pick<RunLog, 'entries' | 'others'>,
  consents: Consents,
): Promise<Ground> {
  const component = target.component.name;
  if (alreadyRestored(target, point, record) !== undefined) return { component, is: 'free', found: null };
  const observed = await lookAt(target);
  if (observed === undefined) return { component, is: 'unseen', found: null };
  const decision = decideVacancy(observed, claimsOf(target, record), consents.get(component));
  await insistRoom(target, point, decision);
  return decision.is === 'refused'
    ? { component, is: 'refused', found: decision.found }
    : { component, is: 'free', found: null };
}

/** undefined: it cannot be seen now. */
export async function lookAt({ kind, spec, context }: Target) {
  try {
    return await kind.isVacant(spec, context);
  } catch {
    context.signal.throwIfAborted();
    return undefined;
  }
}

/**
 * All or nothing: a service that is stopped for one component, or a member of a group that goes back in time alone, is
 * worse than what was there. Throws `recovery.refused` with the commands that would do part of it or all of it.
 */
export function insistFree(
  plan: ResolvedPlan,
  grounds: readonly Ground[],
  commands: { one(component: string): string; all(replace: readonly string[]): string },
): void {
  const refused = grounds.filter((g) => g.is === 'refused');
  if (refused.length === 0) return;
  const names = refused.map((g) => g.component);
  const gone = grounds.filter((g) => g.is === 'free').map((g) => g.component);
  const split = new Set(
    gone.flatMap((c) => {
      const group = plan.components.get(c)?.group ?? null;
      return group !== null && names.some((n) => plan.components.get(n)?.group === group) ? [group] : [];
    }),
  );
  throw new RepriseError('recovery.refused', {
    refused: saidTogether(refused.map(besideName), ', '),
    components: names,
    found: refused.map((g) => g.found ?? '?'),
    gone: gone.join(', '),
    each: gone.map((c) => commands.one(c)).join(' · '),
    groups: [...split].join(', '),
    all: commands.all(names),
  });
}

const besideName = ({ component, found }: Ground): Said =>
  saidTogether([component, ' (', found ?? '?', ')'], '');

/**
 * Members of a group that are brought back in place while others of it are there and stay as they are: whether rows
 * still fit the files they refer to is not judged.
 */
export function apartFromGroup(
  plan: ResolvedPlan,
  restored: readonly string[],
  staying: readonly string[],
): readonly Finding[] {
  const groupOf = (name: string): string | null => plan.components.get(name)?.group ?? null;
  return [...Map.groupBy(staying, groupOf)].flatMap(([group, live]) => {
    const back = restored.filter((name) => groupOf(name) === group);
    if (group === null || back.length === 0) return [];
    return [
      judge('unable', 'recovery.group-apart', group, {
        group,
        restored: back.join(', '),
        live: live.join(', '),
      }),
    ];
  });
}
