import type { AsOf, Body, Finding, Inventory, Objectives, Point } from '@reprise/contracts';

import { RepriseError } from '../lib/errors/index.ts';
import { judge, wordsOf } from '../lib/findings/index.ts';
import { inBoth } from '../lib/i18n/index.ts';
import type { ResolvedComponent } from '../plan/resolved.ts';
import { runChecks } from './checks/index.ts';
import type { Consents, RecoveryDeps, RunLog } from './deps.ts';
import { layGround } from './ground.ts';
import { measuredRpo, measuredRto, rpoActual, type Stopwatch } from './measure.ts';
import { insistRoom } from './room.ts';
import { startServer, startService, stopService } from './services.ts';
import type { Sources } from './sources.ts';
import { confirmed, differenceOf, standingOf, type Witness } from './standing.ts';
import { methodOf, type Target } from './target.ts';
import { absent } from './vacancy.ts';
import { claimsOf, look, vacate } from './vacate.ts';

/** What a component's restore leaves for the steps after it; integers and text only. */
export interface Restored {
  readonly point: string | null;
  readonly as_of: AsOf | null;
  readonly repository: string | null;
  readonly bytes: number;
  /** 0: not known. */
  readonly ms: number;
  readonly findings: Finding[];
}

/**
 * A component's data, back in its place and compared with what was recorded at capture, before anything that can write
 * is started on it. A server must answer before it can be restored into; a program must not run on files that are being
 * replaced: it is stopped once a copy of the point was opened, so that a repository out of reach stops nothing.
 * Journals consent, claim and `place.restored`.
 * Throws `place.occupied`, `place.unproven`, `recovery.no-copy`, `restore.differs`, and what the kind throws.
 */
export async function restoreData(
  deps: RecoveryDeps,
  target: Target,
  point: Point,
  record: RunLog,
  means: { readonly consents: Consents; readonly sources: Sources; readonly witness: Witness },
): Promise<Restored> {
  const method = methodOf(target.kind, point);
  const recorded = alreadyRestored(target, point, record);
  if (recorded !== undefined && method.traits.restoresInto === 'running')
    await startServer(deps, target, record);
  const earlier =
    recorded === undefined
      ? await alreadyThere(target, point, record, means.consents)
      : await stillStanding(target, point, recorded, record, means);
  if (earlier !== undefined) return earlier;

  if (method.traits.restoresInto === 'running') await startServer(deps, target, record);
  // A restore that will be refused stops nothing, and puts nothing aside.
  else await insistRoom(target, point, await look(target, record, means.consents));
  const { result, repository, others } = await means.sources.read(
    point,
    record.run,
    record.signal,
    async (from) => {
      if (method.traits.restoresInto === 'stopped') await stopService(deps, target, record);
      const into = await vacate(target, record, means.consents);
      await layGround(deps, target, { user: undefined });
      const began = deps.clock.monotonic();
      await method.restore(from, into, target.context);
      return Math.max(1, deps.clock.monotonic() - began);
    },
  );
  const compared = await compare(target, point);
  const { name } = target.component;
  const from = judge('pass', 'recovery.read-from', name, { point: point.id, repository, others });
  const found = [from, ...planChange(deps, target, point), ...compared];
  const restored = recordRestored(target, point, record, found, result);
  refuseDifferent(name, point.id, compared);
  return restored;
}

/** A point of an earlier plan is restored by today's: said beforehand and in the record. */
export const planChange = (
  { plan }: Pick<RecoveryDeps, 'plan'>,
  { component }: Target,
  point: Point,
): readonly Finding[] =>
  point.plan === plan.hash
    ? []
    : [judge('pass', 'recovery.plan-changed', component.name, { point: point.id })];

function recordRestored(
  { component, place }: Target,
  point: Point,
  record: RunLog,
  findings: Finding[],
  ms: number,
): Restored {
  const body = {
    component: component.name,
    place: place.label,
    point: point.id,
    findings,
    bytes: point.bytes,
    ms,
  };
  record.append('place.restored', body);
  return asRestored(body, point);
}

const asRestored = ({ bytes, ms, findings }: Body<'place.restored'>, point: Point): Restored => {
  const read = findings.find((f) => f.code === 'recovery.read-from')?.params['repository'];
  const repository = typeof read === 'string' ? read : null;
  return { point: point.id, as_of: point.as_of, repository, bytes, ms, findings };
};

/** Killed between the end of the restore and the end of its step: the data is there and was found good. */
export function alreadyRestored(
  { component, place }: Target,
  point: Point,
  record: Pick<RunLog, 'entries'>,
): Restored | undefined {
  const done = record
    .entries()
    .filter((e) => e.type === 'place.restored')
    .map((e) => e.body as Body<'place.restored'>)
    .findLast((b) => b.component === component.name && b.place === place.label && b.point === point.id);
  if (done === undefined || done.findings.some((f) => f.verdict === 'fail')) return undefined;
  return asRestored(done, point);
}

/**
 * What this run restored there, if it is proven to be that. What was in service since is left alone, and said not to be
 * proven. What is neither may be put aside with consent, or taken as it is by a person's word; it is never this run's own
 * half-restored work. What a comparison found then is not said again of what lies there now. Throws `place.unproven`.
 */
async function stillStanding(
  target: Target,
  point: Point,
  recorded: Restored,
  record: RunLog,
  { consents, witness }: { readonly consents: Consents; readonly witness: Witness },
): Promise<Restored | undefined> {
  const standing = await standingOf(target, point.inventory, record);
  if (standing.is === 'gone') return undefined;
  if (standing.is === 'same') return recorded;
  const { differs } = standing;
  const { name } = target.component;
  const from = recorded.findings.filter((f) => f.code === 'recovery.read-from');
  if (standing.is === 'used') {
    const used = judge('unable', 'recovery.used-since', name, { point: point.id, place: target.place.label });
    const difference = differs === undefined ? [] : [{ ...differs, verdict: 'unable' as const }];
    return { ...recorded, findings: [...from, used, ...difference] };
  }
  if (consents.has(name)) return undefined;
  const finding = await confirmed(target, point, differenceOf(differs), witness);
  return { ...recorded, findings: [...from, finding] };
}

/** Does a component that this run had brought back still pass its checks? Without checks: is its data there? */
export async function stillInService(
  deps: RecoveryDeps,
  target: Target,
  inventory: Inventory | null,
): Promise<boolean> {
  if (target.component.common.checks.length === 0) return true; // its restore was asked
  const watch: Stopwatch = { elapsed: () => 0 };
  return (await runChecks(deps, target, { inventory }, watch)).passedAt !== null;
}

/**
 * Killed after a restore that appears whole by one rename, before it was recorded: this run claimed the place while
 * nothing was there, and what is there now is the point, whole. How long it took is not known: 0.
 */
async function alreadyThere(
  target: Target,
  point: Point,
  record: RunLog,
  consents: Consents,
): Promise<Restored | undefined> {
  const { component, place } = target;
  if (!claimsOf(target, record).has(absent)) return undefined;
  const decision = await look(target, record, consents);
  if (decision.is !== 'owned' || decision.clear === 'wipe') return undefined;
  const compared = await compare(target, point);
  if (compared.some((f) => f.verdict !== 'pass')) return undefined;
  const found = judge('pass', 'recovery.found-whole', component.name, {
    point: point.id,
    place: place.label,
  });
  return recordRestored(target, point, record, [found, ...compared], 0);
}

async function compare(
  { component, kind, spec, context }: Target,
  point: Point,
): Promise<readonly Finding[]> {
  const findings = await kind.verify(spec, context, point.inventory);
  if (findings.length > 0) return findings;
  return [judge('unable', 'recovery.not-compared', component.name, { component: component.name })];
}

function refuseDifferent(component: string, point: string, findings: readonly Finding[]): void {
  const first = findings.find((f) => f.verdict === 'fail');
  if (first !== undefined)
    throw new RepriseError('restore.differs', {
      component,
      point,
      first: inBoth((_, language) => wordsOf(first, language).message),
    });
}

/**
 * A component whose data is back, in service: started, checked, measured against its objectives. Journals
 * `component.recovered`, also when a check fails; then throws `recovery.check-failed`, so that nothing is built on it.
 * Gives what is new: the findings of the restore are that step's own.
 */
export async function bringBack(
  deps: RecoveryDeps,
  target: Target,
  restored: Restored & { readonly inventory: Inventory | null },
  record: RunLog,
  request: { readonly lostAt: Date | null; readonly requestedAt: Date; readonly watch: Stopwatch },
): Promise<{ readonly findings: Finding[] } & Pick<Body<'component.recovered'>, 'rpo' | 'rto'>> {
  const { component, place } = target;
  const started = await startService(deps, target, record);
  const checked = await runChecks(deps, target, restored, request.watch);
  const found = [...started, ...checked.findings];
  const findings = [...restored.findings, ...found];

  const objectives = objectivesOf(component);
  const rpo = measuredRpo(objectives, rpoActual(restored.as_of, request.lostAt, request.requestedAt));
  // Checks that pass on data alone say nothing of a service that was not started.
  const inService = started.every((f) => f.verdict === 'pass');
  const rto = measuredRto(objectives, inService ? checked.passedAt : null);
  const body = { component: component.name, point: restored.point, place: place.label, findings, rpo, rto };
  record.append('component.recovered', body);
  const first = checked.findings.find((f) => f.verdict === 'fail');
  if (first !== undefined)
    throw new RepriseError('recovery.check-failed', {
      component: component.name,
      first: inBoth((_, language) => wordsOf(first, language).message),
    });
  return { findings: [...found, ...objectiveFindings(component.name, objectives, rpo, rto)], rpo, rto };
}

/** What has no data cannot lose any: no RPO is asked of it. */
function objectivesOf({ protections, objectives }: ResolvedComponent): Objectives {
  const { rpo, ...others } = objectives;
  return protections.length === 0 || rpo === undefined ? others : objectives;
}

/** A missed objective is a fail of the run, one that could not be measured is `unable`; none asked for: none judged. */
export function objectiveFindings(
  subject: string,
  asked: Objectives,
  rpo: Body<'component.recovered'>['rpo'],
  rto: Body<'component.recovered'>['rto'],
): readonly Finding[] {
  const one = (which: 'RPO' | 'RTO', objective: number | undefined, m: typeof rpo): readonly Finding[] => {
    if (objective === undefined) return [];
    const verdict = m.verdict === 'unknown' ? 'unable' : m.verdict === 'missed' ? 'fail' : 'pass';
    const params = { which, objective_ms: objective, actual_ms: m.actual_ms, met: m.verdict };
    return [judge(verdict, 'recovery.objective', subject, params)];
  };
  return [...one('RPO', asked.rpo, rpo), ...one('RTO', asked.rto, rto)];
}
