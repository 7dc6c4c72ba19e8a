import { statSync } from 'node:fs';
import { dirname } from 'node:path';

import type { Point } from '@reprise/contracts';

import type { PlanHistory } from '../plan/history.ts';
import { predictRestore } from '../recovery/runbook.ts';
import { isLocal } from '../repository/url.ts';
import type { Deps } from './deps.ts';
import { measuredBefore } from './measured-before.ts';

/** How many of the newest captures count for "how long does it take". */
const recent = 5;

/** What this installation has measured, for `plan check` and `plan explain`. */
export function planHistory(deps: Deps): PlanHistory {
  const points = Map.groupBy(deps.points(), (p) => p.component);
  const of = (component: string): readonly Point[] => points.get(component) ?? [];
  const history = measuredBefore(deps);
  return {
    captureMs: (component) => {
      const times = of(component)
        .slice(0, recent)
        .map((p) => p.capture_ms);
      return times.length === 0 ? null : Math.max(...times);
    },
    restoreMs: (component) => {
      const bytes = of(component)[0]?.bytes ?? null;
      if (bytes === null) return null;
      const kind = deps.plan.components.get(component)?.kind;
      const same = [...deps.plan.components.values()].filter((c) => c.kind === kind).map((c) => c.name);
      const predicted = predictRestore(history, { component, bytes }, new Set(same));
      return predicted === null ? null : { ms: predicted.ms, measured: predicted.basis === 'measured' };
    },
    bytes: (component) => of(component)[0]?.bytes ?? null,
    lastDrill: (component) => {
      const drilled = of(component).flatMap((p) => p.drilled_at ?? []);
      const last = drilled.toSorted().at(-1);
      return last === undefined ? null : new Date(last);
    },
    sharesDisk: (repository, component) => sharesDisk(deps, repository, component),
  };
}

function sharesDisk({ plan }: Deps, repository: string, component: string): boolean | null {
  const url = plan.plan.repositories[repository]?.url;
  const path = plan.components.get(component)?.spec['path'];
  if (url === undefined || typeof path !== 'string') return null;
  if (!isLocal(url)) return false;
  const [there, here] = [deviceOf(url.replace(/^local:/, '')), deviceOf(path)];
  return there === null || here === null ? null : there === here;
}

/** Of the path or the nearest folder above it that exists. */
function deviceOf(path: string): number | null {
  for (let at = path; at !== dirname(at); at = dirname(at)) {
    const found = statSync(at, { throwIfNoEntry: false });
    if (found !== undefined) return found.dev;
  }
  return null;
}
