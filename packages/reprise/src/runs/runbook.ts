import { exitOf, worstExit, type ExitCode, type Finding, type Runbook } from '@reprise/contracts';

import { isError, RepriseError } from '../lib/errors/index.ts';
import { judge } from '../lib/findings/index.ts';
import { said } from '../lib/language.ts';
import { insistFree, type Ground } from '../recovery/beforehand.ts';
import { followsPlace } from '../recovery/place.ts';
import {
  predictRestore,
  predictStep,
  predictWhole,
  previewRestore,
  type History,
} from '../recovery/runbook.ts';
import { targetOf } from '../recovery/target.ts';
import { commandsOf, groupsLeftApart, judgeOverlap } from './beforehand.ts';
import type { Deps } from './deps.ts';
import { measuredBefore } from './measured-before.ts';
import { choosePorts, placeOf, type PlaceOutput } from './placing.ts';
import { blocksOf, ordered, type RecoverArgs } from './recover.ts';
import {
  chosenPoint,
  choices,
  componentOf,
  consentsOf,
  moment,
  recoveryDeps,
  validate,
  type Choices,
  type CommonArgs,
} from './recovering.ts';
import { rebuildsFirst, type RestoreArgs } from './restore.ts';

type RunbookStep = Runbook['steps'][number];
interface Outline {
  readonly name: string;
  readonly act: RunbookStep['act'];
  readonly component: string | null;
  readonly title: string | null;
  readonly owner: string | null;
  readonly after: readonly string[];
}

/** `restore --dry-run`. Reads, asks and changes nothing. */
export async function restoreRunbook(deps: Deps, args: RestoreArgs, signal: AbortSignal): Promise<Runbook> {
  validate(deps, args, [args.component]);
  const { component } = args;
  const blank = { component, title: null, owner: null };
  const made = `rebuild:${component}`;
  const outline: readonly Outline[] = rebuildsFirst(deps, component)
    ? [
        { ...blank, name: made, act: 'rebuild', after: [] },
        { ...blank, name: `restore:${component}`, act: 'restore', after: [made] },
      ]
    : [{ ...blank, name: `restore:${component}`, act: 'restore', after: [] }];
  return await fill(
    deps,
    'restore',
    args,
    outline,
    { names: [component], point: args.point, scenario: null },
    signal,
  );
}

/** `recover --dry-run`. */
export async function recoverRunbook(deps: Deps, args: RecoverArgs, signal: AbortSignal): Promise<Runbook> {
  const blocks = blocksOf(deps, args);
  const names = blocks.flatMap((b) => ('components' in b ? b.components : []));
  validate(deps, args, names);
  let before: readonly string[] = [];
  const outline = blocks.flatMap((block): readonly Outline[] => {
    const steps: readonly Outline[] =
      'components' in block
        ? ordered(deps, block.components).map((s) => ({ ...s, title: null, owner: null }))
        : [
            {
              name: block.name,
              act: 'manual' in block.step ? 'decision' : 'command',
              component: null,
              title:
                'manual' in block.step ? block.step.manual : (block.step.title ?? block.step.command.argv[0]),
              owner: block.step.owner ?? null,
              after: [],
            },
          ];
    const placed = steps.map((s) => ({ ...s, after: [...before, ...s.after] }));
    before = steps.map((s) => s.name);
    return placed;
  });
  return await fill(deps, 'recover', args, outline, { names, point: null, scenario: args.scenario }, signal);
}

interface Subject {
  readonly names: readonly string[];
  readonly point: string | null;
  readonly scenario: string | null;
}

async function fill(
  deps: Deps,
  recipe: Runbook['recipe'],
  args: CommonArgs,
  outline: readonly Outline[],
  subject: Subject,
  signal: AbortSignal,
): Promise<Runbook> {
  const chosen = choices(deps, subject.names, args, subject.point);
  const placed = await choosePorts(deps, args, signal);
  const place = placeOf(placed);
  const history = measuredBefore(deps);
  const means = { deps, args, place, placed, chosen, history, point: subject.point, signal };
  const steps: RunbookStep[] = [];
  for (const step of outline) steps.push(await describe(step, means));
  const apart = await groupsLeftApart(deps, subject.names, means.placed, { run: null, signal });
  const byName = new Map(steps.map((s) => [s.name, s]));
  const hostOf = (name: string): string => hostOfStep(deps, byName.get(name));
  const overlap = await overlapFound(deps, args, subject.names, placed, signal);
  return {
    system: deps.plan.plan.system,
    recipe,
    scenario: subject.scenario,
    place: place.label,
    until: moment('--until', args.until)?.toISOString() ?? null,
    steps,
    predicted: predictWhole(steps, { slots: deps.plan.plan.recovery.parallel, hostOf }),
    spread_ms: chosen.spread_ms,
    findings: [
      ...chosen.findings,
      ...apart,
      ...overlap,
      ...(recipe === 'recover' ? refusal(deps, args, steps) : []),
    ],
  };
}

/** As `runs/recover.ts` has it. */
function hostOfStep(deps: Deps, step: RunbookStep | undefined): string {
  if (step?.act === 'decision') return 'people';
  const component = step?.component ?? null;
  return component === null ? 'local' : componentOf(deps, component).host;
}

/** The real run would refuse. */
async function overlapFound(
  deps: Deps,
  args: CommonArgs,
  names: readonly string[],
  placed: PlaceOutput,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  try {
    await judgeOverlap(deps, args, names, placed, { run: null, signal });
    return [];
  } catch (e) {
    if (!isError(e, 'recovery.overlap')) throw e;
    const { outer, inner, what, of, excludes } = e.params;
    return [judge('fail', 'plan.overlap', outer as string, { inner, what, of, excludes } as never)];
  }
}

/** The real run does nothing where one place would be refused: said beforehand, with the commands that would. */
function refusal(deps: Deps, args: CommonArgs, steps: readonly RunbookStep[]): readonly Finding[] {
  const grounds = steps.flatMap(({ component, restore }): readonly Ground[] => {
    if (component === null || restore === null) return [];
    const is = restore.would === 'refuse' ? 'refused' : restore.would === 'unknown' ? 'unseen' : 'free';
    return [{ component, is, found: restore.found }];
  });
  try {
    insistFree(deps.plan, grounds, commandsOf(args));
    return [];
  } catch (e) {
    if (!isError(e, 'recovery.refused')) throw e;
    const { refused, gone, each, groups, all } = e.params;
    const spoken = Object.entries({ refused, gone, each, groups, all }).map(
      ([name, words]) => [name, said(words, deps.language)] as const,
    );
    const words = Object.fromEntries(spoken) as Record<
      'refused' | 'gone' | 'each' | 'groups' | 'all',
      string
    >;
    return [judge('fail', 'recovery.would-refuse', deps.plan.plan.system, words)];
  }
}

interface Means {
  readonly deps: Deps;
  readonly args: CommonArgs;
  readonly place: ReturnType<typeof placeOf>;
  readonly placed: PlaceOutput;
  readonly chosen: Choices;
  readonly history: History;
  readonly point: string | null;
  readonly signal: AbortSignal;
}

async function describe(step: Outline, means: Means): Promise<RunbookStep> {
  const { name, act, component, title, owner } = step;
  const common = { name, act, component, title, owner, after: [...step.after] };
  if (act !== 'restore' || component === null) {
    refuseLiveRebuild(step, means);
    return { ...common, predicted: predictStep(means.history, name), restore: null, findings: [] };
  }
  const { deps, args, place, signal } = means;
  const point = chosenPoint(deps, component, means.chosen, means.point);
  if (point === null)
    return { ...common, predicted: { ms: 0, basis: 'measured' }, restore: null, findings: [] };
  const target = await targetOf(recoveryDeps(deps), component, place, null, signal);
  const { restore, findings } = await previewRestore(
    recoveryDeps(deps),
    target,
    point,
    consentsOf(args),
    deps.clock.now(),
  );
  const predicted = predictRestore(
    means.history,
    { component, bytes: point.bytes },
    sameKind(deps, component),
  );
  return { ...common, predicted, restore, findings: [...findings] };
}

/** What the real run would refuse is not shown as a step of the runbook. */
function refuseLiveRebuild({ act, component }: Outline, { deps, place }: Means): void {
  if (act !== 'rebuild' || component === null) return;
  const { service, common } = componentOf(deps, component);
  if (common.rebuild !== undefined && common.rebuild.from !== 'command')
    throw new RepriseError('rebuild.unsupported', { component, from: common.rebuild.from });
  if (!followsPlace(deps.plan, service, place))
    throw new RepriseError('place.live', { component, what: 'rebuild', place: place.label });
}

const sameKind = (deps: Deps, component: string): ReadonlySet<string> => {
  const { kind } = componentOf(deps, component);
  return new Set([...deps.plan.components.values()].filter((c) => c.kind === kind).map((c) => c.name));
};

/** 4 where the real run would be refused; otherwise by what was found. */
export const runbookExit = (runbook: Runbook): ExitCode => {
  const findings: readonly Finding[] = [...runbook.findings, ...runbook.steps.flatMap((s) => s.findings)];
  return worstExit([
    exitOf(findings),
    findings.some((f) => f.code === 'plan.overlap') ? 4 : 0,
    ...runbook.steps.map((s): ExitCode => (s.restore?.would === 'refuse' ? 4 : 0)),
    findings.some((f) => f.code === 'recovery.would-not-fit') ? 4 : 0,
  ]);
};
