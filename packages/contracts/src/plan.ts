import { z } from 'zod';

import { Duration, Name, Size } from './units.ts';

/** Plan v1. One source: types, JSON Schema (`plan schema`), the reference page. Only additions from here on. */

const argv = z.tuple([z.string().min(1)], z.string());
const EnvName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'env-name' });
const AbsolutePath = z.string().regex(/^\/[^\0]*$/, { error: 'absolute-path' });
const text = z.string().max(4000);
const IsoDate = z.iso.date();

/** Where a secret is found at the moment it is needed; the plan itself never holds one. */
export const SecretRef = z
  .union([
    z.strictObject({ env: EnvName }),
    z.strictObject({ file: AbsolutePath }),
    z.strictObject({ command: argv }),
  ])
  .meta({
    id: 'SecretRef',
    description: 'A secret from an environment variable, a file or the output of a command',
  });
export type SecretRef = z.output<typeof SecretRef>;

/** A command line of a service, a rebuild or a check. */
export const PlanCommand = z
  .strictObject({
    argv,
    user: z.string().optional().describe('Run as this user (default: the user that runs Reprise)'),
    cwd: AbsolutePath.optional(),
    env: z.record(EnvName, z.string()).default({}),
    secrets: z
      .record(EnvName, SecretRef)
      .default({})
      .describe('Secrets put in the environment of exactly this process'),
    timeout: Duration.default(300_000),
  })
  .meta({ id: 'PlanCommand' });
export type PlanCommand = z.output<typeof PlanCommand>;

export const PlanHost = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('local'), title: text.optional() }),
    z.strictObject({
      kind: z.literal('ssh'),
      title: text.optional(),
      address: z.string(),
      user: z.string().optional(),
      port: z.int().optional(),
    }),
  ])
  .meta({ id: 'Host', description: 'Where commands and files are' });
export type PlanHost = z.output<typeof PlanHost>;

/**
 * Variables that follow the place of a recovery: in situ they have the values given here; in another place a path
 * becomes a path below its root and a port becomes a free one. Given as environment to every command of the service
 * and of the rebuild of components that use it.
 */
export const PlaceVariable = z.union([
  z.strictObject({ path: AbsolutePath }),
  z.strictObject({ port: z.int().min(1).max(65_535) }),
]);

export const PlanService = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none'), host: Name.optional() }),
    z.strictObject({
      kind: z.literal('command'),
      host: Name.optional(),
      start: PlanCommand,
      stop: PlanCommand,
      ready: PlanCommand.describe('Exit 0 when the service answers'),
      state: PlanCommand.optional().describe(
        'Prints running, stopped or paused; without it: running when ready, else stopped',
      ),
      pause: PlanCommand.optional(),
      resume: PlanCommand.optional(),
      place: z.record(EnvName, PlaceVariable).default({}),
    }),
    z.strictObject({
      kind: z.literal('compose'),
      host: Name.optional(),
      project: z.string().min(1),
      file: AbsolutePath.optional(),
      service: z.string().min(1),
      ready: PlanCommand.optional(),
    }),
    z.strictObject({
      kind: z.literal('systemd'),
      host: Name.optional(),
      unit: z.string().min(1),
      ready: PlanCommand.optional(),
    }),
  ])
  .meta({ id: 'Service', description: 'What can be stopped, started, paused, asked if it is ready' });
export type PlanService = z.output<typeof PlanService>;

/** Objectives. `mtd`: maximum tolerable downtime; `tolerance`: how much over RPO or RTO still counts as "within tolerance". */
export const Objectives = z
  .strictObject({
    rpo: Duration.optional(),
    rto: Duration.optional(),
    mtd: Duration.optional(),
    tolerance: Duration.optional(),
    availability: z
      .string()
      .regex(/^\d{1,2}(\.\d{1,4})?%$/, { error: 'percentage' })
      .optional()
      .describe('Promised share of the time in service, over a year'),
  })
  .meta({ id: 'Objectives' });
export type Objectives = z.output<typeof Objectives>;

/** Grandfather-father-son: how many of the newest, and of the newest of each hour, day, week, month, year, are kept. */
export const Retention = z
  .strictObject({
    last: z.int().min(1).default(1),
    hourly: z.int().min(0).default(0),
    daily: z.int().min(0).default(0),
    weekly: z.int().min(0).default(0),
    monthly: z.int().min(0).default(0),
    yearly: z.int().min(0).default(0),
  })
  .meta({ id: 'Retention' });
export type Retention = z.output<typeof Retention>;

const Identity = z.strictObject({
  url: z.string().min(1).optional().describe('Where this identity reaches the repository, if elsewhere'),
  env: z.record(EnvName, SecretRef).default({}).describe('Backend credentials, given to restic alone'),
  password: SecretRef.optional().describe('Default: the machine key that `reprise init` made'),
});
export const PlanRepository = z
  .strictObject({
    title: text.optional(),
    url: z
      .string()
      .min(1)
      .describe('As restic writes it: a path, rest:…, sftp:…, s3:…, rclone:…; without credentials'),
    role: z.enum(['primary', 'copy']).default('primary'),
    off_site: z.boolean().default(false),
    media: z.enum(['disk', 'object', 'tape', 'other']).default('disk'),
    writer: Identity.prefault({}).describe('May only append; lives on the protected host'),
    maintainer: Identity.prefault({}).describe('Forgets, prunes, checks: `reprise maintain`'),
    retention: Retention.optional(),
  })
  .meta({ id: 'Repository' });
export type PlanRepository = z.output<typeof PlanRepository>;

export const Protection = z
  .strictObject({
    title: text.optional(),
    schedule: z.string().min(1).describe('Five cron fields'),
    timezone: z.string().default('UTC'),
    methods: z.record(z.string(), z.string()).default({}).describe('Method by kind, where not the default'),
    repositories: z.array(Name).min(1).describe('The first is captured into; the others get a copy'),
    keep: Retention.optional().describe('Overrides the retention of the repositories for these points'),
  })
  .meta({ id: 'Protection', description: 'When, how and where captures are made' });
export type Protection = z.output<typeof Protection>;

const checkCommon = {
  name: z.string().min(1).max(100),
  owner: Name.optional().describe('The role that answers for this check'),
  max_duration: Duration.default(120_000).describe('Retried until it passes or this long'),
};
export const PlanCheck = z
  .discriminatedUnion('kind', [
    z.strictObject({
      ...checkCommon,
      kind: z.literal('sql'),
      database: z.string().optional(),
      query: z.string().min(1).describe('One row, one column; no row or NULL is a fail'),
      expect: z.string().optional().describe('The value as text; without it: any value but false'),
    }),
    z.strictObject({
      ...checkCommon,
      kind: z.literal('rows'),
      database: z.string().optional(),
      table: z.string().min(1).describe('[schema.]table, as in the inventory'),
      min: z.int().min(0).optional().describe('Without it: exactly as many as were recorded at capture'),
    }),
    z.strictObject({
      ...checkCommon,
      kind: z.literal('http'),
      url: z.url(),
      status: z.int().min(100).max(599).default(200),
      contains: z.string().optional(),
    }),
    z.strictObject({
      ...checkCommon,
      kind: z.literal('tcp'),
      host: z.string().default('127.0.0.1'),
      port: z.int().min(1).max(65_535),
    }),
    z.strictObject({ ...checkCommon, kind: z.literal('command'), command: PlanCommand }),
    z.strictObject({
      ...checkCommon,
      kind: z.literal('files'),
      path: AbsolutePath,
      min: z.int().min(1).default(1).describe('At least so many files'),
      contains: z.array(z.string()).default([]).describe('Relative paths that must exist'),
    }),
  ])
  .meta({ id: 'Check', description: 'A probe of a running service' });
export type PlanCheck = z.output<typeof PlanCheck>;

/** How to have again what has no data of its own, or the empty server that data is restored into. */
export const Rebuild = z
  .discriminatedUnion('from', [
    z.strictObject({
      from: z.literal('command'),
      command: PlanCommand,
      creates: AbsolutePath.optional().describe('Not run where this exists'),
    }),
    z.strictObject({ from: z.literal('image'), image: z.string() }),
    z.strictObject({ from: z.literal('git'), url: z.string(), ref: z.string(), into: AbsolutePath }),
    z.strictObject({
      from: z.literal('compose'),
      file: AbsolutePath,
      services: z.array(z.string()).default([]),
    }),
  ])
  .meta({ id: 'Rebuild' });
export type Rebuild = z.output<typeof Rebuild>;

/** What every component has; its kind adds the rest. */
export const componentCommon = {
  title: text.optional(),
  tier: Name.optional(),
  host: Name.optional(),
  service: Name.optional(),
  depends_on: z.array(Name).default([]),
  captures: z
    .array(Name)
    .default([])
    .describe('Protections; a component of a group is captured with its group'),
  checks: z.array(PlanCheck).default([]),
  rebuild: Rebuild.optional(),
} as const;
const ComponentCommon = z.object(componentCommon);
export type ComponentCommon = z.output<typeof ComponentCommon>;
/** A component after the plan was read: the common part, and what its kind's spec says, under the kind's own keys. */
export type PlanComponent = ComponentCommon & { readonly kind: string; readonly [key: string]: unknown };

export const Group = z
  .strictObject({
    title: text.optional(),
    components: z.array(Name).min(1),
    order: z.array(Name).default([]).describe('In which order they are captured; default: as listed'),
    captures: z.array(Name).default([]),
    hold: z
      .strictObject({
        services: z.array(Name).min(1),
        how: z.enum(['none', 'pause', 'stop']).default('stop'),
        max: Duration.default(300_000).describe(
          'The guardian lets go after this long, and the capture fails',
        ),
      })
      .optional(),
  })
  .meta({ id: 'Group', description: 'Components captured coherently' });
export type Group = z.output<typeof Group>;

export const ScenarioStep = z.union([
  z.strictObject({
    recover: z.union([z.literal('all'), z.array(Name).min(1)]),
    title: text.optional(),
    owner: Name.optional(),
  }),
  z.strictObject({ manual: text, owner: Name.optional(), duration: Duration.optional() }),
  z.strictObject({ command: PlanCommand, title: text.optional(), owner: Name.optional() }),
]);
export const Scenario = z
  .strictObject({
    title: text,
    symptoms: z.array(text).default([]),
    severity: z.string().max(40).optional(),
    objectives: Objectives.prefault({}),
    steps: z.array(ScenarioStep).min(1),
  })
  .meta({ id: 'Scenario', description: 'A kind of disaster and its runbook' });
export type Scenario = z.output<typeof Scenario>;

export const Person = z
  .strictObject({
    name: z.string(),
    phone: z.string().optional(),
    email: z.string().optional(),
    organisation: z.string().optional(),
  })
  .meta({ id: 'Person' });
export const Role = z
  .strictObject({
    title: text.optional(),
    primary: Name.optional(),
    secondary: Name.optional(),
    responsibilities: z.array(text).default([]),
  })
  .meta({ id: 'Role' });
export const Supplier = z
  .strictObject({
    name: z.string(),
    contact: z.string().optional(),
    availability: z.string().optional(),
    sla: z.string().optional(),
    contract: z.string().optional(),
  })
  .meta({ id: 'Supplier' });
export const PlanDocument = z
  .strictObject({
    title: text.optional(),
    classification: z.string().optional(),
    version: z.string().optional(),
    owner: Name.optional(),
    approvers: z.array(Name).default([]),
    reviewed: IsoDate.optional(),
    review_every: Duration.optional(),
    drill_every: Duration.optional(),
    standards: z.array(z.string()).default([]),
  })
  .meta({ id: 'Document' });

/** Who is called when an incident is not over after so long. */
export const Escalation = z
  .strictObject({
    after: Duration,
    notify: z.array(Name).min(1).describe('Roles or people'),
    title: text.optional(),
  })
  .meta({ id: 'Escalation' });

const record = <T extends z.ZodType>(schema: T) => z.record(Name, schema);

const planShape = {
  version: z.literal(1),
  system: Name,
  language: z.enum(['fr', 'en']).default('en').describe('Language of the documents'),
  document: PlanDocument.prefault({}),
  scope: z
    .strictObject({ covers: z.array(text).default([]), excludes: z.array(text).default([]) })
    .prefault({}),
  objectives: Objectives.prefault({}).describe('Of the whole system'),
  hosts: record(PlanHost).default({ local: { kind: 'local' } }),
  services: record(PlanService).default({}),
  tiers: record(Objectives).default({}),
  repositories: record(PlanRepository),
  protections: record(Protection).default({}),
  groups: record(Group).default({}),
  recovery: z
    .strictObject({
      order: z.array(Name).default([]).describe('Ties are broken in this order; dependencies come first'),
      parallel: z.int().min(1).max(64).default(2).describe('Components recovered at the same time, a host'),
      scratch: AbsolutePath.optional().describe('Where room for restores and captures is claimed'),
      scratch_max: Size.optional(),
    })
    .prefault({}),
  scenarios: record(Scenario).default({}),
  people: record(Person).default({}),
  roles: record(Role).default({}),
  suppliers: record(Supplier).default({}),
  escalation: z
    .array(Escalation)
    .default([])
    .describe('Who is called when an incident is not over after so long'),
};

/** A kind's own keys, by its name; the spec must be a strict object without the keys of `componentCommon`. */
export type KindSpecs = ReadonlyMap<string, z.ZodObject>;

const component = (kind: string, spec: z.ZodObject) =>
  z
    .strictObject({ kind: z.literal(kind), ...componentCommon, ...spec.shape })
    .meta({ id: `Component-${kind}` });

/** The schema of plan v1 with the given kinds. */
export function planSchema(kinds: KindSpecs) {
  const [first, ...rest] = [...kinds].map(([kind, spec]) => component(kind, spec));
  if (first === undefined) throw new TypeError('a plan needs at least one kind');
  return z
    .strictObject({ ...planShape, components: record(z.discriminatedUnion('kind', [first, ...rest])) })
    .meta({ id: 'Plan', title: 'Reprise plan, version 1' });
}

type Shape = { [K in keyof typeof planShape]: z.output<(typeof planShape)[K]> };
export type Plan = Shape & { components: Record<string, PlanComponent> };
