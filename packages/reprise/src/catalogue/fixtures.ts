import { randomUUID } from 'node:crypto';

import type { BodyInput, EntryType, EntryV1, Head, Point, PointCopy } from '@reprise/contracts';

import { bodyToWrite } from '../journal/bodies.ts';
import { hashOf } from '../journal/chain.ts';
import type { EntryRecord, View } from '../journal/journal.ts';
import { pointId, project, type Catalogue, type CatalogueInput } from './project.ts';

export const now = new Date('2026-06-15T12:00:00.000Z');
export const ago = (ms: number): string => new Date(now.getTime() - ms).toISOString();
export const hour = 3_600_000;

/** What a capture of one part writes down. */
export const captured = (component: string, snapshot: string, at: string): BodyInput<'point.captured'> => ({
  component,
  kind: 'sqlite',
  method: 'online',
  repository: 'primary',
  parts: [{ name: 'db', form: 'stream', snapshot, bytes: 10 }],
  as_of: { from: at, to: at, clock: 'host', offset_ms: 0 },
  plan: 'a'.repeat(64),
  tools: {},
  server: null,
  inventory: { v: 1, items: [] },
  level: 'parsed',
  group: null,
  keep: { protection: null },
  capture_ms: 5,
});

/** For tests: an installation's journal in memory, hashes and all. */
export class Chain {
  readonly installation = randomUUID();
  readonly epoch: number;
  readonly records: EntryRecord[] = [];
  #at: Head;

  constructor(continues?: { chain: Chain; head: Head; repository: string | null }) {
    this.epoch = (continues?.head.epoch ?? 0) + 1;
    this.#at = continues?.head ?? { installation: this.installation, epoch: 1, seq: 0, hash: '0'.repeat(64) };
    const body = {
      continues: continues?.head ?? null,
      repository: continues?.repository ?? null,
      snapshot: null,
    };
    this.add('epoch.opened', body, ago(100 * hour));
  }

  get head(): Head {
    return this.#at;
  }

  add<T extends EntryType>(
    type: T,
    body: BodyInput<T>,
    at = ago(hour),
    run: string | null = null,
  ): EntryRecord {
    const entry: EntryV1 = {
      v: 1,
      seq: this.#at.seq + 1,
      at,
      up_ms: 0,
      installation: this.installation,
      epoch: this.epoch,
      run,
      step: null,
      type,
      body: bodyToWrite(type, body),
      prev: this.#at.hash,
    };
    const record = { entry, hash: hashOf(entry) };
    this.records.push(record);
    this.#at = { installation: this.installation, epoch: this.epoch, seq: entry.seq, hash: record.hash };
    return record;
  }

  /** Returns the point's id. */
  capture(component: string, at: string, more: Partial<BodyInput<'point.captured'>> = {}): string {
    const snapshot = `${component}-${at}`;
    return pointId(this.add('point.captured', { ...captured(component, snapshot, at), ...more }, at));
  }

  state(repository = 'primary', at = ago(hour)): Head {
    const { head } = this;
    this.add('state.stored', { repository, head, snapshot: `state-${head.seq}` }, at);
    return head;
  }
}

export const view = (repository: string, heads: Head[], snapshots: string[] | null = null): View => ({
  repository,
  at: ago(0),
  heads: heads.map((head) => ({ ...head, snapshot: `state-${head.seq}` })),
  snapshots: snapshots === null ? null : new Map(snapshots.map((s) => [s, { firstSeen: ago(0) }])),
});

export const replay = (chains: readonly Chain[], more: Partial<CatalogueInput> = {}): Catalogue =>
  project({ records: chains.flatMap((c) => c.records), views: [], own: null, now, ...more });

/** A committed point with one copy, for retention and debris. */
export function point(
  of: Partial<Omit<Point, 'as_of' | 'copies'>> & {
    readonly asOf: string;
    readonly copy?: Partial<PointCopy>;
  },
): Point {
  const { asOf, copy, ...rest } = of;
  const component = rest.component ?? 'db';
  return {
    id: `${component}@${asOf}`,
    component,
    kind: 'sqlite',
    method: 'online',
    run: 'r',
    installation: 'i',
    epoch: 1,
    at: asOf,
    as_of: { from: asOf, to: asOf, clock: 'host', offset_ms: 0 },
    bytes: 1,
    level: 'parsed',
    verdict: 'pass',
    drilled_at: null,
    plan: 'a'.repeat(64),
    protection: null,
    tools: {},
    server: null,
    inventory: { v: 1, items: [] },
    group: null,
    capture_ms: 1,
    fork: false,
    future: false,
    copies: [
      {
        repository: 'primary',
        parts: [{ name: 'db', form: 'stream', snapshot: `s-${component}@${asOf}`, bytes: 1 }],
        level: 'parsed',
        verdict: rest.verdict ?? 'pass',
        committed: true,
        ...copy,
      },
    ],
    ...rest,
  };
}
