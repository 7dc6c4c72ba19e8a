import type { Finding, Objectives, ScenarioStep } from '@reprise/contracts';
import type { z } from 'zod';

import { isError, RepriseError } from '../lib/errors/index.ts';
import { judge } from '../lib/findings/index.ts';
import { succeed } from '../recovery/command.ts';
import { bringBack, objectiveFindings, stillInService, type Restored } from '../recovery/component.ts';
import {
  incidentBegan,
  measuredRpo,
  measuredRto,
  stopwatch,
  worst,
  type Stopwatch,
} from '../recovery/measure.ts';
import { recoveryOrder, type Node, type OrderedStep } from '../recovery/order.ts';
import { inSitu } from '../recovery/place.ts';
import { isRebuilt, rebuild } from '../recovery/rebuild.ts';
import { groupsLeftApart, judgeGround } from './beforehand.ts';
import type { Deps } from './deps.ts';
import { capturedSince, componentsOf } from './overtaken.ts';
import { choosePorts, type PlaceOutput } from './placing.ts';
import {
  chosenPoint,
  answered,
  chooseStep,
  componentOf,
  crewOf,
  isStanding,
  type Crew,
  keepStep,
  logOf,
  moment,
  restoreComponent,
  targetAt,
  validate,
  type Choices,
  type CommonArgs,
  type People,
} from './recovering.ts';
import { counted, type OpenRepository } from './repositories.ts';
import type { Recipe, Step, StepContext } from './step.ts';

export interface RecoverArgs extends CommonArgs {
  readonly scenario: string | null;
}

/**
 * The whole system, or what a scenario lists, in service again: in dependency order, checked and measured.
 *
 *     incident → choose → place → rebuild:<c> → restore:<c> → check:<c> → … → system → state
 *
 * All or nothing: `place` looks at every place first, and where one would be refused nothing is done.
 * A scenario's steps follow one another, with `decision:<n>` and `command:<n>` between the components.
 * Throws at once what is wrong with the arguments.
 */
export function recover(
  deps: Deps,
  args: RecoverArgs,
  people: People = {},
  open: OpenRepository = counted(deps).open,
): Recipe {
  const blocks = blocksOf(deps, args);
  const names = blocks.flatMap((b) => ('components' in b ? b.components : []));
  validate(deps, args, names);
  const request = new Request(deps, args);
  const crew = crewOf(deps, args, open, null, people);

  const steps: Step[] = [
    { name: 'incident', after: [], perform: async (at) => request.open(at) },
    chooseStep(deps, names, args, null, ['incident']),
    groundStep(deps, args, names),
  ];
  let before = ['choose', 'place'];
  for (const block of blocks) {
    const next =
      'components' in block
        ? componentSteps(deps, block.components, crew, request)
        : [personStep(deps, block, people)];
    steps.push(...next.map((s) => ({ ...s, after: [...before, ...s.after] })));
    before = next.map((s) => s.name);
  }
  steps.push({
    name: 'system',
    after: steps.map((s) => s.name),
    perform: async (at) => measureSystem(deps, args, names, request, at),
  });
  steps.push(
    keepStep(
      deps,
      open,
      { crew, names },
      steps.map((s) => s.name),
    ),
  );
  return { name: 'recover', args: { ...args }, steps };
}

/** Where to, and whether all of it may be written to. A run that goes on looks again. */
function groundStep(deps: Deps, args: RecoverArgs, names: readonly string[]): Step {
  const judged = async (placed: PlaceOutput, at: StepContext, again: boolean): Promise<void> =>
    await judgeGround(deps, args, names, {
      chosen: at.output<Choices>('choose'),
      placed,
      at: { ...at, again },
    });
  return {
    name: 'place',
    after: ['incident', 'choose'],
    still: async (at) => {
      try {
        await judged(at.output<PlaceOutput>('place'), at, true);
        return true;
      } catch (e) {
        if (isError(e, 'recovery.refused') || isError(e, 'recovery.overlap')) return false;
        throw e;
      }
    },
    perform: async (at) => {
      const placed = await choosePorts(deps, args, at.signal);
      await judged(placed, at, false);
      return { ...placed, findings: await groupsLeftApart(deps, names, placed, at) };
    },
  };
}

type ScenarioStep = z.output<typeof ScenarioStep>;
type Block = { readonly components: readonly string[] } | PersonBlock;
interface PersonBlock {
  readonly name: `decision:${number}` | `command:${number}`;
  readonly step: Exclude<ScenarioStep, { recover: unknown }>;
}

/** A scenario's steps in a row; without a scenario, everything. A component is recovered once, where it is first named. */
export function blocksOf(deps: Deps, args: Pick<RecoverArgs, 'scenario'>): readonly Block[] {
  const all = [...deps.plan.components.keys()];
  if (args.scenario === null) return [{ components: all }];
  const scenarios = deps.plan.plan.scenarios;
  const scenario = Object.hasOwn(scenarios, args.scenario) ? scenarios[args.scenario] : undefined;
  if (scenario === undefined)
    throw new RepriseError('recovery.unknown-scenario', {
      name: args.scenario,
      known: Object.keys(scenarios).join(', ') || '–',
    });
  const seen = new Set<string>();
  return scenario.steps.flatMap((step, i): Block[] => {
    if ('recover' in step) {
      const components = (step.recover === 'all' ? all : step.recover).filter((c) => !seen.has(c));
      for (const c of components) seen.add(c);
      return components.length === 0 ? [] : [{ components: [...new Set(components)] }];
    }
    return [{ name: 'manual' in step ? `decision:${i + 1}` : `command:${i + 1}`, step }];
  });
}

/** The acts of these components in an order in which nothing writes before the data it needs is back. */
export function ordered(deps: Deps, components: readonly string[]): readonly OrderedStep[] {
  const nodes = components.map((name): Node => {
    const c = componentOf(deps, name);
    const methods = Object.values(deps.kinds.get(c.kind)?.methods ?? {});
    const stopped = methods.some((m) => m.traits.restoresInto === 'stopped') || c.protections.length === 0;
    return {
      name,
      dependsOn: c.common.depends_on,
      service: c.service,
      into: stopped ? 'stopped' : 'running',
      rebuilds: c.common.rebuild !== undefined,
    };
  });
  return recoveryOrder(nodes, deps.plan.plan.recovery.order);
}

function componentSteps(
  deps: Deps,
  components: readonly string[],
  crew: Crew,
  request: Request,
): readonly Step[] {
  const perform = {
    rebuild: async (name: string, at: StepContext) => ({
      was: await rebuild(crew.tools, await targetAt(crew, name, at), logOf(at)),
    }),
    restore: async (name: string, at: StepContext) => await restoreComponent(deps, crew, name, at),
    check: async (name: string, at: StepContext) => {
      const restored = at.output<Restored>(`restore:${name}`);
      const point = chosenPoint(deps, name, at.output<Choices>('choose'), null);
      const target = await targetAt(crew, name, at);
      const back = { ...restored, inventory: point?.inventory ?? null };
      return await bringBack(crew.tools, target, back, logOf(at), request);
    },
  };
  const still = {
    rebuild: async (name: string, at: StepContext) => await isRebuilt(await targetAt(crew, name, at)),
    // What has no data of its own is what its rebuild made.
    restore: async (name: string, at: StepContext) =>
      at.output<Restored>(`restore:${name}`).point === null || (await isStanding(deps, crew, name, at, null)),
    check: async (name: string, at: StepContext) => {
      const point = chosenPoint(deps, name, at.output<Choices>('choose'), null);
      return await stillInService(crew.tools, await targetAt(crew, name, at), point?.inventory ?? null);
    },
  };
  return ordered(deps, components).map(({ name, act, component, after }) => ({
    name,
    after,
    host: componentOf(deps, component).host,
    still: async (at) => await still[act](component, at),
    perform: async (at) => await perform[act](component, at),
  }));
}

/** A decision waits for a journaled answer; a command of the scenario runs only where it cannot hit the live system. */
function personStep(deps: Deps, { name, step }: PersonBlock, people: People): Step {
  if ('manual' in step)
    return { name, after: [], host: 'people', perform: async (at) => await decided(name, step, people, at) };
  return {
    name,
    after: [],
    perform: async (at) => {
      const { place } = at.output<PlaceOutput>('place');
      const command = step.command.argv[0];
      if (place !== inSitu.label)
        return { findings: [judge('unable', 'recovery.command-skipped', name, { command, place })] };
      const context = {
        host: deps.host('local', at.run),
        secret: async (ref: Parameters<Deps['secret']>[0]) => await deps.secret(ref, at.signal),
      };
      await succeed(name, step.command, {}, context, at.signal);
      return { findings: [] };
    },
  };
}

async function decided(
  name: string,
  step: Extract<ScenarioStep, { manual: string }>,
  people: People,
  at: StepContext,
): Promise<{ answer: string }> {
  const ask = { step: name, text: step.manual, owner: step.owner ?? null };
  const answer = await answered(ask, people, at);
  if (answer === undefined)
    throw new RepriseError('run.approval-missing', { run: at.run, step: name, text: step.manual });
  if (answer === 'refused') throw new RepriseError('recovery.declined', { step: name, text: step.manual });
  return { answer };
}

/** The request of this run: when, of what loss, and in which incident. A directory is no incident: nothing was lost there. */
class Request {
  readonly requestedAt: Date;
  readonly lostAt: Date | null;
  readonly #deps: Deps;
  readonly #args: RecoverArgs;
  #watch: Stopwatch | undefined;

  constructor(deps: Deps, args: RecoverArgs) {
    this.#deps = deps;
    this.#args = args;
    this.requestedAt = new Date(args.requested_at);
    this.lostAt = moment('--lost-at', args.lost_at);
  }

  /** By this process's monotonic clock where it opened the request, else by the wall clock. */
  get watch(): Stopwatch {
    return (this.#watch ??= stopwatch(this.#deps.clock, this.requestedAt, false));
  }

  open(at: StepContext): { readonly began: string } {
    this.#watch = stopwatch(this.#deps.clock, this.requestedAt, at.attempt === 1);
    if (this.#args.place !== inSitu.label) return { began: this.requestedAt.toISOString() };
    const { journal } = this.#deps;
    const idle = refusedAndOver(this.#deps);
    const opened = [...journal.entries({ types: ['incident.opened', 'system.recovered'] })];
    const known = opened.filter((e) => e.run === null || !idle.has(e.run));
    const began = incidentBegan(known, this.requestedAt, this.lostAt);
    if (!at.entries().some((e) => e.type === 'incident.opened'))
      at.append('incident.opened', {
        requested_at: this.requestedAt.toISOString(),
        lost_at: this.lostAt?.toISOString() ?? null,
        scenario: this.#args.scenario,
      });
    return { began: began.toISOString() };
  }
}

/**
 * A recovery that was refused whole, and after which life went on, was no incident: no later one counts from it. Life went
 * on where each of its components that is protected was captured: of what is lost nothing is.
 */
function refusedAndOver({ journal, plan }: Pick<Deps, 'journal' | 'plan'>): ReadonlySet<string> {
  const isProtected = (c: string): boolean => (plan.components.get(c)?.protections.length ?? 0) > 0;
  const wentOn = (run: string): boolean => {
    const lost = (componentsOf(journal, run) ?? []).filter(isProtected);
    const captured = capturedSince(journal, run);
    return lost.length > 0 && lost.every((c) => captured.has(c));
  };
  const refused = journal
    .runs({ recipe: 'recover', states: ['failed'], mine: true })
    .filter((r) => r.error === 'recovery.refused' && wentOn(r.run));
  return new Set(refused.map((r) => r.run));
}

type Checked = Awaited<ReturnType<typeof bringBack>>;

/** A system lost as much, and took as long, as its worst component, counted from the incident's first request. */
function measureSystem(
  deps: Deps,
  args: RecoverArgs,
  names: readonly string[],
  request: Request,
  at: StepContext,
): { readonly findings: readonly Finding[] } {
  const checked = names.map((name) => ({ name, ...at.output<Checked>(`check:${name}`) }));
  const withData = checked.filter(({ name }) => componentOf(deps, name).protections.length > 0);
  const waited = request.requestedAt.getTime() - Date.parse(at.output<{ began: string }>('incident').began);
  const longest = worst(checked.map((c) => c.rto.actual_ms));
  const objectives = objectivesOf(deps, args);
  const rpo = measuredRpo(objectives, worst(withData.map((c) => c.rpo.actual_ms)));
  const rto = measuredRto(objectives, longest === null ? null : longest + waited);
  at.append('system.recovered', {
    components: [...names],
    place: at.output<PlaceOutput>('place').place,
    rpo,
    rto,
  });
  return { findings: objectiveFindings(deps.plan.plan.system, objectives, rpo, rto) };
}

/** The scenario's own objectives over those of the system. */
const objectivesOf = (deps: Deps, args: RecoverArgs): Objectives => ({
  ...deps.plan.plan.objectives,
  ...(args.scenario === null ? {} : deps.plan.plan.scenarios[args.scenario]?.objectives),
});
