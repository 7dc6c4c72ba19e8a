import { z } from 'zod';

import { Finding } from '../finding.ts';
import { Instant } from '../forms.ts';
import { bodies, Head } from '../journal.ts';
import { AsOf } from '../point.ts';
import { reportHead, RunReport, Waiting } from './common.ts';

const MeasuredObjective = bodies['component.recovered'].shape.rpo;

/** A predicted length of time: measured before, or worked out from bytes and rate and marked so. */
export const Forecast = z.strictObject({
  ms: z.int().nonnegative(),
  basis: z.enum(['measured', 'extrapolated']),
});
export type Forecast = z.output<typeof Forecast>;

/** What would be done, in order, with what is known beforehand. */
export const Runbook = z
  .strictObject({
    system: z.string(),
    recipe: z.enum(['restore', 'recover']),
    scenario: z.string().nullable(),
    place: z.string(),
    until: Instant.nullable(),
    steps: z.array(
      z.strictObject({
        name: z.string(),
        act: z.enum(['rebuild', 'restore', 'check', 'decision', 'command']),
        component: z.string().nullable(),
        title: z.string().nullable().describe('The plan’s own words, for decisions and commands'),
        owner: z.string().nullable(),
        after: z.array(z.string()),
        predicted: Forecast.nullable(),
        restore: z
          .strictObject({
            point: z.string(),
            as_of: AsOf,
            age_ms: z.int(),
            bytes: z.int(),
            repositories: z.array(z.string()).describe('In the order in which they will be tried'),
            scratch_bytes: z.int().nullable(),
            vacant: z.boolean().nullable(),
            found: z.string().nullable(),
            would: z.enum(['restore', 'put-aside', 'refuse', 'unknown']),
          })
          .nullable(),
        findings: z.array(Finding),
      }),
    ),
    predicted: Forecast.nullable().describe('Of the whole, along the longest path'),
    spread_ms: z.int().nullable().describe('How far apart the data of the points is'),
    findings: z.array(Finding),
  })
  .meta({ id: 'Runbook' });
export type Runbook = z.output<typeof Runbook>;

/** What came of a restore or a recovery, from the journal alone. */
export const RecoveryRecord = z
  .strictObject({
    system: z.string(),
    run: z.uuid(),
    recipe: z.enum(['restore', 'recover']),
    state: z.enum(['finished', 'failed', 'interrupted', 'open']),
    exit: z.int().nullable(),
    scenario: z.string().nullable(),
    place: z.string(),
    requested_at: Instant,
    lost_at: Instant.nullable(),
    until: Instant.nullable(),
    incident_began: Instant.nullable().describe('The request of the incident’s first bootstrap or recover'),
    ended_at: Instant.nullable(),
    components: z.array(
      z.strictObject({
        component: z.string(),
        state: z.enum(['in-service', 'restored', 'failed', 'refused', 'unfinished']),
        point: z.string().nullable(),
        as_of: AsOf.nullable(),
        repository: z.string().nullable(),
        bytes: z.int().nullable(),
        restore_ms: z.int().nullable(),
        consent: z
          .strictObject({ how: z.enum(['typed', 'flag']), at: Instant, renamed: z.string().nullable() })
          .nullable(),
        rpo: MeasuredObjective.nullable(),
        rto: MeasuredObjective.nullable(),
        error: z
          .strictObject({
            code: z.string(),
            message: z.string().describe('English'),
            params: z.record(z.string(), z.unknown()).optional().describe('to say it in another language'),
          })
          .nullable(),
        findings: z.array(Finding),
      }),
    ),
    whole: z.strictObject({ rpo: MeasuredObjective, rto: MeasuredObjective }).nullable(),
    left_stopped: z
      .array(z.strictObject({ service: z.string(), components: z.array(z.string()), command: z.string() }))
      .optional()
      .describe('Services that this recovery stopped and did not start again, and what goes on with it'),
    left_aside: z
      .array(z.strictObject({ component: z.string(), where: z.string(), command: z.string().nullable() }))
      .optional()
      .describe(
        'What was put aside for data that did not come back, and what puts files in their place again',
      ),
    spread_ms: z.int().nullable(),
    decisions: z.array(
      z.strictObject({
        at: Instant,
        step: z.string(),
        answer: z.enum(['approved', 'refused']),
        role: z.string().nullable(),
        comment: z.string(),
      }),
    ),
    timeline: z.array(
      z.strictObject({ at: Instant, seq: z.int(), type: z.string(), step: z.string().nullable() }),
    ),
    findings: z.array(Finding).describe('Of the run itself'),
    head: Head.describe('The journal when this was written: the entries above are at or before it'),
  })
  .meta({ id: 'RecoveryRecord' });
export type RecoveryRecord = z.output<typeof RecoveryRecord>;

/**
 * `evidence/<run>.json`: the record, and the installation’s signature over the canonical bytes (RFC 8785) of the rest.
 */
export const SignedRecord = z
  .strictObject({
    v: z.literal(1),
    record: RecoveryRecord,
    key: z.string().nullable().describe('Ed25519 public key, base64 of the 32 raw bytes; null: not signed'),
    signature: z.string().nullable(),
  })
  .meta({ id: 'SignedRecord' });
export type SignedRecord = z.output<typeof SignedRecord>;

const EvidenceFiles = z.strictObject({ markdown: z.string(), json: z.string() });

/** `reprise restore`, `reprise recover` (`reprise report recovery` without the run). */
const recovery = {
  run: RunReport,
  resumed: z.boolean().describe('An earlier run of the same command was carried on'),
  before: z.enum(['interrupted', 'failed']).nullable().default(null).describe('How that one had ended'),
  record: RecoveryRecord,
  evidence: EvidenceFiles.nullable(),
  waiting: Waiting.nullable().optional(),
};
export const RestoreReport = z.strictObject({ ...reportHead('restore'), ...recovery });
export type RestoreReport = z.output<typeof RestoreReport>;
export const RecoverReport = z.strictObject({ ...reportHead('recover'), ...recovery });
export type RecoverReport = z.output<typeof RecoverReport>;

/** The same commands with `--dry-run`. Exit 4: something would be refused; 3: something cannot be seen now. */
export const RestoreRunbookReport = z.strictObject({ ...reportHead('restore'), runbook: Runbook });
export type RestoreRunbookReport = z.output<typeof RestoreRunbookReport>;
export const RecoverRunbookReport = z.strictObject({ ...reportHead('recover'), runbook: Runbook });
export type RecoverRunbookReport = z.output<typeof RecoverRunbookReport>;

/** `reprise report recovery`. */
export const RecoveryEvidenceReport = z.strictObject({
  ...reportHead('report'),
  language: z.enum(['fr', 'en']),
  record: RecoveryRecord,
  text: z.string().describe('The same in Markdown'),
  evidence: EvidenceFiles.nullable(),
});
export type RecoveryEvidenceReport = z.output<typeof RecoveryEvidenceReport>;

/** `reprise report recovery --check <file>`: is that record what was signed, by whom, and what the journal says? */
export const RecoveryCheckReport = z.strictObject({
  ...reportHead('report'),
  file: z.string(),
  run: z.uuid(),
  head: Head.describe('The journal that the record says it was made from'),
  key: z.string().nullable().describe('The public key that the record names; null: not signed'),
  findings: z.array(Finding),
});
export type RecoveryCheckReport = z.output<typeof RecoveryCheckReport>;
