import {
  exitCodes,
  exitOf,
  worstExit,
  type Finding,
  type Level,
  type Point,
  type PointCopy,
  type VerifyReport,
} from '@reprise/contracts';

import { RepriseError } from '../lib/errors/index.ts';
import { resolved, subjectOf } from './capture-unit.ts';
import { damageSaid, noting, recordUnreadable, unreadable } from './damage.ts';
import type { Deps } from './deps.ts';
import { inspectParts, listTrees } from './inspect.ts';
import { perform, runReport } from './perform.ts';
import { counted, type OpenRepository } from './repositories.ts';
import { look, storeState } from './states.ts';
import type { Recipe, Step, StepContext } from './step.ts';

export interface VerifyArgs {
  /** Empty: every component. */
  readonly components: readonly string[];
  /** `stored` lists, anything above reads back as far as the kind can. */
  readonly level: Exclude<Level, 'drilled'>;
  /** "n/t": that slice of each repository's packs is read as well; null: none. */
  readonly read: string | null;
}
interface Verified {
  readonly point: string;
  readonly repository: string;
  readonly level: Level | null;
  readonly findings: readonly Finding[];
}

/** The newest point of each component, in every repository that has it, read back; what was found is journaled. */
export function verify(deps: Deps, args: VerifyArgs, opened: OpenRepository): Recipe {
  const wanted = newest(deps, args.components);
  const repositories = [...new Set(wanted.flatMap((p) => p.copies.map((c) => c.repository)))].filter(
    (r) => deps.plan.plan.repositories[r] !== undefined,
  );
  const looks = repositories.map((r): Step => ({
    name: `look:${r}`,
    after: [],
    perform: async (at) => await noting(r, 'repository.error', at, () => look(deps, opened(r, at), at)),
  }));
  const reads = wanted.flatMap((point) =>
    point.copies
      .filter((c) => repositories.includes(c.repository))
      .map((copy): Step => ({
        name: `verify:${point.id}:${copy.repository}`,
        after: [`look:${copy.repository}`],
        perform: async (at) => {
          const found = await verifyCopy(deps, point, copy, args.level, opened, at);
          at.append('point.checked', {
            point: point.id,
            repository: copy.repository,
            level: found.level ?? found.reached,
            findings: [...found.findings],
            sha256: {},
          });
          return found;
        },
      })),
  );
  const packs =
    args.read === null
      ? []
      : repositories.map((r): Step => ({
          name: `packs:${r}`,
          after: [`look:${r}`],
          perform: async (at) => {
            const findings = await opened(r, at).check(at.signal, args.read ?? undefined);
            at.append('repository.checked', { repository: r, read: args.read, findings: [...findings] });
            return { findings };
          },
        }));
  // Whoever maintains elsewhere must not give up older points for one that was found to be bad here.
  const states = repositories.map((r): Step => ({
    name: `state:${r}`,
    after: [`look:${r}`],
    settled: [...reads, ...packs].map((s) => s.name),
    perform: async (at) => (foundBad(at) ? await storeState(deps, opened(r, at), at) : { stored: false }),
  }));
  return {
    name: 'verify',
    args: { ...args, components: [...args.components] },
    steps: [...looks, ...reads, ...packs, ...states],
  };
}

const foundBad = (at: Pick<StepContext, 'entries'>): boolean =>
  at
    .entries()
    .some(
      (e) =>
        (e.type === 'point.checked' || e.type === 'repository.checked') &&
        (e.body['findings'] as readonly Finding[]).some((f) => f.verdict === 'fail'),
    );

const newest = (deps: Deps, components: readonly string[]): readonly Point[] =>
  [...deps.plan.components.keys()]
    .filter((c) => components.length === 0 || components.includes(c))
    .flatMap((component) => deps.points({ component }).find((p) => !p.fork && !p.future) ?? []);

async function verifyCopy(
  deps: Deps,
  point: Point,
  copy: PointCopy,
  level: VerifyArgs['level'],
  opened: OpenRepository,
  at: StepContext,
): Promise<Verified & { readonly reached: Level }> {
  const repository = opened(copy.repository, at);
  const base = { point: point.id, repository: copy.repository };
  let reached: Level = 'stored';
  try {
    const listed = await listTrees(point, copy.parts, repository, at.signal);
    if (exitOf(listed) !== 0) return { ...base, level: null, reached, findings: listed };
    if (level === 'stored') return { ...base, level: 'stored', reached, findings: listed };
    reached = subjectOf(deps, resolved(deps, point.component)).method.traits.inspects;
    const read = await inspectParts(deps, point, copy.parts, repository, at);
    const findings = [...listed, ...read.findings];
    return { ...base, level: exitOf(findings) === 0 ? read.level : null, reached, findings };
  } catch (e) {
    at.signal.throwIfAborted();
    recordUnreadable(point, { repository: copy.repository, level: reached }, e, at);
    throw e;
  }
}

/** `reprise verify`. A component without a point is `unable`: exit 3. Throws `run.unknown-name`. */
export async function runVerify(deps: Deps, args: VerifyArgs, signal: AbortSignal): Promise<VerifyReport> {
  const known = [...deps.plan.components.keys()];
  for (const name of args.components)
    if (!known.includes(name)) throw new RepriseError('run.unknown-name', { name, known: known.join(', ') });
  const repositories = counted(deps);
  const { outcome } = await perform(
    deps,
    {
      name: 'verify',
      args: { ...args, components: [...args.components].toSorted() },
      make: (same) => verify(deps, same, repositories.open),
    },
    { signal, locks: [] },
  );
  const wanted = args.components.length === 0 ? [...deps.plan.components.keys()] : args.components;
  const verified = outcome.steps
    .filter((s) => s.step.startsWith('verify:'))
    .map((s): Verified => outcome.output<Verified>(s.step) ?? unread(s.step, s.error));
  const seen = new Set(verified.map((v) => v.point.split('@')[0]));
  const without = wanted.some(
    (c) =>
      !seen.has(c) &&
      (args.components.length > 0 || (deps.plan.components.get(c)?.protections.length ?? 0) > 0),
  );
  return {
    v: 1,
    command: 'verify',
    exit: worstExit([outcome.exit, without ? exitCodes.unable : exitCodes.done]),
    run: runReport(deps, outcome, repositories.all()),
    points: verified.map(({ point, repository, level, findings }) => ({
      point,
      repository,
      level,
      findings: [...findings],
    })),
  };
}

/** What the step's name says of a copy that could not be read; any other trouble is in the run's steps alone. */
function unread(step: string, error: RepriseError | null): Verified {
  const [point = '', repository = ''] = step.slice('verify:'.length).split(/:(?=[^:]*$)/);
  const said = damageSaid(error);
  return {
    point,
    repository,
    level: null,
    findings: said === undefined ? [] : [unreadable(point, repository, said)],
  };
}
