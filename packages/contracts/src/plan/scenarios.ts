import { z } from 'zod';

import { Duration, Name } from '../units.ts';
import { PlanCommand } from './command.ts';
import { Objectives } from './objectives.ts';
import { text, title } from './values.ts';

const owner = Name.optional().describe('Role or person');

export const ScenarioStep = z.union([
  z.strictObject({
    recover: z
      .union([z.literal('all'), z.array(Name).min(1)])
      .describe('Components, with what they depend on; or all'),
    title,
    owner,
  }),
  z.strictObject({
    manual: text.describe('What a person does'),
    owner,
    duration: Duration.optional().describe('How long it takes'),
  }),
  z.strictObject({
    command: PlanCommand.describe('Run by Reprise'),
    title,
    owner,
  }),
]);
export const Scenario = z
  .strictObject({
    title: text.describe('For people'),
    symptoms: z.array(text).default([]).describe('How it is recognised'),
    severity: z.string().max(40).optional().describe('In the words of the organisation: P1, major…'),
    objectives: Objectives.prefault({}).describe('What is promised in this case'),
    steps: z.array(ScenarioStep).min(1).describe('Its runbook'),
  })
  .meta({ id: 'Scenario', description: 'A kind of disaster and its runbook' });
export type Scenario = z.output<typeof Scenario>;
