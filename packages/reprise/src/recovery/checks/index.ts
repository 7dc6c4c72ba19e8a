import type { Finding, Inventory, PlanCheck } from '@reprise/contracts';

import type { Clock } from '../../lib/clock.ts';
import { RepriseError } from '../../lib/errors/index.ts';
import { judge } from '../../lib/findings/index.ts';
import type { RecoveryDeps } from '../deps.ts';
import type { Stopwatch } from '../measure.ts';
import { followsPlace, placeEnvironment } from '../place.ts';
import type { Target } from '../target.ts';
import { codeIn, failed, unable, type Answer, type CheckKind, type Probing } from './check.ts';
import { commandCheck } from './command.ts';
import { filesCheck } from './files.ts';
import { httpCheck } from './http.ts';
import { rowsCheck } from './rows.ts';
import { sqlCheck } from './sql.ts';
import { tcpCheck } from './tcp.ts';

const kinds = {
  sql: sqlCheck,
  rows: rowsCheck,
  http: httpCheck,
  tcp: tcpCheck,
  command: commandCheck,
  files: filesCheck,
} satisfies { readonly [K in PlanCheck['kind']]: CheckKind<K> };
const kindOf = (check: PlanCheck): CheckKind<PlanCheck['kind']> =>
  kinds[check.kind] as CheckKind<PlanCheck['kind']>;

/**
 * All checks of a component, at the same time. `passedAt`: milliseconds from the request to the last one's pass; null
 * unless every one passed. No checks: `unable`, never pass.
 */
export async function runChecks(
  deps: RecoveryDeps,
  target: Target,
  recorded: { readonly inventory: Inventory | null },
  watch: Stopwatch,
): Promise<{ readonly findings: readonly Finding[]; readonly passedAt: number | null }> {
  const { component, place } = target;
  const name = component.name;
  if (component.common.checks.length === 0)
    return { findings: [judge('unable', 'recovery.no-checks', name, { component: name })], passedAt: null };
  const variables = followsPlace(deps.plan, component.service, place)
    ? placeEnvironment(deps.plan, component.service, place)
    : null;
  const at = { target, place, inventory: recorded.inventory, variables };
  const findings = await Promise.all(
    component.common.checks.map(async (c) => untilItPasses(c, at, deps.clock, target.context.signal)),
  );
  const all = findings.every((f) => f.verdict === 'pass');
  return { findings, passedAt: all ? watch.elapsed() : null };
}

/** Tries until it passes, `unable` included as an end, or until max_duration is over. The last answer counts. */
export async function untilItPasses(
  check: PlanCheck,
  at: Omit<Probing, 'signal'>,
  clock: Clock,
  signal: AbortSignal,
): Promise<Finding> {
  const began = clock.monotonic();
  const left = (): number => check.max_duration - (clock.monotonic() - began);
  let answer: Answer;
  let tries = 0;
  for (let pause = 200; ; pause = Math.min(pause * 1.6, 3000)) {
    tries += 1;
    answer = await once(check, at, Math.max(1, left()), signal);
    if (answer.verdict !== 'fail' || left() <= pause) break;
    await clock.sleep(Math.round(pause), signal);
  }
  const kind = kindOf(check);
  const probing = { ...at, signal };
  return judge(answer.verdict, `check.${check.kind}`, at.target.component.name, {
    check: check.name,
    subject_of_probe: kind.subject(check, probing),
    got: answer.got,
    expected: kind.expected(check, probing),
    problem: answer.problem,
    tries,
    ms: clock.monotonic() - began,
  });
}

/** One try, ended when its time is over. What it throws is a fail with the error's code; an abort is thrown on. */
async function once(
  check: PlanCheck,
  at: Omit<Probing, 'signal'>,
  ms: number,
  signal: AbortSignal,
): Promise<Answer> {
  const timeout = AbortSignal.timeout(Math.ceil(ms));
  try {
    return await kindOf(check).probe(check, { ...at, signal: AbortSignal.any([signal, timeout]) });
  } catch (e) {
    signal.throwIfAborted();
    if (timeout.aborted) return failed('timeout');
    if (e instanceof RepriseError)
      return e.code === 'process.missing' ? unable('error', e.code) : failed('error', e.code);
    return failed('error', codeIn(e));
  }
}
