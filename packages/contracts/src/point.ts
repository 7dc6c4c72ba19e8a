import { z } from 'zod';

import { Params, Verdict } from './finding.ts';
import { Hex64, Instant } from './forms.ts';

/** When the data is consistent as of, by the source server's clock. `from`…`to`: a fuzzy capture spans an interval. */
export const AsOf = z.strictObject({
  from: Instant,
  to: Instant,
  clock: z.enum(['server', 'host']),
  offset_ms: z.int().nullable().describe('server − host; null when it could not be asked'),
  position: z.string().optional().describe('LSN, GTID, …'),
});
export type AsOf = z.output<typeof AsOf>;

/** One stream or tree, stored as one snapshot. */
export const PartRecord = z.strictObject({
  name: z.string(),
  form: z.enum(['stream', 'tree']),
  snapshot: z.string(),
  bytes: z.int().nonnegative().describe('As the producer gave them (stream) or the files add up to (tree)'),
  files: z.int().nonnegative().optional(),
  sha256: Hex64.optional().describe('Of the stream, where the bytes passed through or were read back'),
});
export type PartRecord = z.output<typeof PartRecord>;

/** What the kind saw at capture, to compare with after a restore; integers and text only. */
export const Inventory = z.strictObject({
  v: z.literal(1),
  items: z.array(z.strictObject({ name: z.string(), type: z.string(), values: Params })),
});
export type Inventory = z.output<typeof Inventory>;

export const Level = z.enum(['stored', 'read', 'parsed', 'drilled']);
export type Level = z.output<typeof Level>;

/** A point as it lies in one repository. */
export const PointCopy = z.strictObject({
  repository: z.string(),
  parts: z.array(PartRecord),
  level: Level.describe('The highest that it passed here'),
  verdict: Verdict.describe('Of the newest check here that was as thorough as one that failed'),
  read_at: Instant.optional().describe('When it was last read back here without an error'),
  committed: z
    .boolean()
    .nullable()
    .describe('Is its entry in that repository too? false: not yet; null: what is known here cannot tell'),
});
export type PointCopy = z.output<typeof PointCopy>;

/** A recovery point as the catalogue shows it. */
export const Point = z.strictObject({
  id: z.string(),
  component: z.string(),
  kind: z.string(),
  method: z.string(),
  run: z.string(),
  installation: z.string(),
  epoch: z.int(),
  at: Instant.describe('When it was recorded'),
  as_of: AsOf,
  bytes: z.int(),
  level: Level.describe('The highest that any committed copy passed'),
  verdict: Verdict.describe('pass: some committed copy passed its newest check; such a point is good'),
  drilled_at: Instant.nullable(),
  plan: Hex64.describe('SHA-256 of the plan it was made by'),
  protection: z.string().nullable().describe('For which its retention is chosen; null: captured by hand'),
  tools: z.record(z.string(), z.string()),
  server: z.string().nullable(),
  inventory: Inventory,
  group: z.strictObject({ name: z.string(), id: z.string() }).nullable(),
  capture_ms: z.int(),
  fork: z.boolean().describe('Made by an installation after another one had taken over from it'),
  future: z.boolean().describe('Dated later than now: by this clock or by the other one, something is wrong'),
  copies: z.array(PointCopy),
});
export type Point = z.output<typeof Point>;
