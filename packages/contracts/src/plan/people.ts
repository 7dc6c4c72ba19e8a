import { z } from 'zod';

import { Duration, Name } from '../units.ts';
import { IsoDate, text, title } from './values.ts';

export const Person = z
  .strictObject({
    name: z.string().describe('Name'),
    phone: z.string().optional().describe('Answered in an emergency'),
    email: z.string().optional().describe('Address'),
    organisation: z.string().optional().describe('Where the person works'),
  })
  .meta({ id: 'Person', description: 'Appears by id in journal and evidence, never by name' });
export const Role = z
  .strictObject({
    title,
    primary: Name.optional().describe('Person who acts'),
    secondary: Name.optional().describe('Person who acts when the first cannot'),
    responsibilities: z.array(text).default([]).describe('What the role answers for'),
  })
  .meta({ id: 'Role', description: 'What somebody answers for' });
export const Supplier = z
  .strictObject({
    name: z.string().describe('Name'),
    contact: z.string().optional().describe('Address, number or portal'),
    availability: z.string().optional().describe('When they answer'),
    sla: z.string().optional().describe('Within what time'),
    contract: z.string().optional().describe('Number or place of the contract'),
  })
  .meta({ id: 'Supplier', description: 'Who is needed from outside' });
export const PlanDocument = z
  .strictObject({
    title: text.optional().describe('Of the printed plan'),
    classification: z.string().optional().describe('Who may read it'),
    version: z.string().optional().describe('Of the document; between quotes'),
    owner: Name.optional().describe('Role or person'),
    approvers: z.array(Name).default([]).describe('Roles or people'),
    reviewed: IsoDate.optional().describe('Date of the last review'),
    review_every: Duration.optional().describe('How often it is reviewed'),
    drill_every: Duration.optional().describe('How often a drill is held; points must outlive it'),
    standards: z.array(z.string()).default([]).describe('Norms that it answers to'),
  })
  .meta({ id: 'Document', description: 'What stands on the cover' });

export const Escalation = z
  .strictObject({
    after: Duration.describe('Since the incident began'),
    notify: z.array(Name).min(1).describe('Roles or people'),
    title,
  })
  .meta({ id: 'Escalation', description: 'Who is called when an incident is not over after so long' });
