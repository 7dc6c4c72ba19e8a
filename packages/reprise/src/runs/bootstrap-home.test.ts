import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { parseLine } from '../journal/chain.ts';
import { homePaths } from '../journal/home.ts';
import { createInstallation } from '../journal/installation.ts';
import type { Journal } from '../journal/journal.ts';
import { openJournal } from '../journal/store.ts';
import { systemClock as clock } from '../lib/clock.ts';
import { newRecoveryKey, rootOf } from '../lib/recovery-key.ts';
import { makeRoom } from './bootstrap-home.ts';
import type { SetUp } from './setup.ts';

const root = rootOf(newRecoveryKey());
const common = { clock, system: 'shop', role: 'writer', version: '0', root } as const;
let home: string;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'room-'));
  const before = join(home, 'before');
  await createInstallation({ ...common, home: before });
  await using lost = await openJournal({ home: before, clock, mode: 'read' });
  const head = lost.head();
  const lines = [...lost.lines(1, head.seq)].map(({ text, seq }) => parseLine(text, `entry ${seq}`));
  const continues = { head, lines, repository: 'primary', snapshot: 'f00d' };
  await createInstallation({ ...common, home: join(home, 'new'), continues });
});
afterEach(() => rmSync(home, { recursive: true }));

/** The same bootstrap is typed again, and finds the newest of the states that it stored itself. */
async function again(before: (journal: Journal) => void): Promise<void> {
  const setup = { home: join(home, 'new'), clock } as SetUp;
  const journal = await openJournal({ home: setup.home, clock, mode: 'write' });
  before(journal);
  const head = journal.head();
  await journal[Symbol.asyncDispose]();
  await makeRoom(setup, head, root.publicKey);
}
const none = { run: null, step: null };
const left =
  (...what: string[]) =>
  (journal: Journal) =>
    void journal.append('bootstrap.finished', { opened: ['primary'], left: what }, none);

test('killed after its first state was stored: it goes on', async () => {
  await again(() => {});
});

test('what could not be reached the first time is tried again', async () => {
  await again(left('copy: unreachable'));
});

test('once all is done it is not needed, and nothing is cut off', async () => {
  await expect(again(left())).rejects.toMatchObject({ code: 'bootstrap.not-needed' });
});

test('a working installation whose signing key is gone or no key is set aside: nothing else gives it one', async () => {
  const { signingKey, superseded, journal } = homePaths(join(home, 'new'));
  chmodSync(signingKey, 0o644);
  await expect(again(left())).rejects.toMatchObject({ code: 'bootstrap.not-needed' });
  rmSync(signingKey);
  await again(left());
  expect(existsSync(journal)).toBe(false);
  expect(readdirSync(superseded)).toHaveLength(1);
});

test('an installation of an earlier version, which works, has nothing left to do', async () => {
  const working = (journal: Journal): void =>
    void journal.append(
      'run.started',
      { recipe: 'backup', plan: null, args: {}, pid: 1 },
      { run: '00000000-0000-4000-8000-00000000000a', step: null },
    );
  await expect(again(working)).rejects.toMatchObject({ code: 'bootstrap.not-needed' });
});
