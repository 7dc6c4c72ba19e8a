import { z } from 'zod';

import { Name, Size } from '../units.ts';
import { componentCommon, Group, type PlanComponent } from './components.ts';
import { Objectives } from './objectives.ts';
import { Escalation, Person, PlanDocument, Role, Supplier } from './people.ts';
import { PlanRepository, Protection } from './repositories.ts';
import { Scenario } from './scenarios.ts';
import { PlanHost, PlanService } from './services.ts';
import { AbsolutePath, text } from './values.ts';

const record = <T extends z.ZodType>(schema: T) => z.record(Name, schema);

const planShape = {
  version: z.literal(1).describe('Of this format'),
  system: Name.describe('Name of the whole'),
  language: z.enum(['fr', 'en']).default('en').describe('Language of the documents'),
  document: PlanDocument.prefault({}).describe('The cover: owner, review, approval'),
  scope: z
    .strictObject({
      covers: z.array(text).default([]).describe('What is in the plan'),
      excludes: z.array(text).default([]).describe('What is not'),
    })
    .prefault({})
    .describe('What the plan is about'),
  objectives: Objectives.prefault({}).describe('Of the whole system'),
  hosts: record(PlanHost)
    .default({ local: { kind: 'local' } })
    .describe('Where commands and files are'),
  services: record(PlanService).default({}).describe('What can be stopped and started'),
  tiers: record(Objectives).default({}).describe('Named sets of objectives'),
  repositories: record(PlanRepository).describe('Where points are kept'),
  protections: record(Protection).default({}).describe('When, how and where captures are made'),
  groups: record(Group).default({}).describe('Components captured coherently'),
  recovery: z
    .strictObject({
      order: z.array(Name).default([]).describe('Ties are broken in this order; dependencies come first'),
      parallel: z.int().min(1).max(64).default(2).describe('Components recovered at the same time, a host'),
      scratch: AbsolutePath.optional().describe('Where room for restores and captures is claimed'),
      scratch_max: Size.optional().describe('At most so much room'),
    })
    .prefault({})
    .describe('How the whole comes back'),
  scenarios: record(Scenario).default({}).describe('Kinds of disaster and their runbooks'),
  people: record(Person).default({}).describe('Who can be called'),
  roles: record(Role).default({}).describe('Who answers for what'),
  suppliers: record(Supplier).default({}).describe('Who is needed from outside'),
  escalation: z
    .array(Escalation)
    .default([])
    .describe('Who is called when an incident is not over after so long'),
};

/** A kind's own keys, by its name; the spec must be a strict object without the keys of `componentCommon`. */
export type KindSpecs = ReadonlyMap<string, z.ZodObject>;

const component = (kind: string, spec: z.ZodObject) =>
  z
    .strictObject({ kind: z.literal(kind).describe('What it is'), ...componentCommon, ...spec.shape })
    .meta({ id: `Component-${kind}` });

/** The schema of plan v1 with the given kinds. */
export function planSchema(kinds: KindSpecs) {
  const [first, ...rest] = [...kinds].map(([kind, spec]) => component(kind, spec));
  if (first === undefined) throw new TypeError('a plan needs at least one kind');
  return z
    .strictObject({
      ...planShape,
      components: record(z.discriminatedUnion('kind', [first, ...rest])).describe(
        'What is protected, or rebuilt',
      ),
    })
    .meta({ id: 'Plan', title: 'Reprise plan, version 1' });
}

type Shape = { [K in keyof typeof planShape]: z.output<(typeof planShape)[K]> };
export type Plan = Shape & { components: Record<string, PlanComponent> };
