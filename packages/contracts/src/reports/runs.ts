import { z } from 'zod';

import { Finding } from '../finding.ts';
import { Level, Point } from '../point.ts';
import { Instant, reportHead, RunReport } from './common.ts';

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
});
export type ResumeReport = z.output<typeof ResumeReport>;
