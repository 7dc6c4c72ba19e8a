import { z } from 'zod';

import { Finding } from '../finding.ts';
import { Instant } from '../forms.ts';
import { Retention } from '../plan/objectives.ts';
import { Level, Point } from '../point.ts';
import { reportHead, RunReport, SaidError, Waiting } from './common.ts';
import { Forecast } from './recovery.ts';

/** `reprise backup`, and each unit of `reprise due --run`. */
export const BackupReport = z.strictObject({
  ...reportHead('backup'),
  run: RunReport,
  resumed: z.boolean().describe('An interrupted run was continued'),
  points: z.array(Point).describe('Made by this run and committed'),
  uncommitted: z
    .array(z.string())
    .describe('Checked, but in no repository with their journal entry yet: not points'),
});
export type BackupReport = z.output<typeof BackupReport>;

/** `reprise backup --dry-run`: exit 1: something would fail now. */
export const BackupPreviewReport = z.strictObject({
  ...reportHead('backup'),
  units: z.array(
    z.strictObject({
      unit: z.string(),
      components: z.array(z.string()),
      protection: z.string().nullable(),
      repositories: z.array(z.string()).describe('The first is captured into; the others get a copy'),
      hold: z
        .strictObject({ how: z.enum(['pause', 'stop']), services: z.array(z.string()) })
        .nullable()
        .describe('What would be at rest meanwhile'),
      bytes: z.int().nullable().describe('Of the newest points; null: not known of every component'),
      predicted: Forecast.nullable().describe('Of the capture alone'),
      findings: z.array(Finding),
      error: SaidError.nullable(),
    }),
  ),
});
export type BackupPreviewReport = z.output<typeof BackupPreviewReport>;

/** Why retention keeps a point. */
export const KeepReason = z.enum([
  'last',
  'hourly',
  'daily',
  'weekly',
  'monthly',
  'yearly',
  'newest-good',
  'newest-drilled',
  'last-committed',
  'no-retention',
  'no-good-point',
  'fork',
  'group',
]);
export type KeepReason = z.output<typeof KeepReason>;

/** `reprise maintain --dry-run`. Exit 4: retention would be refused. */
export const MaintainPreviewReport = z.strictObject({
  ...reportHead('maintain'),
  repositories: z.array(
    z.strictObject({
      repository: z.string(),
      kept: z.array(z.strictObject({ point: z.string(), reasons: z.array(KeepReason) })),
      forgotten: z.array(
        z.strictObject({ point: z.string(), rule: Retention.nullable().describe('What the plan keeps') }),
      ),
      debris: z.array(z.string()),
      states: z.int(),
      revoked: z.array(z.string()).describe('Slots of earlier recovery keys'),
      pruned: z.boolean(),
      read: z.string().describe('Slice of the packs that would be read back: "3/30"'),
      refused: z.string().nullable().describe('Why nothing would be forgotten'),
    }),
  ),
});
export type MaintainPreviewReport = z.output<typeof MaintainPreviewReport>;

export const DueReport = z.strictObject({
  ...reportHead('due'),
  due: z.array(
    z.strictObject({
      unit: z.string(),
      protection: z.string(),
      last: Instant.nullable().describe('As-of of the newest point'),
      since: Instant.nullable().describe('Due since'),
      next: Instant.nullable(),
      missed: z.int(),
      overdue: z.boolean().describe('The RPO is broken already'),
      lacking: z.array(z.string()).default([]).describe('Repositories without a copy of the newest point'),
    }),
  ),
  runs: z.array(BackupReport),
});
export type DueReport = z.output<typeof DueReport>;

export const MaintainReport = z.strictObject({
  ...reportHead('maintain'),
  run: RunReport,
  repositories: z.array(
    z.strictObject({
      repository: z.string(),
      kept: z.int(),
      forgotten: z.array(z.strictObject({ point: z.string(), reason: z.string() })),
      debris: z.array(z.string()),
      states: z.int().describe('State snapshots forgotten'),
      pruned: z.boolean(),
      read: z.string().nullable().describe('Slice of the packs read back: "3/30"'),
      refused: z.string().nullable().describe('Why nothing was forgotten here'),
    }),
  ),
});
export type MaintainReport = z.output<typeof MaintainReport>;

export const PointsReport = z.strictObject({
  ...reportHead('points'),
  as_of: Instant.nullable().describe('Age of this view: when repositories were last looked at'),
  points: z.array(Point),
  forks: z.array(Point),
});
export type PointsReport = z.output<typeof PointsReport>;

export const VerifyReport = z.strictObject({
  ...reportHead('verify'),
  run: RunReport,
  points: z.array(
    z.strictObject({
      point: z.string(),
      repository: z.string(),
      level: Level.nullable(),
      findings: z.array(Finding),
    }),
  ),
});
export type VerifyReport = z.output<typeof VerifyReport>;

/** `reprise resume`: what an interruption left, and what was done about it. */
export const ResumeReport = z.strictObject({
  ...reportHead('resume'),
  settled: z.array(
    z.strictObject({
      run: z.string(),
      recipe: z.string(),
      orphans: z.int().describe('Processes ended'),
      services: z.array(z.strictObject({ service: z.string(), by: z.string(), ok: z.boolean() })),
    }),
  ),
  continued: z.array(z.strictObject({ run: z.string(), recipe: z.string(), exit: z.int() })),
  abandoned: z.array(z.string()),
  left_down: z
    .strictObject({
      run: z.string(),
      since: Instant,
      components: z.array(z.string()),
      services: z.array(z.string()),
      command: z.string(),
    })
    .nullable()
    .optional()
    .describe('A recovery that failed and did not bring everything back; only the command goes on with it'),
  waiting: z.array(Waiting).optional(),
});
export type ResumeReport = z.output<typeof ResumeReport>;
