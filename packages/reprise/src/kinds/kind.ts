import type { Readable } from 'node:stream';

import type { AsOf, Finding, Inventory, Point, SecretRef } from '@reprise/contracts';
import type { z } from 'zod';

import type { Command, Directory, Host } from '../hosts/host.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log, Said } from '../lib/language.ts';
import type { Secret } from '../lib/secret.ts';
import type { Service } from '../services/service.ts';

/** What a kind works with; it knows no stage, no repository, no journal. */
export interface Context {
  readonly system: string;
  readonly component: string;
  readonly host: Host;
  readonly service: Service;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Absolute paths that no capture holds whatever the plan says: `$REPRISE_HOME`, with the machine's keys; working
   * space; the plan's repositories on this host.
   */
  readonly never?: readonly string[];
  /**
   * Absolute paths of what Reprise itself has put into the live system (the plan, `.gitignore`, what `never` names): no
   * data of a component's, so a place that holds only these is vacant, and nothing moves or writes over them.
   */
  readonly kept?: readonly string[];
  secret(ref: SecretRef): Promise<Secret>;
}

/** Where a recovery lands. In situ both functions return what they are given. */
export interface Place {
  readonly kind: 'in-situ' | 'directory';
  /** `in-situ` or `directory:/path`, as the journal and people see it. */
  readonly label: string;
  path(original: string): string;
  port(original: number): number;
}

/** One stream or tree; stored as one snapshot. */
export type Part = CommandPart | StreamPart | TreePart;
/** A program of the local host whose stdout is stored; its exit status decides. Must not have `secrets`: 0600 files. */
export interface CommandPart {
  readonly name: string;
  readonly form: 'command';
  readonly command: Command;
}
/** `complete` resolves only when the producer ended well; until then the repository does not close the stream. */
export interface StreamPart {
  readonly name: string;
  readonly form: 'stream';
  readonly body: Readable;
  readonly complete: Promise<void>;
}
export interface TreePart {
  readonly name: string;
  readonly form: 'tree';
  readonly root: string;
  /** Relative to root; default: everything. */
  readonly includes?: readonly string[];
  /** restic patterns relative to root. */
  readonly excludes?: readonly string[];
}
/** A capture under way; disposing it ends what it started. */
export interface Capture extends AsyncDisposable {
  /** Taken one at a time; each is stored whole before the next is asked for. */
  readonly parts: AsyncIterable<Part>;
  /** Settles once `parts` is exhausted. Rejects: the parts are debris. */
  readonly done: Promise<CaptureResult>;
}
export interface CaptureResult {
  readonly asOf: AsOf;
  readonly inventory: Inventory;
  /** Versions: `{ pg_dump: '15.18' }`. */
  readonly tools: Readonly<Record<string, string>>;
  readonly server: string | null;
  readonly findings: readonly Finding[];
}

/** A stored point (and, later, the chain it needs), to read from. */
export interface Restorable {
  readonly point: Point;
  readonly chain: readonly Point[];
  /** The bytes of a stream part from the repository; fails at the end if they are fewer or others than recorded. */
  open(part: string, signal: AbortSignal): Promise<Readable>;
  /** Puts a tree part into a directory, with owners, modes, times, ACLs and xattrs. */
  place(part: string, directory: string, signal: AbortSignal): Promise<void>;
}

/** Is there anything that a restore would write over? */
export interface Vacancy {
  readonly vacant: boolean;
  /** What is there, in words without secrets: "3 tables in database app", "12 files in /srv/uploads". */
  readonly found: Said | null;
  /** Device+inode, cluster identifier…: what a claim names; null where the place does not exist yet. */
  readonly identity: string | null;
}

declare const vacant: unique symbol;
/** Proof that nothing live is overwritten. Only `recovery/` mints it (conformance gets the mint as a parameter). */
export interface Vacant<S> {
  readonly [vacant]: true;
  readonly spec: S;
  readonly because: 'empty' | 'owned' | 'consent';
}

export interface Traits {
  readonly restoresInto: 'running' | 'stopped';
  readonly consistency: 'transaction' | 'crash' | 'fuzzy';
  readonly chain: 'full' | 'incremental';
  /** Must the service answer during a capture? Then it cannot be held stopped or paused. */
  readonly needsService: boolean;
  /** The level of checked that `inspect` reaches. */
  readonly inspects: 'stored' | 'read' | 'parsed';
}
export interface Until {
  readonly time: Date;
}

/** One way a kind captures and restores. */
export interface Method<S> {
  readonly name: string;
  readonly traits: Traits;
  /** Before a capture: tools, versions, rights, room. Throws only what is broken; judges the rest. */
  preflight(spec: S, at: Context): Promise<readonly Finding[]>;
  capture(spec: S, at: Context, since?: Point): Promise<Capture>;
  /** Reads what is stored to its end with the native tool, against the inventory. */
  inspect(stored: Restorable, at: Context): Promise<readonly Finding[]>;
  /** What a restore will do and need, for `--dry-run`: scratch in bytes, notes such as "serial". */
  forecast(
    stored: Restorable,
    spec: S,
    at: Context,
  ): Promise<{ readonly scratch: number; readonly findings: readonly Finding[] }>;
  restore(from: Restorable, into: Vacant<S>, at: Context, until?: Until): Promise<void>;
  /** The lines of the recovery kit: how to restore this part without Reprise, after `restic dump`/`restore`. */
  byHand(point: Point, spec: S): readonly HandStep[];
}
/**
 * A step of the kit; `{{snapshot:<part>}}` stands for the snapshot's id, `{{path:<part>}}` for where a stream lies in
 * it, `{{restic}}` for `restic -r … `.
 */
export interface HandStep {
  readonly en: string;
  readonly fr: string;
  readonly shell: string;
}

export interface Proposal<I> {
  /** As people call it; `discovery/` makes a plan's name of it. */
  readonly name: string;
  readonly kind: string;
  readonly spec: I;
  readonly bytes: number | null;
  /** What it was recognised by, in words. */
  readonly because: Said;
}

/** A protected thing's adapter. A new engine is one folder and one line in `registry.ts`. */
export interface ComponentKind<S extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly spec: S;
  readonly methods: Readonly<Record<string, Method<z.output<S>>>>;
  readonly defaultMethod: string;
  /** Level asked for after each backup: databases `parsed`, files `stored`. */
  readonly defaultLevel: 'stored' | 'read' | 'parsed';
  discover(
    at: Pick<Context, 'host' | 'signal' | 'log'>,
    roots: readonly string[],
  ): AsyncIterable<Proposal<z.input<S>>>;
  /** The same component, elsewhere: paths, ports, names, credentials. */
  relocate(spec: z.output<S>, place: Place): z.output<S>;
  isVacant(spec: z.output<S>, at: Context): Promise<Vacancy>;
  /**
   * Moves what is there aside (consent given), or empties what this run owns; returns the new name, null where it was
   * dropped.
   */
  clear(spec: z.output<S>, at: Context, how: 'aside' | 'wipe', suffix: string): Promise<string | null>;
  /** A live or restored component against what was recorded at capture. */
  verify(spec: z.output<S>, at: Context, recorded: Inventory): Promise<readonly Finding[]>;
  /** Newest change seen in the data: confirms or contradicts as-of, never replaces it. */
  witness?(spec: z.output<S>, at: Context): Promise<Date | undefined>;
  /** For `sql` and `rows` checks: the one value of a one-row, one-column query; undefined: no row; null: NULL. */
  query?(
    spec: z.output<S>,
    at: Context,
    database: string | undefined,
    sql: string,
  ): Promise<string | null | undefined>;
  /** Paths that the capture must never contain or overlap, and what `plan check` needs to know. */
  paths?(spec: z.output<S>): readonly string[];
  /** What a restore puts back: no other component may hold any of it. */
  extents?(spec: z.output<S>): readonly Extent[];
}
/** Data in one place: a file, what is chosen of a folder, databases of a server. */
export type Extent =
  | { readonly form: 'file'; readonly path: string }
  | {
      readonly form: 'tree';
      readonly path: string;
      /** The patterns that choose; none: everything. */
      readonly includes: readonly string[];
      /** Is what has this path, relative to the folder, the component's? */
      holds(path: string): boolean;
    }
  | {
      readonly form: 'databases';
      /** Equal where it is known to be the same server. */
      readonly server: string;
      readonly names: 'all' | readonly string[];
    };
/** A kind whose spec type is not known here: what the registry holds. */
// oxlint's no-explicit-any does not apply: the registry is heterogeneous by nature and specs are parsed by `kind.spec`.
export type AnyKind = ComponentKind;

export type { Directory };
