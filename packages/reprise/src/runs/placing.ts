import { insistApart } from '../recovery/apart.ts';
import { directoryPlace, inSitu, parsePlace, portsOf, type RecoveryPlace } from '../recovery/place.ts';
import { freePorts } from '../recovery/ports.ts';
import type { Deps } from './deps.ts';
import type { CommonArgs } from './recovering.ts';
import type { Step } from './step.ts';

/** What the step `place` leaves: which free port stands for which of the plan. */
export interface PlaceOutput {
  readonly place: string;
  readonly ports: Readonly<Record<string, number>>;
}

/**
 * Nothing is made yet: the place may still be refused. Ports are chosen once and journaled; a later run in the same
 * directory takes the same, as servers there may still run.
 */
export function placeStep(deps: Deps, args: CommonArgs, after: readonly string[]): Step {
  return {
    name: 'place',
    after,
    perform: async (at): Promise<PlaceOutput> => await choosePorts(deps, args, at.signal),
  };
}

/**
 * A folder to recover into that is none, or that live data or a repository lies in or around, is refused before a run
 * begins. Throws `place.unusable`, `place.inside-live`, `place.holds-live`, `place.holds-home`.
 */
export async function insistPlace(deps: Deps, args: CommonArgs, signal: AbortSignal): Promise<void> {
  const place = parsePlace(args.place);
  if (place.kind === 'in-situ') return;
  const hosts = new Set([...deps.plan.components.values()].map((c) => c.host));
  for (const host of hosts)
    await insistApart(deps, directoryPlace(place.root, new Map()), { host: deps.host(host, null), signal });
}

export async function choosePorts(deps: Deps, args: CommonArgs, signal: AbortSignal): Promise<PlaceOutput> {
  const place = parsePlace(args.place);
  if (place.kind === 'in-situ') return { place: 'in-situ', ports: {} };
  await insistPlace(deps, args, signal);
  const label = `directory:${place.root}`;
  const before = earlierPorts(deps, label);
  const wanted = portsOf(deps.plan, deps.kinds, [...deps.plan.components.values()]);
  const missing = wanted.filter((p) => before[p] === undefined);
  const free = await freePorts(missing.length, signal);
  const ports = Object.fromEntries(
    wanted.map((p) => [String(p), before[p] ?? (free[missing.indexOf(p)] as number)]),
  );
  return { place: label, ports };
}

function earlierPorts(deps: Deps, label: string): PlaceOutput['ports'] {
  let ports: PlaceOutput['ports'] = {};
  for (const { step, body } of deps.journal.entries({
    type: 'step.finished',
    installation: deps.journal.installation,
  })) {
    if (step !== 'place') continue;
    const output = body['output'] as PlaceOutput | null;
    if (output?.place === label) ports = output.ports;
  }
  return ports;
}

export function placeOf({ place: label, ports }: PlaceOutput): RecoveryPlace {
  const parsed = parsePlace(label);
  if (parsed.kind === 'in-situ') return inSitu;
  return directoryPlace(parsed.root, new Map(Object.entries(ports).map(([from, to]) => [Number(from), to])));
}
