import type { DatabaseSync } from 'node:sqlite';

import type { BodyInput, EntryType, EntryV1, Head } from '@reprise/contracts';

import { instant, type Clock } from '../lib/clock.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { inBoth } from '../lib/i18n/index.ts';
import { bodyToWrite, isReadable } from './bodies.ts';
import { lineOf, sha256, type Line } from './chain.ts';
import { guarded, openDatabase, statements, transaction, type Sql } from './database.ts';
import { existingJournal, insistWritable } from './home.ts';
import type {
  Cause,
  EntryFilter,
  EntryRecord,
  Identity,
  Journal,
  RunFilter,
  RunRecord,
  StepRecord,
  StoredLine,
  View,
} from './journal.ts';
import { project, queryRuns, querySteps } from './projections.ts';
import { layout } from './schema.ts';
import { listView, queryViews, recordHead } from './views.ts';

export interface OpenOptions {
  readonly home: string;
  readonly clock: Clock;
  /** `read` neither locks nor waits, and cannot append. */
  readonly mode: 'write' | 'read';
  /** The plan's system; a journal of another one is refused. */
  readonly system?: string;
}

/**
 * Opens the journal of `$REPRISE_HOME`. Throws `journal.absent`, `journal.damaged` (truncated, overwritten, its newest
 * entry not what its hash says), `journal.other-system`, `journal.not-writable`, `journal.full`, `home.denied`; to write
 * also `home.not-writable`.
 */
export async function openJournal({ home, clock, mode, system }: OpenOptions): Promise<Journal> {
  const path = existingJournal(home);
  if (mode === 'write') insistWritable(home);
  const { db, proven } = await openDatabase(path, mode);
  try {
    const identity = guarded(path, () => identityOf(db, path));
    proven();
    if (system !== undefined && identity.system !== system)
      throw new RepriseError('journal.other-system', { path, expected: system, found: identity.system });
    const journal = new SqliteJournal({ db, proven, path, home, clock, mode, identity });
    journal.proveNewest();
    return journal;
  } catch (e) {
    db.close();
    throw e;
  }
}

function identityOf(db: DatabaseSync, path: string): Identity {
  const rows = db.prepare('SELECT key, value FROM meta').all() as { key: string; value: string }[];
  const meta = new Map(rows.map((r) => [r.key, r.value]));
  const get = (key: string): string => {
    const value = meta.get(key);
    if (value === undefined)
      throw new RepriseError('journal.damaged', { path, why: inBoth((t) => t['why.no-value']({ key })) });
    return value;
  };
  if (get('layout') !== String(layout))
    throw new RepriseError('journal.newer', { where: path, v: get('layout') });
  return {
    system: get('system'),
    installation: get('installation'),
    epoch: Number(get('epoch')),
    role: get('role') === 'maintainer' ? 'maintainer' : 'writer',
    root: get('root'),
  };
}

/** How many entries are in memory at once while reading. */
const page = 500;

interface Row {
  readonly seq: number;
  readonly hash: string;
  readonly text: string;
}

interface FoundRow {
  readonly key: number;
  readonly hash: string;
  readonly text: string;
  readonly short: 0 | 1;
}

class SqliteJournal implements Journal {
  readonly home: string;
  readonly system: string;
  readonly installation: string;
  readonly epoch: number;
  readonly role: 'writer' | 'maintainer';
  readonly root: string;
  readonly #db: DatabaseSync;
  readonly #proven: () => void;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #mode: 'write' | 'read';
  readonly #sql: Sql;
  readonly #began = new Map<string | null, number>();

  constructor(of: {
    db: DatabaseSync;
    proven: () => void;
    path: string;
    home: string;
    clock: Clock;
    mode: 'write' | 'read';
    identity: Identity;
  }) {
    this.home = of.home;
    this.#db = of.db;
    this.#proven = of.proven;
    this.#path = of.path;
    this.#clock = of.clock;
    this.#mode = of.mode;
    this.#sql = statements(of.db);
    ({
      system: this.system,
      installation: this.installation,
      epoch: this.epoch,
      role: this.role,
      root: this.root,
    } = of.identity);
  }

  /** The newest entry must be what its hash says: a cheap look before anything is chained to it. */
  proveNewest(): void {
    const row = this.#read(() => this.#newest());
    const entry = parsed(row.text);
    const own =
      entry?.installation === this.installation && entry.epoch === this.epoch && entry.seq === row.seq;
    if (sha256(row.text) !== row.hash || !own)
      throw new RepriseError('journal.damaged', {
        path: this.#path,
        why: inBoth((t) => t['why.entry-changed']({ seq: row.seq })),
      });
  }

  head(): Head {
    const { seq, hash } = this.#read(() => this.#newest());
    return { installation: this.installation, epoch: this.epoch, seq, hash };
  }

  append<T extends EntryType>(type: T, body: BodyInput<T>, { run, step }: Cause): EntryV1 {
    const written = bodyToWrite(type, body);
    return this.#write(type, () => {
      const before = this.#newest();
      const line = lineOf({
        v: 1,
        seq: before.seq + 1,
        at: instant(this.#clock.now()),
        up_ms: this.#up(run),
        installation: this.installation,
        epoch: this.epoch,
        run,
        step,
        type,
        body: written,
        prev: before.hash,
      });
      insertOwn(this.#sql, line);
      return line.entry;
    });
  }

  /** Since the run's first entry in this process: after a resume it starts again, as the process's clock does. */
  #up(run: string | null): number {
    const now = this.#clock.monotonic();
    const began = this.#began.get(run) ?? now;
    this.#began.set(run, began);
    return Math.max(0, Math.floor(now - began));
  }

  *entries(filter: EntryFilter = {}): IterableIterator<EntryV1> {
    for (const { entry } of this.records(filter)) yield entry;
  }

  *records(filter: EntryFilter & { brief?: boolean } = {}): IterableIterator<EntryRecord> {
    if (filter.own !== false) yield* this.#page('entries', 'seq', filter);
    if (filter.own !== true) yield* this.#page('foreign_entries', 'id', filter);
  }

  *#page(
    table: 'entries' | 'foreign_entries',
    key: 'seq' | 'id',
    filter: EntryFilter & { brief?: boolean },
  ): IterableIterator<EntryRecord> {
    // The keys first, from an index, then the texts a page at a time: writing in between moves nothing.
    const { where, values } = conditions(filter, table);
    const found = this.#read(() =>
      this.#sql(`SELECT ${key} AS key FROM ${table} WHERE ${where}`).all(...values),
    );
    const keys = (found as { key: number }[]).map((row) => row.key).toSorted((a, b) => a - b);
    const text =
      filter.brief === true
        ? 'coalesce(brief, text) AS text, brief IS NOT NULL AS short'
        : 'text, 0 AS short';
    const sql = `SELECT ${key} AS key, hash, ${text} FROM ${table}
      WHERE ${key} IN (SELECT value FROM json_each(?)) ORDER BY ${key}`;
    for (let at = 0; at < keys.length; at += page) {
      const wanted = JSON.stringify(keys.slice(at, at + page));
      const rows = this.#read(() => this.#sql(sql).all(wanted)) as unknown as FoundRow[];
      for (const row of rows) {
        const entry = parsed(row.text);
        if (entry === undefined)
          throw new RepriseError('journal.damaged', {
            path: this.#path,
            why: inBoth((t) => t['why.row-no-entry']({ row: `${table} ${row.key}` })),
          });
        const { hash } = row;
        yield row.short === 1 ? { entry, hash, inventory: () => this.#inventoryOf(hash) } : { entry, hash };
      }
    }
  }

  #inventoryOf(hash: string): unknown {
    const sql =
      'SELECT text FROM entries WHERE hash = ?1 UNION ALL SELECT text FROM foreign_entries WHERE hash = ?1';
    const row = this.#read(() => this.#sql(sql).get(hash));
    return parsed(row?.['text'] as string)?.body['inventory'];
  }

  *lines(from = 1, to = Number.MAX_SAFE_INTEGER): IterableIterator<StoredLine> {
    const sql = `SELECT seq, installation, epoch, hash, text FROM entries WHERE seq >= ? AND seq <= ? ORDER BY seq LIMIT ${page}`;
    const last = Math.min(to, this.#read(() => this.#newest()).seq);
    for (let next = from; ;) {
      const rows = this.#read(() => this.#sql(sql).all(next, last)) as unknown as StoredLine[];
      yield* rows;
      const end = rows.at(-1);
      if (end === undefined || rows.length < page) return;
      next = end.seq + 1;
    }
  }

  knows(hash: string): boolean {
    const sql =
      'SELECT 1 FROM entries WHERE hash = ?1 UNION ALL SELECT 1 FROM foreign_entries WHERE hash = ?1';
    return this.#read(() => this.#sql(sql).get(hash)) !== undefined;
  }

  hashAt(seq: number): string | undefined {
    const row = this.#read(() => this.#sql('SELECT hash FROM entries WHERE seq = ?').get(seq));
    return row === undefined ? undefined : (row['hash'] as string);
  }

  runs(filter: RunFilter = {}): readonly RunRecord[] {
    return this.#read(() => queryRuns(this.#sql, this, filter));
  }

  openRuns(): readonly RunRecord[] {
    return this.runs({ states: ['open'], mine: true });
  }

  stepsOf(run: string): readonly StepRecord[] {
    return this.#read(() => querySteps(this.#sql, run));
  }

  views(): readonly View[] {
    return this.#read(() => queryViews(this.#sql));
  }

  /**
   * What others committed, by SQLite's own count, and what this connection wrote. Source: sqlite.org, "PRAGMA
   * data_version".
   */
  stamp(): string {
    const { data, own } = this.#read(() =>
      this.#sql('SELECT data_version AS data, total_changes() AS own FROM pragma_data_version').get(),
    ) as { data: number; own: number };
    return `${data}/${own}`;
  }

  recordView(repository: string, snapshots: Iterable<string>): void {
    const at = instant(this.#clock.now());
    this.#write('view', () => listView(this.#sql, repository, snapshots, at));
  }

  importState(from: { repository: string; snapshot: string; head: Head }, lines: Iterable<Line>): number {
    const at = instant(this.#clock.now());
    return this.#write('state', () => {
      let added = 0;
      for (const line of lines) if (insertForeign(this.#sql, line)) added += 1;
      recordHead(this.#sql, from, at);
      return added;
    });
  }

  reset(): void {
    this.#write('reset', () => {
      for (const table of ['foreign_entries', 'views', 'view_heads', 'view_snapshots', 'runs', 'steps'])
        this.#sql(`DELETE FROM ${table}`).run();
      for (const entry of this.entries({ own: true }))
        if (isReadable(entry.type, entry.body)) project(this.#sql, entry);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    if (this.#db.isOpen) this.#db.close();
    return Promise.resolve();
  }

  #newest(): Row {
    const row = this.#sql('SELECT seq, hash, text FROM entries ORDER BY seq DESC LIMIT 1').get();
    if (row === undefined)
      throw new RepriseError('journal.damaged', { path: this.#path, why: inBoth((t) => t['why.no-entry']) });
    return row as unknown as Row;
  }

  #read<R>(act: () => R): R {
    const read = guarded(this.#path, act);
    this.#proven();
    return read;
  }

  #write<R>(type: string, act: () => R): R {
    if (this.#mode === 'read') throw new RepriseError('journal.read-only', { type });
    return guarded(this.#path, () => transaction(this.#db, act));
  }
}

function parsed(text: string): EntryV1 | undefined {
  try {
    return JSON.parse(text) as EntryV1;
  } catch {
    return undefined;
  }
}

function conditions(
  { installation, run, type, types, after }: EntryFilter,
  table: string,
): { where: string; values: (string | number)[] } {
  const where: string[] = ['TRUE'];
  const values: (string | number)[] = [];
  const add = (condition: string, ...more: (string | number)[]): void => {
    where.push(condition);
    values.push(...more);
  };
  if (installation !== undefined) add('installation = ?', installation);
  if (run !== undefined) add('run = ?', run);
  if (after !== undefined && table === 'entries') add('seq > ?', after);
  const wanted = [...(type === undefined ? [] : [type]), ...(types ?? [])];
  if (wanted.length > 0) add(`readable = 1 AND type IN (${wanted.map(() => '?').join(', ')})`, ...wanted);
  return { where: where.join(' AND '), values };
}

const columns = 'seq, hash, installation, epoch, at, run, step, type, readable, text, brief';
const valuesOf = ({ entry, hash, text }: Line, readable: boolean): (string | number | null)[] => [
  entry.seq,
  hash,
  entry.installation,
  entry.epoch,
  entry.at,
  entry.run,
  entry.step,
  entry.type,
  readable ? 1 : 0,
  text,
  briefOf(entry),
];

function briefOf(entry: EntryV1): string | null {
  if (entry.type !== 'point.captured') return null;
  const { inventory: _, ...body } = entry.body;
  return JSON.stringify({ ...entry, body });
}

/** An entry of the own lineage, with its projections; the caller holds the transaction and has chained it. */
export function insertOwn(sql: Sql, line: Line): void {
  const readable = isReadable(line.entry.type, line.entry.body);
  sql(`INSERT INTO entries (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`).run(
    ...valuesOf(line, readable),
  );
  if (readable) project(sql, line.entry);
}

function insertForeign(sql: Sql, line: Line): boolean {
  const known = sql(
    'SELECT 1 FROM entries WHERE hash = ?1 UNION ALL SELECT 1 FROM foreign_entries WHERE hash = ?1',
  ).get(line.hash);
  if (known !== undefined) return false;
  const readable = isReadable(line.entry.type, line.entry.body);
  sql(`INSERT INTO foreign_entries (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`).run(
    ...valuesOf(line, readable),
  );
  if (readable) project(sql, line.entry);
  return true;
}
