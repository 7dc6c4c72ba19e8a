import { z } from 'zod';

import { Finding, Params } from './finding.ts';
import { Hex64, Instant } from './forms.ts';
import { AsOf, Inventory, Level, PartRecord } from './point.ts';

/** The journal entry, decided once (docs/design.md, "Formats"). Numbers are integers: bytes, milliseconds. */
export const EntryV1 = z.strictObject({
  v: z.literal(1),
  seq: z.int().min(1),
  at: Instant,
  up_ms: z.int().nonnegative(),
  installation: z.uuid(),
  epoch: z.int().min(1),
  run: z.uuid().nullable(),
  step: z.string().nullable(),
  type: z.string().regex(/^[a-z]+(\.[a-z_]+)+$/),
  body: z.record(z.string(), z.unknown()),
  prev: Hex64,
});
export type EntryV1 = z.output<typeof EntryV1>;

const Signature = z.string().regex(/^[A-Za-z0-9+/]+=*$/);

/** The head of a chain: what is signed and anchored. */
export const Head = z.strictObject({
  installation: z.uuid(),
  epoch: z.int().min(1),
  seq: z.int().min(0),
  hash: Hex64,
});
export type Head = z.output<typeof Head>;

/** The root (derived from the recovery key) vouches for an installation's signing key. */
export const Certificate = z.strictObject({
  v: z.literal(1),
  system: z.string(),
  installation: z.uuid(),
  epoch: z.int().min(1),
  role: z.enum(['writer', 'maintainer']),
  key: z.string().describe('Ed25519 public key, base64 of the 32 raw bytes'),
  root: z.string().describe('the root’s public key, likewise'),
  at: Instant,
  signature: Signature.describe('by the root, over the canonical bytes of all the other fields'),
});
export type Certificate = z.output<typeof Certificate>;

/** `state.json` in a state snapshot, beside `plan.yaml` and `journal/<installation>/<epoch>-<first seq>.ndjson`. */
export const StateHeader = z.strictObject({
  v: z.literal(1),
  system: z.string(),
  head: Head,
  at: Instant,
  plan: Hex64.nullable(),
  segments: z.array(
    z.strictObject({
      path: z.string(),
      installation: z.uuid(),
      epoch: z.int(),
      first: z.int(),
      last: z.int(),
      hash: Hex64.describe('of its last entry'),
    }),
  ),
  certificate: Certificate,
  signature: Signature.describe(
    'by the installation’s key, over the canonical bytes of all the other fields',
  ),
});
export type StateHeader = z.output<typeof StateHeader>;

const finished = z.strictObject({
  exit: z.int(),
  findings: z.array(Finding).default([]),
  error: z.string().optional(),
});
const objective = z.strictObject({
  objective_ms: z.int().nullable(),
  actual_ms: z.int().nullable(),
  verdict: z.enum(['met', 'within-tolerance', 'missed', 'unknown']),
});
export type Measured = z.output<typeof objective>;

/** Bodies by type. A type that is not here is kept, chained and shown, never refused. */
export const bodies = {
  'installation.created': z.strictObject({
    system: z.string(),
    version: z.string(),
    key: z.string(),
    root: z.string(),
    role: z.enum(['writer', 'maintainer']),
  }),
  'installation.certified': z.strictObject({ certificate: Certificate }),
  'epoch.opened': z.strictObject({
    continues: Head.nullable(),
    repository: z.string().nullable(),
    snapshot: z.string().nullable(),
  }),
  'bootstrap.finished': z.strictObject({
    opened: z.array(z.string()).describe('repositories that this machine has a key of'),
    left: z.array(z.string()).describe('`repository: why`; the same command tries them again'),
  }),
  'plan.recorded': z.strictObject({ hash: Hex64, system: z.string() }),
  'repository.initialised': z.strictObject({
    repository: z.string(),
    id: z.string(),
    recovery_key: z.string().describe('restic key id'),
  }),
  'key.revoked': z.strictObject({ repository: z.string(), key: z.string().describe('restic key id') }),
  'run.started': z.strictObject({
    recipe: z.string(),
    plan: Hex64.nullable(),
    args: z.record(z.string(), z.unknown()),
    pid: z.int(),
  }),
  'run.resumed': z.strictObject({ pid: z.int() }),
  'run.finished': finished,
  'run.failed': finished,
  'run.interrupted': z.strictObject({ reason: z.string() }),
  'step.started': z.strictObject({ attempt: z.int().min(1) }),
  'step.finished': z.strictObject({ output: z.unknown(), ms: z.int() }),
  'step.failed': z.strictObject({
    code: z.string(),
    message: z.string().describe('English'),
    params: z.record(z.string(), z.unknown()).optional().describe('to say it in another language'),
    ms: z.int(),
  }),
  'point.captured': z.strictObject({
    component: z.string(),
    kind: z.string(),
    method: z.string(),
    repository: z.string(),
    parts: z.array(PartRecord).min(1),
    as_of: AsOf,
    plan: Hex64,
    tools: z.record(z.string(), z.string()),
    server: z.string().nullable(),
    inventory: Inventory,
    level: Level,
    findings: z.array(Finding).default([]),
    group: z
      .strictObject({
        name: z.string(),
        id: z.string(),
        hold: z.strictObject({ how: z.string(), ms: z.int() }).nullable(),
      })
      .nullable(),
    keep: z.strictObject({ protection: z.string().nullable() }),
    capture_ms: z.int(),
  }),
  'point.checked': z.strictObject({
    point: z.string(),
    repository: z.string(),
    level: Level,
    findings: z.array(Finding),
    sha256: z.record(z.string(), Hex64).default({}),
  }),
  'point.copied': z.strictObject({ point: z.string(), repository: z.string(), parts: z.array(PartRecord) }),
  'point.abandoned': z.strictObject({ point: z.string(), reason: z.string() }),
  'point.forgotten': z.strictObject({
    point: z.string(),
    repository: z.string(),
    snapshots: z.array(z.string()),
    reason: z.string(),
  }),
  'snapshots.forgotten': z.strictObject({
    repository: z.string(),
    snapshots: z.array(z.string()),
    reason: z.string(),
  }),
  'state.stored': z.strictObject({ repository: z.string(), head: Head, snapshot: z.string() }),
  'group.captured': z.strictObject({
    group: z.string(),
    id: z.string(),
    points: z.array(z.string()),
    spread_ms: z.int(),
  }),
  'repository.maintained': z.strictObject({
    repository: z.string(),
    read: z.string().nullable(),
    pruned: z.boolean(),
    findings: z.array(Finding),
  }),
  'repository.checked': z.strictObject({
    repository: z.string(),
    read: z.string().nullable().describe('The slice of the packs that was read back'),
    findings: z.array(Finding),
  }),
  'kit.checked': z.strictObject({ repository: z.string(), ok: z.boolean() }),
  'fork.seen': z.strictObject({
    installation: z.uuid(),
    epoch: z.int(),
    seq: z.int(),
    repository: z.string(),
  }),
  'fork.accepted': z.strictObject({ installation: z.uuid(), epoch: z.int(), seq: z.int() }),
  'consent.given': z.strictObject({
    component: z.string(),
    place: z.string(),
    how: z.enum(['typed', 'flag']),
    renamed: z.string().nullable().describe('older entries say here what `place.put_aside` says'),
  }),
  'place.put_aside': z.strictObject({
    component: z.string(),
    place: z.string(),
    renamed: z.string().nullable().describe('where it is now; null: there was nothing to keep'),
  }),
  'place.claimed': z.strictObject({
    component: z.string(),
    place: z.string(),
    identity: z.string().describe('device+inode, cluster identifier…, when it was vacant'),
  }),
  'place.restored': z.strictObject({
    component: z.string(),
    place: z.string(),
    point: z.string(),
    findings: z.array(Finding),
    bytes: z.int(),
    ms: z.int(),
  }),
  'service.stopped': z.strictObject({
    service: z.string(),
    place: z.string(),
    component: z.string().describe('whose restore needed it'),
  }),
  'service.started': z.strictObject({ service: z.string(), place: z.string() }),
  'incident.opened': z.strictObject({
    requested_at: Instant,
    lost_at: Instant.nullable(),
    scenario: z.string().nullable(),
  }),
  'component.recovered': z.strictObject({
    component: z.string(),
    point: z.string().nullable(),
    place: z.string(),
    findings: z.array(Finding),
    rpo: objective,
    rto: objective,
  }),
  'system.recovered': z.strictObject({
    components: z.array(z.string()),
    place: z.string(),
    rpo: objective,
    rto: objective,
  }),
  'undo.registered': z.strictObject({
    group: z.string(),
    services: z.array(
      z.strictObject({ service: z.string(), before: z.string(), how: z.enum(['pause', 'stop']) }),
    ),
    max_ms: z.int(),
    result: z.string().describe('Where the guardian leaves how it ended'),
  }),
  'undo.performed': z.strictObject({
    services: z.array(z.string()),
    by: z.enum(['reprise', 'guardian', 'resume']),
    ok: z.boolean(),
    held_ms: z.int().nullable(),
  }),
  'decision.given': z.strictObject({
    step: z.string(),
    answer: z.enum(['approved', 'refused']),
    role: z.string().nullable(),
    comment: z.string(),
  }),
  'clock.doubted': z.strictObject({ reason: z.string(), params: Params }),
} as const;
export type EntryType = keyof typeof bodies;
export type Body<T extends EntryType> = z.output<(typeof bodies)[T]>;
export type BodyInput<T extends EntryType> = z.input<(typeof bodies)[T]>;
