import type { Finding, Level, PartRecord, Point } from '@reprise/contracts';

import { judge } from '../lib/findings/index.ts';
import { inSitu } from '../recovery/place.ts';
import type { Repository, SnapshotTags } from '../repository/repository.ts';
import { readFrom } from '../repository/restorable.ts';
import { resolved, subjectOf } from './capture-unit.ts';
import { contextOf } from './context.ts';
import type { Deps } from './deps.ts';
import type { StepContext } from './step.ts';

export interface Inspected {
  readonly level: Level;
  readonly findings: readonly Finding[];
  /** Of every stream that was read to its end. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** Reads a point back from one repository to its end with the native tool: the level that its method reaches. */
export async function inspectParts(
  deps: Deps,
  point: Point,
  parts: readonly PartRecord[],
  repository: Repository,
  at: Pick<StepContext, 'run' | 'signal' | 'log'>,
): Promise<Inspected> {
  const component = resolved(deps, point.component);
  const { method } = subjectOf(deps, component);
  const reading = readFrom(repository, deps.plan.plan.system, point, parts);
  const context = await contextOf(deps, component, inSitu, at.run, at.signal, (line) => at.log(line));
  const findings = await method.inspect(reading, context);
  return { level: method.traits.inspects, findings, sha256: Object.fromEntries(reading.sha256) };
}

/** A tree is `stored` when the repository lists as many files and bytes as were taken, in the snapshot of that capture. */
export async function listTrees(
  { component, run }: { readonly component: string; readonly run: string },
  parts: readonly PartRecord[],
  repository: Repository,
  signal: AbortSignal,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const part of parts.filter((p) => p.form === 'tree')) {
    let files = 0;
    let bytes = 0;
    let whose: Partial<SnapshotTags> = {};
    for await (const entry of repository.list(part.snapshot, signal, (tags) => (whose = tags))) {
      if (entry.type !== 'file') continue;
      files += 1;
      bytes += entry.size;
    }
    if (whose.component !== component || whose.part !== part.name || whose.run !== run) {
      const found = [whose.component ?? '?', whose.part ?? '?'].join('/');
      const said = { repository: repository.name, snapshot: part.snapshot.slice(0, 8), found };
      findings.push(judge('fail', 'capture.other-snapshot', `${component}/${part.name}`, said));
      continue;
    }
    const same = files === (part.files ?? 0) && bytes === part.bytes;
    findings.push(
      judge(same ? 'pass' : 'fail', 'capture.listed', `${component}/${part.name}`, {
        repository: repository.name,
        files,
        bytes,
        expected_files: part.files ?? 0,
        expected_bytes: part.bytes,
      }),
    );
  }
  return findings;
}
