import type { Finding } from '@reprise/contracts';

import { recoveryCommand } from '../lib/command-line.ts';
import { isError } from '../lib/errors/index.ts';
import { apartFromGroup, groundOf, insistFree, lookAt, type Ground } from '../recovery/beforehand.ts';
import type { RunLog } from '../recovery/deps.ts';
import { insistDistinct } from '../recovery/overlap.ts';
import { inSitu } from '../recovery/place.ts';
import { targetOf, type Target } from '../recovery/target.ts';
import type { Deps } from './deps.ts';
import { placeOf, type PlaceOutput } from './placing.ts';
import { chosenPoint, consentsOf, recoveryDeps, type Choices, type CommonArgs } from './recovering.ts';

type Looking = Pick<RunLog, 'signal' | 'entries' | 'others'> & { readonly run: string | null };

/**
 * Vacancy and consent of everything that a recovery would bring back, before its first act. Throws `recovery.refused`
 * when one place would be refused: then nothing is stopped, put aside or restored.
 */
export async function judgeGround(
  deps: Deps,
  args: CommonArgs,
  names: readonly string[],
  {
    chosen,
    placed,
    at,
  }: {
    readonly chosen: Choices;
    readonly placed: PlaceOutput;
    readonly at: Looking & { readonly again?: boolean };
  },
): Promise<void> {
  const tools = recoveryDeps(deps);
  const consents = consentsOf(args);
  await judgeOverlap(deps, args, names, placed, at);
  const grounds = await Promise.all(
    names.map(async (name): Promise<Ground | undefined> => {
      const point = pointOf(deps, name, chosen);
      if (point === null) return undefined;
      const target = await targetOf(tools, name, placeOf(placed), at.run, at.signal);
      return await groundOf(target, point, at, consents);
    }),
  );
  insistFree(
    deps.plan,
    grounds.filter((g) => g !== undefined),
    commandsOf(args),
  );
}

/**
 * Before the first act; nothing of it is asked again of a run that goes on, but whether what it restores itself is
 * distinct: what it has restored lies there by now. Throws `recovery.overlap`.
 */
export async function judgeOverlap(
  deps: Deps,
  args: CommonArgs,
  names: readonly string[],
  placed: PlaceOutput,
  { run, signal, again = false }: Pick<Looking, 'run' | 'signal'> & { readonly again?: boolean },
): Promise<void> {
  const tools = recoveryDeps(deps);
  const targets = async (of: readonly string[]): Promise<readonly Target[]> => {
    const found: Target[] = [];
    for (const name of of)
      try {
        found.push(await targetOf(tools, name, placeOf(placed), run, signal));
      } catch (e) {
        // What this version cannot reach is left alone: it restores nothing there either.
        if (!isError(e, 'service.unsupported') && !isError(e, 'host.unsupported')) throw e;
      }
    return found;
  };
  const held = [...deps.plan.components.values()].filter(
    (c) => deps.kinds.get(c.kind)?.extents !== undefined && c.protections.length > 0,
  );
  const all = held.map((c) => c.name);
  const others = again ? [] : all.filter((name) => !names.includes(name));
  const restored = await targets(all.filter((name) => names.includes(name)));
  await insistDistinct(restored, await targets(others), consentsOf(args));
}

/** What would bring back one component, or all with what is there put aside. */
export const commandsOf = (args: CommonArgs) => ({
  one: (component: string): string => {
    const { place, until, lost_at } = args;
    return recoveryCommand('restore', { component, place, until, lost_at });
  },
  all: (replace: readonly string[]): string => recoveryCommand('recover', { ...args }, replace),
});

/** None: its restore says why, and keeps no other from being brought back. */
function pointOf(deps: Deps, name: string, chosen: Choices) {
  try {
    return chosenPoint(deps, name, chosen, null);
  } catch {
    return null;
  }
}

/** What of the groups of these components stays in place as it is while they go back to their points. */
export async function groupsLeftApart(
  deps: Deps,
  names: readonly string[],
  placed: PlaceOutput,
  at: Pick<Looking, 'run' | 'signal'>,
): Promise<readonly Finding[]> {
  if (placed.place !== inSitu.label) return [];
  const groups = new Set(names.flatMap((n) => deps.plan.components.get(n)?.group ?? []));
  const others = [...deps.plan.components.values()].filter(
    (c) => c.group !== null && groups.has(c.group) && !names.includes(c.name),
  );
  const tools = recoveryDeps(deps);
  const staying: string[] = [];
  for (const { name } of others) {
    const seen = await lookAt(await targetOf(tools, name, placeOf(placed), at.run, at.signal));
    if (seen?.vacant !== true) staying.push(name);
  }
  return apartFromGroup(deps.plan, names, staying);
}
