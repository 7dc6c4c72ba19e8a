import type { Finding, Point } from '@reprise/contracts';

import { RepriseError } from '../lib/errors/index.ts';
import { captureUnit, type CapturedUnit } from './capture-unit.ts';
import { recordUnit } from './check-unit.ts';
import type { Deps } from './deps.ts';
import type { OpenRepository } from './repositories.ts';
import { look, storeState } from './states.ts';
import type { Recipe, Step, StepContext } from './step.ts';
import { unitsOf, type Unit } from './units.ts';

export interface BackupArgs {
  /** Components and groups; empty: everything that has a protection. */
  readonly names: readonly string[];
  readonly protection: string | null;
}

/**
 * For each unit: captured into its first repository, checked there, and only then recorded; a state of that repository
 * then commits it; then the copies, each with a state of its own.
 *
 *     look:<r> → capture:<u> → check:<u> → state:<r> → copy:<r2> → state:<r2>
 */
export function backup(deps: Deps, args: BackupArgs, opened: OpenRepository): Recipe {
  const units = unitsOf(deps.plan, args.names, args.protection);
  const primaries = unique(units.map(first));
  const copies = unique(units.flatMap((u) => u.repositories.slice(1)));

  const looks = unique([...primaries, ...copies]).map((r): Step => ({
    name: `look:${r}`,
    after: [],
    perform: async (at) => await look(deps, opened(r, at), at),
  }));
  const captures = units.map((u): Step => ({
    name: `capture:${u.name}`,
    after: [`look:${first(u)}`],
    host: deps.plan.components.get(u.components[0] ?? '')?.host ?? 'local',
    perform: async (at) => await captureUnit(deps, u, opened(first(u), at), at),
  }));
  const checks = units.map((u): Step => ({
    name: `check:${u.name}`,
    after: [`capture:${u.name}`],
    perform: async (at) =>
      await recordUnit(deps, u, at.output<CapturedUnit>(`capture:${u.name}`), opened(first(u), at), at),
  }));
  const states = primaries.map((r): Step => ({
    name: `state:${r}`,
    after: [`look:${r}`],
    settled: units.filter((u) => first(u) === r).map((u) => `check:${u.name}`),
    perform: async (at) => await storeState(deps, opened(r, at), at),
  }));
  const copied = copies
    .filter((r) => !primaries.includes(r))
    .flatMap((r): Step[] => {
      const sources = units.filter((u) => u.repositories.slice(1).includes(r));
      return [
        {
          name: `copy:${r}`,
          after: [`look:${r}`],
          settled: unique(sources.map((u) => `state:${first(u)}`)),
          perform: async (at) => await copyPoints(deps, sources, opened, r, at),
        },
        {
          name: `state-copy:${r}`,
          after: [`copy:${r}`],
          perform: async (at) => await storeState(deps, opened(r, at), at),
        },
      ];
    });
  return {
    name: 'backup',
    args: { names: [...args.names].toSorted(), protection: args.protection },
    steps: [...looks, ...captures, ...checks, ...states, ...copied],
  };
}

const first = (u: Unit): string => u.repositories[0] ?? '';
const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];

/** Points of this run, as the journal has them: those whose check passed. */
export const pointsOf = (deps: Deps, run: string, components: readonly string[]): readonly Point[] =>
  deps.points({ pending: true }).filter((p) => p.run === run && components.includes(p.component));

const isIn = (p: Point, repository: string): boolean =>
  p.copies.some((c) => c.repository === repository && c.committed === true);

/**
 * Points that an earlier run could not copy, because `into` was out of reach: those newer than the newest one there. A
 * copy that is new gets what is captured from now on.
 */
function missed(
  deps: Deps,
  run: string,
  components: readonly string[],
  source: string,
  into: string,
): readonly Point[] {
  return components.flatMap((component) => {
    const points = deps.points({ component }).filter((p) => !p.fork && !p.future);
    const newest = points.findIndex((p) => isIn(p, into));
    return points
      .slice(0, Math.max(0, newest))
      .filter((p) => p.run !== run && p.verdict !== 'fail' && isIn(p, source));
  });
}

async function copyPoints(
  deps: Deps,
  units: readonly Unit[],
  opened: OpenRepository,
  into: string,
  at: StepContext,
): Promise<{ copied: string[]; findings: Finding[] }> {
  const target = opened(into, at);
  const copied: string[] = [];
  for (const source of unique(units.map((u) => u.repositories[0] ?? ''))) {
    const components = units.filter((u) => u.repositories[0] === source).flatMap((u) => u.components);
    const points = [
      ...pointsOf(deps, at.run, components),
      ...missed(deps, at.run, components, source, into),
    ].filter((p) => !p.copies.some((c) => c.repository === into));
    const parts = points.map((p) => ({
      point: p,
      parts: p.copies.find((c) => c.repository === source)?.parts ?? [],
    }));
    const ids = parts.flatMap((p) => p.parts.map((part) => part.snapshot));
    if (ids.length === 0) continue;
    const map = await target.copy(opened(source, at), ids, at.signal);
    for (const { point, parts: from } of parts) {
      const to = from.map((part) => {
        const snapshot = map.get(part.snapshot);
        if (snapshot === undefined)
          throw new RepriseError('capture.not-copied', { point: point.id, repository: into });
        return { ...part, snapshot };
      });
      at.append('point.copied', { point: point.id, repository: into, parts: to });
      copied.push(point.id);
    }
  }
  return { copied, findings: [] };
}
