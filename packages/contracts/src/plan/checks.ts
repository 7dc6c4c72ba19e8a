import { z } from 'zod';

import { Duration, Name } from '../units.ts';
import { PlanCommand } from './command.ts';
import { AbsolutePath } from './values.ts';

const checkCommon = {
  name: z.string().min(1).max(100).describe('For people'),
  owner: Name.optional().describe('The role that answers for this check'),
  max_duration: Duration.default(120_000).describe('Retried until it passes or this long'),
};
export const PlanCheck = z
  .discriminatedUnion('kind', [
    z.strictObject({
      ...checkCommon,
      kind: z.literal('sql').describe('A query of the component’s database'),
      database: z.string().optional().describe('Default: the maintenance database of the connection'),
      query: z.string().min(1).describe('One row, one column; no row or NULL is a fail'),
      expect: z.string().optional().describe('The value as text; without it: any value but false'),
    }),
    z.strictObject({
      ...checkCommon,
      kind: z.literal('rows').describe('Rows of a table'),
      database: z.string().optional().describe('Default: the maintenance database of the connection'),
      table: z.string().min(1).describe('[schema.]table, as in the inventory'),
      min: z.int().min(0).optional().describe('Without it: exactly as many as were recorded at capture'),
    }),
    z.strictObject({
      ...checkCommon,
      kind: z.literal('http').describe('An answer over HTTP'),
      url: z.url().describe('Redirects are not followed'),
      status: z.int().min(100).max(599).default(200).describe('The status wanted'),
      contains: z.string().optional().describe('Text that the answer must contain'),
    }),
    z.strictObject({
      ...checkCommon,
      kind: z.literal('tcp').describe('A port that accepts connections'),
      host: z.string().default('127.0.0.1').describe('Name or address'),
      port: z.int().min(1).max(65_535).describe('Port'),
    }),
    z.strictObject({
      ...checkCommon,
      kind: z.literal('command').describe('A program’s exit status'),
      command: PlanCommand.describe('Passes with exit 0'),
    }),
    z.strictObject({
      ...checkCommon,
      kind: z.literal('files').describe('Files of a folder'),
      path: AbsolutePath.describe('The folder'),
      min: z.int().min(1).default(1).describe('At least so many files'),
      contains: z.array(z.string()).default([]).describe('Relative paths that must exist'),
    }),
  ])
  .meta({ id: 'Check', description: 'A probe of a running service' });
export type PlanCheck = z.output<typeof PlanCheck>;
