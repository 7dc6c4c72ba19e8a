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
    z.strictObject({ env: EnvName.describe('Name of the variable, not its value') }),
    z.strictObject({ file: AbsolutePath.describe('Readable by its owner alone (mode 0600)') }),
    z.strictObject({ command: argv.describe('Program and arguments; the first line it prints') }),
  ])
  .meta({
    id: 'SecretRef',
    description: 'A secret from an environment variable, a file or the output of a command',
  });
export type SecretRef = z.output<typeof SecretRef>;

/** A command line of a service, a rebuild or a check. */
export const PlanCommand = z
  .strictObject({
    argv: argv.describe('Program and arguments; no shell unless it is named'),
    user: z.string().optional().describe('Run as this user (default: the user that runs Reprise)'),
    cwd: AbsolutePath.optional().describe('Working directory'),
    env: z.record(EnvName, z.string()).default({}).describe('Added to the environment; no secrets here'),
    secrets: z
      .record(EnvName, SecretRef)
      .default({})
      .describe('Secrets put in the environment of exactly this process'),
    timeout: Duration.default(300_000).describe('Ended, and failed, after this long'),
  })
  .meta({ id: 'PlanCommand', description: 'A program that is run, without a shell' });
export type PlanCommand = z.output<typeof PlanCommand>;

export const PlanHost = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('local').describe('This machine'),
      title: text.optional().describe('For people'),
    }),
    z.strictObject({
      kind: z.literal('ssh').describe('Later'),
      title: text.optional().describe('For people'),
      address: z.string().describe('Name or address'),
      user: z.string().optional().describe('Who logs in'),
      port: z.int().optional().describe('Where its server listens'),
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
  z.strictObject({ path: AbsolutePath.describe('Follows the root of the place') }),
  z.strictObject({ port: z.int().min(1).max(65_535).describe('A free one in another place') }),
]);

export const PlanService = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('none').describe('Cannot be stopped or started'),
      host: Name.optional().describe('Default: local, or the only host'),
    }),
    z.strictObject({
      kind: z.literal('command').describe('By commands of the plan'),
      host: Name.optional().describe('Default: local, or the only host'),
      start: PlanCommand.describe('Returns when it was started'),
      stop: PlanCommand.describe('Returns when it is stopped'),
      ready: PlanCommand.describe('Exit 0 when the service answers'),
      state: PlanCommand.optional().describe(
        'Prints running, stopped or paused; without it: running when ready, else stopped',
      ),
      pause: PlanCommand.optional().describe('Stops writing without stopping'),
      resume: PlanCommand.optional().describe('Undoes pause'),
      place: z
        .record(EnvName, PlaceVariable)
        .default({})
        .describe('Environment variables that follow the place of a recovery'),
    }),
    z.strictObject({
      kind: z.literal('compose').describe('Later'),
      host: Name.optional().describe('Default: local, or the only host'),
      project: z.string().min(1).describe('Compose project'),
      file: AbsolutePath.optional().describe('Compose file'),
      service: z.string().min(1).describe('Service of the project'),
      ready: PlanCommand.optional().describe('Exit 0 when the service answers'),
    }),
    z.strictObject({
      kind: z.literal('systemd').describe('Later'),
      host: Name.optional().describe('Default: local, or the only host'),
      unit: z.string().min(1).describe('Unit, with its ending'),
      ready: PlanCommand.optional().describe('Exit 0 when the service answers'),
    }),
  ])
  .meta({ id: 'Service', description: 'What can be stopped, started, paused, asked if it is ready' });
export type PlanService = z.output<typeof PlanService>;

/** Objectives. `mtd`: maximum tolerable downtime; `tolerance`: how much over RPO or RTO still counts as "within tolerance". */
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

const Identity = z.strictObject({
  url: z.string().min(1).optional().describe('Where this identity reaches the repository, if elsewhere'),
  env: z.record(EnvName, SecretRef).default({}).describe('Backend credentials, given to restic alone'),
  password: SecretRef.optional().describe('Default: the machine key that `reprise init` made'),
});
export const PlanRepository = z
  .strictObject({
    title: text.optional().describe('For people'),
    url: z
      .string()
      .min(1)
      .describe('As restic writes it: a path, rest:…, sftp:…, s3:…, rclone:…; without credentials'),
    role: z.enum(['primary', 'copy']).default('primary').describe('Captured into, or copied into'),
    off_site: z.boolean().default(false).describe('Elsewhere: survives the loss of the site'),
    media: z
      .enum(['disk', 'object', 'tape', 'other'])
      .default('disk')
      .describe('What it is stored on, for the 3-2-1 rule'),
    writer: Identity.prefault({}).describe('May only append; lives on the protected host'),
    maintainer: Identity.prefault({}).describe('Forgets, prunes, checks: `reprise maintain`'),
    retention: Retention.optional().describe('Default: points are kept for ever'),
  })
  .meta({ id: 'Repository', description: 'A restic repository' });
export type PlanRepository = z.output<typeof PlanRepository>;

export const Protection = z
  .strictObject({
    title: text.optional().describe('For people'),
    schedule: z.string().min(1).describe('Five cron fields'),
    timezone: z.string().default('UTC').describe('Of the schedule, such as Europe/Paris'),
    methods: z.record(z.string(), z.string()).default({}).describe('Method by kind, where not the default'),
    repositories: z.array(Name).min(1).describe('The first is captured into; the others get a copy'),
    keep: Retention.optional().describe('Overrides the retention of the repositories for these points'),
  })
  .meta({ id: 'Protection', description: 'When, how and where captures are made' });
export type Protection = z.output<typeof Protection>;

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

/** How to have again what has no data of its own, or the empty server that data is restored into. */
export const Rebuild = z
  .discriminatedUnion('from', [
    z.strictObject({
      from: z.literal('command').describe('A program that makes it'),
      command: PlanCommand.describe('Must be safe to run again'),
      creates: AbsolutePath.optional().describe('Not run where this exists'),
    }),
    z.strictObject({
      from: z.literal('image').describe('Later'),
      image: z.string().describe('Image with tag or digest'),
    }),
    z.strictObject({
      from: z.literal('git').describe('Later'),
      url: z.string().describe('Of the repository'),
      ref: z.string().describe('Branch, tag or commit'),
      into: AbsolutePath.describe('Folder that it is checked out into'),
    }),
    z.strictObject({
      from: z.literal('compose').describe('Later'),
      file: AbsolutePath.describe('Compose file'),
      services: z.array(z.string()).default([]).describe('Only these'),
    }),
  ])
  .meta({
    id: 'Rebuild',
    description:
      'How to have again what has no data of its own, or the empty server that data is restored into',
  });
export type Rebuild = z.output<typeof Rebuild>;

/** What every component has; its kind adds the rest. */
export const componentCommon = {
  title: text.optional().describe('For people'),
  tier: Name.optional().describe('Its objectives; default: those of the system'),
  host: Name.optional().describe('Default: that of its service, else local, else the only host'),
  service: Name.optional().describe('What must run or rest around it'),
  depends_on: z.array(Name).default([]).describe('Components that must be back before it'),
  captures: z
    .array(Name)
    .default([])
    .describe('Protections; a component of a group is captured with its group'),
  checks: z.array(PlanCheck).default([]).describe('Show that it works; without any nobody can say'),
  rebuild: Rebuild.optional().describe('How to have it, or its empty server, again'),
} as const;
const ComponentCommon = z.object(componentCommon);
export type ComponentCommon = z.output<typeof ComponentCommon>;
/** A component after the plan was read: the common part, and what its kind's spec says, under the kind's own keys. */
export type PlanComponent = ComponentCommon & { readonly kind: string; readonly [key: string]: unknown };

export const Group = z
  .strictObject({
    title: text.optional().describe('For people'),
    components: z.array(Name).min(1).describe('A component is in one group at most'),
    order: z.array(Name).default([]).describe('In which order they are captured; default: as listed'),
    captures: z.array(Name).default([]).describe('Protections of all of them'),
    hold: z
      .strictObject({
        services: z.array(Name).min(1).describe('What is stopped or paused during the capture'),
        how: z.enum(['none', 'pause', 'stop']).default('stop').describe('none: nothing is held'),
        max: Duration.default(300_000).describe(
          'The guardian lets go after this long, and the capture fails',
        ),
      })
      .optional()
      .describe('Services at rest while the group is captured'),
  })
  .meta({ id: 'Group', description: 'Components captured coherently' });
export type Group = z.output<typeof Group>;

export const ScenarioStep = z.union([
  z.strictObject({
    recover: z
      .union([z.literal('all'), z.array(Name).min(1)])
      .describe('Components, with what they depend on; or all'),
    title: text.optional().describe('For people'),
    owner: Name.optional().describe('Role or person'),
  }),
  z.strictObject({
    manual: text.describe('What a person does'),
    owner: Name.optional().describe('Role or person'),
    duration: Duration.optional().describe('How long it takes'),
  }),
  z.strictObject({
    command: PlanCommand.describe('Run by Reprise'),
    title: text.optional().describe('For people'),
    owner: Name.optional().describe('Role or person'),
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
    title: text.optional().describe('For people'),
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

/** Who is called when an incident is not over after so long. */
export const Escalation = z
  .strictObject({
    after: Duration.describe('Since the incident began'),
    notify: z.array(Name).min(1).describe('Roles or people'),
    title: text.optional().describe('For people'),
  })
  .meta({ id: 'Escalation', description: 'Who is called when an incident is not over after so long' });

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
