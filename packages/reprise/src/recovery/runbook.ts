import type { EntryV1, Finding, Forecast, Point, Runbook } from '@reprise/contracts';

import { RepriseError } from '../lib/errors/index.ts';
import { judge } from '../lib/findings/index.ts';
import { said } from '../lib/language.ts';
import { timetable } from '../lib/timetable.ts';
import { copiesInOrder, onHostClock } from './choose.ts';
import { planChange } from './component.ts';
import type { Consents, RecoveryDeps } from './deps.ts';
import { shortage } from './room.ts';
import { methodOf, type Target } from './target.ts';
import { decideVacancy } from './vacancy.ts';

/** What earlier runs took (0: not known): restores with their size, and whole steps by name. */
export interface History {
  readonly restores: readonly { readonly component: string; readonly bytes: number; readonly ms: number }[];
  readonly steps: readonly { readonly name: string; readonly ms: number }[];
}

/**
 * The entries that predictions are made from. Of the steps only those of `recoveries`, the runs that restored or
 * recovered: a backup has a `check:<name>` of its own, which says nothing about how long a service takes to be back.
 */
export function historyOf(
  restored: Iterable<EntryV1>,
  finished: Iterable<EntryV1>,
  recoveries: ReadonlySet<string>,
): History {
  const restores: History['restores'][number][] = [];
  for (const { body } of restored)
    restores.push({
      component: body['component'] as string,
      bytes: body['bytes'] as number,
      ms: body['ms'] as number,
    });
  const steps: History['steps'][number][] = [];
  for (const { run, step, body } of finished)
    if (run !== null && recoveries.has(run) && step !== null && /^(rebuild|check):/.test(step))
      steps.push({ name: step, ms: body['ms'] as number });
  return { restores, steps };
}

export const median = (values: readonly number[]): number | null => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return low === undefined || high === undefined ? null : Math.round((low + high) / 2);
};

/**
 * How long a restore will take (ms): the median of earlier restores of this component; else its bytes at the median
 * rate of components of the same kind, marked as extrapolated; else null.
 */
export function predictRestore(
  history: History,
  of: { readonly component: string; readonly bytes: number },
  sameKind: ReadonlySet<string>,
): Forecast | null {
  const own = median(
    history.restores.filter((r) => r.component === of.component && r.ms > 0).map((r) => r.ms),
  );
  if (own !== null) return { ms: own, basis: 'measured' };
  const alike = history.restores.filter((r) => sameKind.has(r.component) && r.bytes > 0 && r.ms > 0);
  const nsPerByte = median(alike.map((r) => Math.round((r.ms * 1_000_000) / r.bytes)));
  return nsPerByte === null
    ? null
    : { ms: Math.round((of.bytes * nsPerByte) / 1_000_000), basis: 'extrapolated' };
}

export const predictStep = (history: History, name: string): Forecast | null => {
  const ms = median(history.steps.filter((s) => s.name === name).map((s) => s.ms));
  return ms === null ? null : { ms, basis: 'measured' };
};

/**
 * Until the last of the steps has ended, so many at a time on a host, in their order, as the run itself starts them;
 * null as soon as a step's time is not known.
 */
export function predictWhole(
  steps: readonly {
    readonly name: string;
    readonly after: readonly string[];
    readonly predicted: Forecast | null;
  }[],
  { slots, hostOf }: { readonly slots: number; readonly hostOf: (step: string) => string },
): Forecast | null {
  if (steps.length === 0 || steps.some((s) => s.predicted === null)) return null;
  const tasks = steps.map(({ name, after, predicted }) => ({
    name,
    after,
    host: hostOf(name),
    ms: predicted?.ms ?? 0,
  }));
  const ends = [...timetable(tasks, slots).values()].map((slot) => slot.end);
  const measured = steps.every((s) => s.predicted?.basis === 'measured');
  return { ms: Math.max(...ends), basis: measured ? 'measured' : 'extrapolated' };
}

type Preview = NonNullable<Runbook['steps'][number]['restore']>;

/** What the restore of a component would meet and do now; changes nothing. */
export async function previewRestore(
  deps: RecoveryDeps,
  target: Target,
  point: Point,
  consents: Consents,
  now: Date,
): Promise<{ readonly restore: Preview; readonly findings: readonly Finding[] }> {
  const { component, kind, spec, context } = target;
  const method = methodOf(kind, point);
  const findings: Finding[] = [...planChange(deps, target, point)];
  const stores = Object.entries(deps.plan.plan.repositories).map(([name, { role }]) => ({ name, role }));
  const copies = copiesInOrder(point, stores, new Set());
  const [copy] = copies;
  let scratch: number | null = null;
  if (copy !== undefined) {
    const from = deps.read(deps.repository(copy.repository, null), point, copy.parts);
    const forecast = await attempt(async () => method.forecast(from, spec, context), context.signal);
    if (forecast.ok) {
      scratch = forecast.value.scratch;
      findings.push(...forecast.value.findings);
    } else
      findings.push(
        judge('unable', 'recovery.not-forecast', component.name, {
          component: component.name,
          repository: copy.repository,
          why: forecast.why,
        }),
      );
  }
  const seen = await attempt(async () => kind.isVacant(spec, context), context.signal);
  if (!seen.ok)
    findings.push(
      judge('unable', 'recovery.not-observed', component.name, { component: component.name, why: seen.why }),
    );
  const decision = seen.ok ? decideVacancy(seen.value, new Set(), consents.get(component.name)) : undefined;
  const would = decision?.is ?? 'unknown';
  const short = decision?.is === 'consent' ? await shortage(target, point) : undefined;
  if (short !== undefined)
    findings.push(
      judge('fail', 'recovery.would-not-fit', component.name, { component: component.name, ...short }),
    );
  return {
    restore: {
      point: point.id,
      as_of: point.as_of,
      age_ms: Math.max(0, now.getTime() - onHostClock(point.as_of, 'from')),
      bytes: point.bytes,
      repositories: copies.map((c) => c.repository),
      scratch_bytes: scratch,
      vacant: seen.ok ? seen.value.vacant : null,
      found: seen.ok && seen.value.found !== null ? said(seen.value.found, deps.language) : null,
      would:
        would === 'empty'
          ? 'restore'
          : would === 'consent'
            ? 'put-aside'
            : would === 'refused'
              ? 'refuse'
              : 'unknown',
    },
    findings,
  };
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/** A server that is gone cannot be asked: no reason to show no runbook. */
async function attempt<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await ask() };
  } catch (e) {
    signal.throwIfAborted();
    return { ok: false, why: e instanceof RepriseError ? e.code : 'error' };
  }
}
