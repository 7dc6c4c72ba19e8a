import { z } from 'zod';

import { Finding, Params } from '../finding.ts';
import { Instant } from '../forms.ts';
import { Retention } from '../plan/objectives.ts';
import { reportHead } from './common.ts';
import { Forecast } from './recovery.ts';

const At = z.strictObject({ file: z.string(), line: z.int().min(1), column: z.int().min(1) });

/** One error of a plan: what, where, and what to do about it, in the reader's language. */
export const PlanProblem = z.strictObject({
  code: z.string(),
  params: Params,
  path: z.string(),
  at: At,
  message: z.string(),
  hint: z.string(),
});
export type PlanProblem = z.output<typeof PlanProblem>;

/** `plan check`: either the plan is unreadable (problems), or it is judged (findings). */
export const PlanCheckReport = z
  .strictObject({
    ...reportHead('plan check'),
    file: z.string(),
    system: z.string().nullable(),
    at: Instant,
    problems: z.array(PlanProblem),
    findings: z.array(Finding),
  })
  .meta({ id: 'PlanCheckReport' });
export type PlanCheckReport = z.output<typeof PlanCheckReport>;

const Milliseconds = z.int().nonnegative().nullable();
const ResolvedObjectives = z.strictObject({
  rpo_ms: Milliseconds,
  rto_ms: Milliseconds,
  mtd_ms: Milliseconds,
  tolerance_ms: Milliseconds,
  availability: z.string().nullable(),
});

/** The plan as Reprise understands it, defaults filled in; no secret, no value of a variable that stands for one. */
export const Explanation = z
  .strictObject({
    system: z.string(),
    objectives: ResolvedObjectives,
    components: z.array(
      z.strictObject({
        component: z.string(),
        title: z.string().nullable(),
        kind: z.string(),
        tier: z.string().nullable(),
        host: z.string(),
        service: z.string().nullable(),
        group: z.string().nullable(),
        data: z.boolean().describe('Does it have data of its own?'),
        objectives: ResolvedObjectives,
        captures: z.array(
          z.strictObject({
            protection: z.string(),
            title: z.string().nullable(),
            schedule: z.string(),
            timezone: z.string(),
            method: z.string().nullable(),
            next: z.array(Instant).describe('The next three runs'),
            repositories: z.array(
              z.strictObject({
                repository: z.string(),
                title: z.string().nullable(),
                role: z.enum(['primary', 'copy']),
                off_site: z.boolean(),
                retention: Retention.nullable().describe('null: kept for ever'),
              }),
            ),
          }),
        ),
        capture_ms: Milliseconds,
        restore: Forecast.nullable(),
        bytes: Milliseconds,
        checks: z.array(z.strictObject({ name: z.string(), kind: z.string(), owner: z.string().nullable() })),
        depends_on: z.array(z.string()),
      }),
    ),
    groups: z.array(
      z.strictObject({
        group: z.string(),
        title: z.string().nullable(),
        members: z.array(z.string()).describe('In capture order'),
        hold: z
          .strictObject({
            services: z.array(z.string()),
            how: z.enum(['none', 'pause', 'stop']),
            max_ms: z.int(),
          })
          .nullable(),
      }),
    ),
    hosts: z.array(z.strictObject({ host: z.string(), kind: z.string(), title: z.string().nullable() })),
    parallel: z.int().describe('Components recovered at the same time, a host'),
    recovery: z
      .array(z.array(z.string()))
      .describe('In levels: each waits for those before; within one, in order of preference'),
    scenarios: z.array(
      z.strictObject({
        scenario: z.string(),
        title: z.string(),
        severity: z.string().nullable(),
        symptoms: z.array(z.string()),
        objectives: ResolvedObjectives,
        steps: z.array(
          z.strictObject({
            act: z.enum(['recover', 'manual', 'command']),
            text: z.string(),
            owner: z.string().nullable(),
            duration_ms: Milliseconds,
          }),
        ),
      }),
    ),
    roles: z.array(
      z.strictObject({
        role: z.string(),
        title: z.string().nullable(),
        primary: z.string().nullable(),
        secondary: z.string().nullable(),
      }),
    ),
    people: z.array(
      z.strictObject({
        person: z.string(),
        name: z.string(),
        phone: z.string().nullable(),
        email: z.string().nullable(),
        organisation: z.string().nullable(),
      }),
    ),
    suppliers: z.array(
      z.strictObject({
        supplier: z.string(),
        name: z.string(),
        contact: z.string().nullable(),
        availability: z.string().nullable(),
        sla: z.string().nullable(),
        contract: z.string().nullable(),
      }),
    ),
    escalation: z.array(
      z.strictObject({ after_ms: z.int(), notify: z.array(z.string()), title: z.string().nullable() }),
    ),
    document: z.strictObject({
      title: z.string().nullable(),
      classification: z.string().nullable(),
      version: z.string().nullable(),
      owner: z.string().nullable(),
      approvers: z.array(z.string()),
      reviewed: z.string().nullable(),
      standards: z.array(z.string()),
      review_ms: Milliseconds,
      drill_ms: Milliseconds,
    }),
    scope: z.strictObject({ covers: z.array(z.string()), excludes: z.array(z.string()) }),
  })
  .meta({ id: 'Explanation' });
export type Explanation = z.output<typeof Explanation>;

export const PlanExplainReport = z
  .strictObject({ ...reportHead('plan explain'), at: Instant, plan: Explanation })
  .meta({ id: 'PlanExplainReport' });
export type PlanExplainReport = z.output<typeof PlanExplainReport>;
