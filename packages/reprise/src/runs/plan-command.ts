import { existsSync } from 'node:fs';

import { exitCodes, exitOf, type PlanCheckReport, type PlanExplainReport } from '@reprise/contracts';

import { homePaths } from '../journal/home.ts';
import { RepriseError, saidOf } from '../lib/errors/index.ts';
import { explain } from '../plan/explain.ts';
import { feasibility } from '../plan/feasibility.ts';
import { noHistory, type PlanHistory } from '../plan/history.ts';
import { problemText } from '../plan/problem.ts';
import { jsonSchema } from '../plan/schema.ts';
import { planHistory } from './plan-history.ts';
import type { SetUp } from './setup.ts';

/**
 * `reprise plan check`: every error with its place (exit 2), or one finding for each promise of the plan, with what was
 * measured so far. Works without an installation; then nothing was measured. Throws `plan.unreadable`.
 */
export async function checkPlan(setup: SetUp): Promise<PlanCheckReport> {
  const loaded = await setup.readPlan();
  if (loaded === undefined) throw absent(setup);
  const now = setup.clock.now();
  const head = { v: 1 as const, command: 'plan check' as const, file: setup.planFile, at: now.toISOString() };
  const { plan } = loaded;
  if (plan === undefined) {
    const problems = loaded.problems.map(({ code, params, path, at }) => ({
      code,
      params,
      path,
      at,
      ...problemText({ code, params }, setup.language),
    }));
    return { ...head, exit: exitCodes.wrong, system: null, problems, findings: [] };
  }
  const findings = await withHistory(setup, (h) => feasibility(plan, h, now, setup.kinds));
  return { ...head, exit: exitOf(findings), system: plan.plan.system, problems: [], findings: [...findings] };
}

/** `reprise plan explain`. Throws `plan.unreadable`, `plan.invalid`. */
export async function explainPlan(setup: SetUp): Promise<PlanExplainReport> {
  const loaded = await setup.readPlan();
  if (loaded === undefined) throw absent(setup);
  const { plan, problems } = loaded;
  if (plan === undefined)
    throw new RepriseError('plan.invalid', { file: setup.planFile, count: problems.length });
  const now = setup.clock.now();
  const explained = await withHistory(setup, (h) => explain(plan, h, now, setup.kinds));
  return { v: 1, command: 'plan explain', exit: exitCodes.done, at: now.toISOString(), plan: explained };
}

/** `reprise plan schema`: JSON Schema, draft 2020-12, with the kinds of this version. */
export const planSchemaText = (setup: Pick<SetUp, 'kinds'>): string =>
  `${JSON.stringify(jsonSchema(setup.kinds), null, 2)}\n`;

const absent = ({ planFile }: SetUp): RepriseError =>
  new RepriseError('plan.unreadable', { file: planFile, why: 'ENOENT' });

/** What was measured, where this plan has an installation whose journal can be read; its damage is `status`'s to tell. */
async function withHistory<R>(setup: SetUp, act: (history: PlanHistory) => R): Promise<R> {
  if (!existsSync(homePaths(setup.home).journal)) return act(noHistory);
  try {
    await using deps = await setup.open('read');
    return act(planHistory(deps));
  } catch (e) {
    if (!(e instanceof RepriseError) || !e.code.startsWith('journal.')) throw e;
    setup.log(saidOf(e));
    return act(noHistory);
  }
}
