import { randomUUID } from 'node:crypto';

import type { Finding, Point } from '@reprise/contracts';

import { capture, type Captured } from '../capture/capture.ts';
import { sinkInto } from '../capture/sink.ts';
import type { Context } from '../kinds/kind.ts';
import type { ResolvedComponent } from '../plan/resolved.ts';
import { inSitu } from '../recovery/place.ts';
import type { Repository, SnapshotTags } from '../repository/repository.ts';
import { partPath } from '../repository/restorable.ts';
import { contextOf } from './context.ts';
import type { Deps } from './deps.ts';
import { refuseHalfRestored } from './half-restored.ts';
import { held, type Hold } from './hold.ts';
import { progressLog } from './progress.ts';
import type { StepContext } from './step.ts';
import type { Unit } from './units.ts';

export interface CapturedUnit {
  readonly captured: readonly Captured[];
  readonly group: { readonly name: string; readonly id: string; readonly hold: Hold | null } | null;
  readonly findings: readonly Finding[];
}

/**
 * One step: interrupted, all its parts are debris and everything is captured anew. A held group is at rest from before
 * its first part to after its last. Throws `capture.*`, among them `capture.half-restored` before anything is at rest.
 */
export async function captureUnit(
  deps: Deps,
  unit: Unit,
  repository: Repository,
  at: StepContext,
): Promise<CapturedUnit> {
  refuseHalfRestored(deps, unit.components);
  if (unit.group === null) {
    const captured = [await captureOne(deps, unit.components[0] ?? '', repository, at)];
    return { captured, group: null, findings: captured.flatMap((c) => c.findings) };
  }
  const members = async (): Promise<Captured[]> => {
    const all: Captured[] = [];
    for (const name of unit.components) all.push(await captureOne(deps, name, repository, at));
    return all;
  };
  const { result, hold } = await held(deps, unit.group, members, at);
  return {
    captured: result,
    group: { name: unit.group, id: randomUUID(), hold },
    findings: result.flatMap((c) => c.findings),
  };
}

async function captureOne(
  deps: Deps,
  name: string,
  repository: Repository,
  at: StepContext,
): Promise<Captured> {
  const component = resolved(deps, name);
  const subject = subjectOf(deps, component);
  const context = await contextOf(deps, component, inSitu, at.run, at.signal, at.log);
  const { since, newest } = earlierOf(deps.points({ component: name }));
  const parents = new Map(
    newest?.copies.find((c) => c.repository === repository.name)?.parts.map((p) => [p.name, p.snapshot]),
  );
  return await capture(subject, sink(deps, context, repository, parents, at), context, since);
}

/**
 * Of a component's points, newest first: what a capture is compared with, and the newest whose files it can build on. Data
 * that somebody should look at is no measure while there is a point without doubt: else the second capture of a database
 * that lost most of its rows would find nothing amiss.
 */
export function earlierOf(points: readonly Point[]): Readonly<Record<'since' | 'newest', Point | undefined>> {
  const sound = points.filter((p) => !p.fork && !p.future && p.verdict !== 'fail');
  return { since: sound.find((p) => p.verdict === 'pass') ?? sound[0], newest: sound[0] };
}

export function resolved(deps: Deps, name: string): ResolvedComponent {
  const component = deps.plan.components.get(name);
  if (component === undefined) throw new TypeError(`no component ${name} in the plan`);
  return component;
}

/** The kind, and the method that the plan names for it in the component's first protection, else the kind's default. */
export function subjectOf(deps: Deps, component: ResolvedComponent) {
  const kind = deps.kinds.get(component.kind);
  const protection = component.protections[0];
  const named =
    protection === undefined ? undefined : deps.plan.plan.protections[protection]?.methods[component.kind];
  const method = kind?.methods[named ?? kind.defaultMethod];
  if (kind === undefined || method === undefined) throw new TypeError(`no method for ${component.name}`);
  return { kind, method, spec: component.spec };
}

function sink(
  deps: Deps,
  context: Context,
  repository: Repository,
  parents: ReadonlyMap<string, string>,
  at: StepContext,
) {
  const tags = (part: string): SnapshotTags => ({
    form: 'part',
    installation: deps.journal.installation,
    run: at.run,
    component: context.component,
    part,
  });
  const path = (part: string): string => partPath(context.system, context.component, part);
  const { signal } = at;
  const told = (part: string) => progressLog({ ...deps, log: at.log }, `${context.component}/${part}`);
  return sinkInto(
    {
      name: repository.name,
      command: async (argv, part) =>
        await repository.backupCommand(argv, path(part), tags(part), signal, told(part)),
      stream: async (p) =>
        await repository.backupStream(p.body, p.complete, path(p.name), tags(p.name), signal, told(p.name)),
      tree: async ({ name, root, includes }, excludes) => {
        const parent = parents.get(name);
        return await repository.backupTree(
          { root, excludes, ...(includes && { includes }), ...(parent && { parent }) },
          tags(name),
          signal,
          told(name),
        );
      },
    },
    context.host,
    context.never ?? [],
  );
}
