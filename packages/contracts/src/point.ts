import { z } from 'zod';

import { Params } from './finding.ts';

const Instant = z.iso.datetime({ precision: 3 });
const Hex64 = z.string().regex(/^[0-9a-f]{64}$/);

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
  level: Level,
  drilled_at: Instant.nullable(),
  plan: Hex64.describe('SHA-256 of the plan it was made by'),
  tools: z.record(z.string(), z.string()),
  server: z.string().nullable(),
  inventory: Inventory,
  group: z.strictObject({ name: z.string(), id: z.string() }).nullable(),
  fork: z.boolean(),
  copies: z.array(
    z.strictObject({ repository: z.string(), parts: z.array(PartRecord), level: Level, committed: z.boolean() }),
  ),
});
export type Point = z.output<typeof Point>;
