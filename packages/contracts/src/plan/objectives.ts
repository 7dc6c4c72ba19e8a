import { z } from 'zod';

import { Duration } from '../units.ts';

/**
 * Objectives. `mtd`: maximum tolerable downtime; `tolerance`: how much over RPO or RTO still counts as "within
 * tolerance".
 */
export const Objectives = z
  .strictObject({
    rpo: Duration.optional().describe('Most data that may be lost, as time'),
    rto: Duration.optional().describe('Longest until it is back'),
    mtd: Duration.optional().describe('Maximum tolerable downtime'),
    tolerance: Duration.optional().describe('How much over RPO or RTO still counts as within tolerance'),
    availability: z
      .string()
      .regex(/^\d{1,2}(\.\d{1,4})?%$/, { error: 'percentage' })
      .optional()
      .describe('Promised share of the time in service, over a year'),
  })
  .meta({ id: 'Objectives', description: 'What was promised' });
export type Objectives = z.output<typeof Objectives>;

/** Grandfather-father-son: how many of the newest, and of the newest of each hour, day, week, month, year, are kept. */
export const Retention = z
  .strictObject({
    last: z.int().min(1).default(1).describe('The newest so many'),
    hourly: z.int().min(0).default(0).describe('The newest of each of so many hours'),
    daily: z.int().min(0).default(0).describe('The newest of each of so many days'),
    weekly: z.int().min(0).default(0).describe('The newest of each of so many weeks'),
    monthly: z.int().min(0).default(0).describe('The newest of each of so many months'),
    yearly: z.int().min(0).default(0).describe('The newest of each of so many years'),
  })
  .meta({
    id: 'Retention',
    description: 'Which points are kept; the newest good and the newest drilled one always are',
  });
export type Retention = z.output<typeof Retention>;
