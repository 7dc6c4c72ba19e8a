import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Body, EntryType, Head } from '@reprise/contracts';

import { instant, type Clock } from '../lib/clock.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { inBoth } from '../lib/i18n/index.ts';
import type { RootKey } from '../lib/recovery-key.ts';
import { bodyToWrite } from './bodies.ts';
import { breakBetween, headOf, lineOf, nothing, type Line } from './chain.ts';
import { guarded, openDatabase, statements, transaction, type Sql } from './database.ts';
import { homePaths, prepareHome } from './home.ts';
import type { Identity } from './journal.ts';
import { certify, fsyncFolder, makeSigningKey } from './keys.ts';
import { layout, schema } from './schema.ts';
import { insertOwn } from './store.ts';

/** The lineage that a new epoch continues: verified lines from the first to `head`, and where they were read. */
export interface Continued {
  readonly head: Head;
  readonly lines: Iterable<Line>;
  readonly repository: string | null;
  readonly snapshot: string | null;
}
export interface CreateOptions {
  readonly home: string;
  readonly clock: Clock;
  readonly system: string;
  readonly role: 'writer' | 'maintainer';
  /** Reprise's version. */
  readonly version: string;
  /** Exists only while the recovery key is typed: `rootOf(key)`. */
  readonly root: RootKey;
  readonly continues?: Continued;
}

/**
 * A new installation: its key, its certificate, its journal with `installation.created`, `installation.certified`,
 * `epoch.opened`. It always has an id of its own; with `continues` its first entry follows that head (`seq` + 1, `prev`
 * = its hash) in the next epoch. The journal appears whole, by a rename: killed before, the next try begins anew.
 * Throws `journal.exists`, `journal.damaged` when the continued lines do not lead to their head.
 */
export async function createInstallation(options: CreateOptions): Promise<Identity> {
  const { home, clock, system, role, root, continues } = options;
  const path = homePaths(home).journal;
  if (existsSync(path)) throw new RepriseError('journal.exists', { path });
  prepareHome(home);
  const key = makeSigningKey(home);
  const identity: Identity = {
    system,
    role,
    installation: randomUUID(),
    epoch: (continues?.head.epoch ?? 0) + 1,
    root: root.publicKey,
  };
  const at = instant(clock.now());
  const certificate = certify(root, {
    system,
    installation: identity.installation,
    epoch: identity.epoch,
    role,
    key: key.publicKey,
    at,
  });

  const beside = `${path}.new`;
  for (const end of ['', '-wal', '-shm']) rmSync(beside + end, { force: true });
  const { db } = await openDatabase(beside, 'write');
  try {
    guarded(beside, () => {
      db.exec(schema);
      const sql = statements(db);
      transaction(db, () => {
        writeMeta(sql, identity);
        let before = continues === undefined ? nothing : copyLineage(sql, continues, path);
        const write = <T extends EntryType>(type: T, body: Body<T>): void => {
          before = insertNext(sql, { identity, at, before, type, body: bodyToWrite(type, body as never) });
        };
        write('installation.created', {
          system,
          version: options.version,
          key: key.publicKey,
          root: root.publicKey,
          role,
        });
        write('installation.certified', { certificate });
        write('epoch.opened', {
          continues: continues?.head ?? null,
          repository: continues?.repository ?? null,
          snapshot: continues?.snapshot ?? null,
        });
      });
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    });
  } finally {
    db.close(); // the last connection's: the WAL is gone, the file is whole
  }
  renameSync(beside, path);
  fsyncFolder(home);
  return identity;
}

function writeMeta(sql: Sql, { system, installation, epoch, role, root }: Identity): void {
  const meta = { layout: String(layout), system, installation, epoch: String(epoch), role, root };
  for (const [key, value] of Object.entries(meta))
    sql('INSERT INTO meta (key, value) VALUES (?, ?)').run(key, value);
}

function copyLineage(sql: Sql, { head, lines }: Continued, path: string): Head {
  let before: Pick<Head, 'seq' | 'hash'> = nothing;
  let last: Head | undefined;
  for (const line of lines) {
    if (breakBetween(before, line) !== undefined)
      throw new RepriseError('journal.damaged', {
        path,
        why: inBoth((t) => t['why.breaks-at']({ seq: line.entry.seq })),
      });
    insertOwn(sql, line);
    before = last = headOf(line);
  }
  if (last?.hash !== head.hash || last.seq !== head.seq)
    throw new RepriseError('journal.damaged', {
      path,
      why: inBoth((t) => t['why.not-to-its-head']),
    });
  return last;
}

function insertNext(
  sql: Sql,
  of: {
    identity: Identity;
    at: string;
    before: Pick<Head, 'seq' | 'hash'>;
    type: EntryType;
    body: Record<string, unknown>;
  },
): Head {
  const line = lineOf({
    v: 1,
    seq: of.before.seq + 1,
    at: of.at,
    up_ms: 0,
    installation: of.identity.installation,
    epoch: of.identity.epoch,
    run: null,
    step: null,
    type: of.type,
    body: of.body,
    prev: of.before.hash,
  });
  insertOwn(sql, line);
  return headOf(line);
}

/**
 * Before a superseded installation follows its successor in the same home: its journal and key move to
 * `superseded/<installation>-<epoch>/`, whole, and stay readable there. Nothing else may have the journal open.
 */
export async function setAside(
  home: string,
  { installation, epoch }: Pick<Identity, 'installation' | 'epoch'>,
): Promise<string> {
  const paths = homePaths(home);
  const { db } = await openDatabase(paths.journal, 'write');
  try {
    // What is only in the write-ahead log goes into the file, which can then be moved alone.
    guarded(paths.journal, () => db.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
  } finally {
    db.close();
  }
  const aside = join(paths.superseded, `${installation}-${epoch}`);
  mkdirSync(aside, { recursive: true, mode: 0o700 });
  // The key first: killed in between, the journal is still in its place and the next try moves it.
  if (existsSync(paths.signingKey)) renameSync(paths.signingKey, join(aside, 'signing.pem'));
  renameSync(paths.journal, join(aside, 'journal.sqlite'));
  fsyncFolder(home);
  return aside;
}
