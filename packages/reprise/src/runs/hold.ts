import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { startGuardian, type Guardian, type Undo } from '../hosts/guardian.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { inSitu } from '../recovery/place.ts';
import type { Service, ServiceState } from '../services/service.ts';
import type { Deps } from './deps.ts';
import type { StepContext } from './step.ts';

/** How long a group was at rest, milliseconds. */
export interface Hold {
  readonly how: 'pause' | 'stop';
  readonly ms: number;
}
interface HeldService {
  readonly service: Service;
  readonly before: ServiceState;
  readonly undo: Undo;
}

/**
 * Does `work` while the services of the group's hold are at rest. The undo is journaled and its guardian ready before
 * anything is stopped; what was stopped before stays stopped. Throws `capture.not-at-rest`, and `capture.released` when
 * the guardian let go in between: what was captured is then not believed.
 */
export async function held<T>(
  deps: Deps,
  group: string,
  work: () => Promise<T>,
  at: StepContext,
): Promise<{ readonly result: T; readonly hold: Hold | null }> {
  const order = deps.plan.groups.get(group)?.hold;
  if (order === undefined || order.how === 'none') return { result: await work(), hold: null };
  const { how, max } = order;
  const services = await servicesToHold(deps, order.services, how, at);
  if (services.length === 0) return { result: await work(), hold: null };

  const resultFile = register(deps, group, services, how, max, at);
  const began = deps.clock.monotonic();
  const elapsed = (): number => deps.clock.monotonic() - began;
  const undos = services.map((s) => s.undo).toReversed(); // last stopped, first started
  await using guardian = await startGuardian(
    { name: 'local', run: at.run, clock: deps.clock },
    { undos, maxMs: max, resultFile },
    at.signal,
  );
  await bringToRest(services, how, { group, max }, at);
  const result = await work();
  if (!(await guardian.stillHeld())) throw new RepriseError('capture.released', { group });
  await letGo(services, how, at);
  const ms = elapsed();
  await done(guardian, group, services, ms, at);
  return { result, hold: { how, ms } };
}

/** Only what is running: the earlier state is what comes back. */
async function servicesToHold(
  deps: Deps,
  names: readonly string[],
  how: 'pause' | 'stop',
  at: StepContext,
): Promise<HeldService[]> {
  const services: HeldService[] = [];
  for (const name of names) {
    const service = deps.service(name, inSitu, at.run);
    const before = await service.state(at.signal);
    // It may be running: what is captured beside it would be called at rest, and is not.
    if (before === 'unknown' && service.kind !== 'none')
      throw new RepriseError('service.state-unknown', { service: name });
    const undo = await service.undo(before, how, at.signal);
    if (undo !== undefined) services.push({ service, before, undo });
  }
  return services;
}

function register(
  deps: Deps,
  group: string,
  services: readonly HeldService[],
  how: 'pause' | 'stop',
  max: number,
  at: StepContext,
): string {
  const folder = join(deps.home, 'guardians');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const result = join(folder, `${at.run}-${group}-${at.attempt}.json`);
  at.append('undo.registered', {
    group,
    services: services.map((s) => ({ service: s.service.name, before: s.before, how })),
    max_ms: max,
    result,
  });
  return result;
}

/** What takes longer than the hold may last is let go: by then the guardian has begun to undo it. */
async function bringToRest(
  services: readonly HeldService[],
  how: 'pause' | 'stop',
  { group, max }: { readonly group: string; readonly max: number },
  at: StepContext,
): Promise<void> {
  const over = AbortSignal.timeout(max);
  for (const { service } of services)
    try {
      await service[how](AbortSignal.any([at.signal, over]));
    } catch (e) {
      at.signal.throwIfAborted();
      if (!over.aborted) throw e;
      const seconds = Math.round(max / 1000);
      throw new RepriseError('capture.not-at-rest', { group, service: service.name, seconds }, { cause: e });
    }
}

/** In the reverse order, so that what others need is back last stopped, first started. */
async function letGo(
  services: readonly HeldService[],
  how: 'pause' | 'stop',
  at: StepContext,
): Promise<void> {
  for (const { service } of services.toReversed())
    await (how === 'pause' ? service.resume(at.signal) : service.start(at.signal));
}

async function done(
  guardian: Guardian,
  group: string,
  services: readonly HeldService[],
  held_ms: number,
  at: StepContext,
): Promise<void> {
  const result = await guardian.release();
  const names = services.map((s) => s.service.name);
  at.append('undo.performed', {
    services: names,
    by: result?.undone === true ? 'guardian' : 'reprise',
    ok: true,
    held_ms,
  });
  // It let go by itself while the services were being started: whether before the last byte cannot be told.
  if (result?.undone === true) throw new RepriseError('capture.released', { group });
}
