import type { BodyInput, Finding, Level, PartRecord, Point } from '@reprise/contracts';

import type { Captured } from '../capture/capture.ts';
import { RepriseError } from '../lib/errors/index.ts';
import type { Repository } from '../repository/repository.ts';
import { resolved, subjectOf, type CapturedUnit } from './capture-unit.ts';
import type { Deps } from './deps.ts';
import { inspectParts, listTrees } from './inspect.ts';
import type { StepContext } from './step.ts';
import type { Unit } from './units.ts';

/**
 * Reads what was stored up to the level that the kind asks for after each backup; only what passes is recorded as
 * `point.captured`. Idempotent: what this run recorded already is not recorded twice.
 * Throws `capture.check-failed`: no point of the unit is made then, since a group is coherent or nothing.
 */
export async function recordUnit(
  deps: Deps,
  unit: Unit,
  { captured, group }: CapturedUnit,
  repository: Repository,
  at: StepContext,
): Promise<{ points: string[]; findings: Finding[] }> {
  const done = new Set(
    at
      .entries()
      .filter((e) => e.type === 'point.captured')
      .map((e) => e.body['component'] as string),
  );
  const bodies: BodyInput<'point.captured'>[] = [];
  const all: Finding[] = [];
  for (const one of captured) {
    if (done.has(one.component)) continue;
    const { level, findings, parts } = await check(deps, one, repository, at);
    all.push(...findings);
    bodies.push({
      component: one.component,
      kind: one.kind,
      method: one.method,
      repository: one.repository,
      parts,
      as_of: one.as_of,
      plan: deps.plan.hash,
      tools: { ...one.tools },
      server: one.server,
      inventory: one.inventory,
      level,
      findings: [...one.findings, ...findings],
      group,
      keep: { protection: unit.protection },
      capture_ms: one.capture_ms,
    });
  }
  for (const body of bodies) at.append('point.captured', body);
  const points = deps
    .points({ pending: true })
    .filter((p) => p.run === at.run && unit.components.includes(p.component));
  if (group !== null && !at.entries().some((e) => e.type === 'group.captured' && e.body['id'] === group.id))
    at.append('group.captured', {
      group: group.name,
      id: group.id,
      points: points.map((p) => p.id),
      spread_ms: spread(captured),
    });
  return { points: points.map((p) => p.id), findings: all };
}

/** From the earliest to the latest moment that any member is consistent as of. */
const spread = (captured: readonly Captured[]): number =>
  Math.max(...captured.map((c) => Date.parse(c.as_of.to))) -
  Math.min(...captured.map((c) => Date.parse(c.as_of.from)));

interface Checked {
  readonly level: Level;
  readonly findings: readonly Finding[];
  readonly parts: PartRecord[];
}

async function check(deps: Deps, one: Captured, repository: Repository, at: StepContext): Promise<Checked> {
  const { kind } = subjectOf(deps, resolved(deps, one.component));
  const listed = await listTrees({ component: one.component, run: at.run }, one.parts, repository, at.signal);
  insist(one.component, listed);
  if (kind.defaultLevel === 'stored') return { level: 'stored', findings: listed, parts: [...one.parts] };

  const point = provisional(deps, one, at.run);
  const { level, findings, sha256 } = await inspectParts(deps, point, one.parts, repository, at);
  insist(one.component, findings);
  const parts = one.parts.map((p) => (sha256[p.name] === undefined ? p : { ...p, sha256: sha256[p.name] }));
  return { level, findings: [...listed, ...findings], parts };
}

function insist(component: string, findings: readonly Finding[]): void {
  const failed = findings.find((f) => f.verdict !== 'pass');
  if (failed !== undefined) throw new RepriseError('capture.check-failed', { component, why: failed });
}

/** What was captured in the shape of a point, for the kind to read; it is none yet and has no id of its own. */
const provisional = (deps: Deps, one: Captured, run: string): Point => ({
  id: `${one.component}@pending`,
  component: one.component,
  kind: one.kind,
  method: one.method,
  run,
  installation: deps.journal.installation,
  epoch: deps.journal.epoch,
  at: one.as_of.to,
  as_of: one.as_of,
  bytes: one.parts.reduce((sum, p) => sum + p.bytes, 0),
  level: 'stored',
  verdict: 'unable',
  drilled_at: null,
  plan: deps.plan.hash,
  protection: null,
  tools: { ...one.tools },
  server: one.server,
  inventory: one.inventory,
  group: null,
  capture_ms: one.capture_ms,
  fork: false,
  future: false,
  copies: [
    {
      repository: one.repository,
      parts: [...one.parts],
      level: 'stored',
      verdict: 'unable',
      committed: false,
    },
  ],
});
