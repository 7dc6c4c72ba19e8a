import { z } from 'zod';

import { Finding } from '../finding.ts';
import { Instant } from '../forms.ts';
import { EntryV1, Head } from '../journal.ts';
import { Level } from '../point.ts';
import { reportHead } from './common.ts';

const Milliseconds = z.int().nullable();

/** The first screen: if it burned down now, what would we lose, and how long would it take? */
export const StatusReport = z.strictObject({
  ...reportHead('status'),
  system: z.string(),
  at: Instant,
  colour: z.enum(['green', 'amber', 'red', 'unknown']),
  components: z.array(
    z.strictObject({
      component: z.string(),
      kind: z.string(),
      tier: z.string().nullable(),
      colour: z.enum(['green', 'amber', 'red', 'unknown']),
      rpo: z.strictObject({ objective_ms: Milliseconds, actual_ms: Milliseconds }),
      rto: z.strictObject({ objective_ms: Milliseconds, actual_ms: Milliseconds }),
      newest: z.strictObject({ point: z.string(), as_of: Instant, level: Level }).nullable(),
      drilled_at: Instant.nullable(),
      copies: z.strictObject({
        total: z.int().describe('The live data and the committed copies of the newest point'),
        media: z.int(),
        off_site: z.int(),
        verified: z.int().describe('Copies read without an error'),
      }),
    }),
  ),
  repositories: z.array(
    z.strictObject({
      repository: z.string(),
      seen_at: Instant.nullable(),
      kit_checked_at: Instant.nullable(),
      states: z.int(),
    }),
  ),
  open_runs: z.array(
    z.strictObject({ run: z.string(), recipe: z.string(), started_at: Instant, state: z.string() }),
  ),
  findings: z.array(Finding),
});
export type StatusReport = z.output<typeof StatusReport>;

/** `journal show` prints NDJSON with --json: one of these a line. */
export const JournalLine = EntryV1;
export const JournalVerifyReport = z.strictObject({
  ...reportHead('journal verify'),
  head: Head,
  entries: z.int(),
  findings: z.array(Finding),
});
export type JournalVerifyReport = z.output<typeof JournalVerifyReport>;

export const CatalogueRebuildReport = z.strictObject({
  ...reportHead('catalogue rebuild'),
  repositories: z.array(
    z.strictObject({
      repository: z.string(),
      states: z.int(),
      accepted: z.array(Head),
      foreign: z.int().describe('States signed by a key that the root does not vouch for'),
      error: z.string().nullable(),
    }),
  ),
  points: z.int(),
});
export type CatalogueRebuildReport = z.output<typeof CatalogueRebuildReport>;

/** A state found in a repository, as a candidate to continue from. */
export const StateCandidate = z.strictObject({
  snapshot: z.string(),
  head: Head,
  at: Instant,
  system: z.string(),
  role: z.enum(['writer', 'maintainer']),
  valid: z.boolean(),
  why: z.string().nullable(),
});
export type StateCandidate = z.output<typeof StateCandidate>;

export const BootstrapReport = z.strictObject({
  ...reportHead('bootstrap'),
  candidates: z.array(StateCandidate),
  unread: z.int().default(0).describe('States that nobody vouches for and that were too many to look at'),
  chosen: z.string().nullable(),
  installation: z.string().nullable(),
  epoch: z.int().nullable(),
  plan: z.string().nullable().describe('Where the plan was written'),
  points: z.int(),
  missing: z.array(z.string()).describe('Secrets that the plan refers to and that are not on this machine'),
});
export type BootstrapReport = z.output<typeof BootstrapReport>;

export const InitReport = z.strictObject({
  ...reportHead('init'),
  plan: z.string(),
  created: z.boolean().describe('The plan was written; otherwise it was there'),
  components: z.array(z.strictObject({ name: z.string(), kind: z.string(), because: z.string() })),
  repositories: z.array(
    z.strictObject({
      repository: z.string(),
      id: z.string(),
      state: z.enum(['initialised', 'already', 'failed']),
      error: z.string().nullable(),
    }),
  ),
  recovery_key: z
    .string()
    .nullable()
    .describe('Printed once, stored nowhere; null where it had been made before'),
  superseded: z
    .array(z.strictObject({ repository: z.string(), key: z.string().describe('restic key id') }))
    .default([])
    .describe('Slots of earlier recovery keys, which still open it until `maintain` removes them'),
  installation: z.string().nullable(),
});
export type InitReport = z.output<typeof InitReport>;

export const KitReport = z.strictObject({
  ...reportHead('kit'),
  language: z.enum(['fr', 'en']),
  text: z.string(),
});
export type KitReport = z.output<typeof KitReport>;
export const KitCheckReport = z.strictObject({
  ...reportHead('kit check'),
  repositories: z.array(
    z.strictObject({ repository: z.string(), opens: z.boolean(), error: z.string().nullable() }),
  ),
  findings: z.array(Finding).default([]),
});
export type KitCheckReport = z.output<typeof KitCheckReport>;

export const DoctorReport = z.strictObject({ ...reportHead('doctor'), findings: z.array(Finding) });
export type DoctorReport = z.output<typeof DoctorReport>;
