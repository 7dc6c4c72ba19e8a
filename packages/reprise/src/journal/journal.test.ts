import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, describe, expect, test } from 'vitest';

import { systemClock } from '../lib/clock.ts';
import { newRecoveryKey, rootOf } from '../lib/recovery-key.ts';
import { breakBetween, headOf, nothing, parseLine } from './chain.ts';
import { createInstallation, setAside } from './installation.ts';
import { openJournal } from './store.ts';

const homes: string[] = [];
afterEach(() => {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
});

const newHome = (): string => {
  const home = mkdtempSync(join(tmpdir(), 'reprise-journal-'));
  homes.push(home);
  return home;
};
const root = rootOf(newRecoveryKey());
const create = (home: string) =>
  createInstallation({ home, clock: systemClock, system: 'shop', role: 'writer', version: '0.1.0', root });
const open = (home: string, mode: 'write' | 'read' = 'write') =>
  openJournal({ home, clock: systemClock, mode, system: 'shop' });
const code = async (act: () => unknown): Promise<unknown> => {
  try {
    await act();
    return 'nothing thrown';
  } catch (e) {
    return (e as { code?: unknown }).code ?? e;
  }
};
const cause = { run: '00000000-0000-4000-8000-000000000001', step: null };

describe('a journal', () => {
  test('its stamp tells that something was written, here or by another process, and nothing else', async () => {
    const home = newHome();
    await create(home);
    await using journal = await open(home);
    await using reader = await open(home, 'read');
    const stamps = (): string[] => [journal.stamp(), reader.stamp()];
    const before = stamps();
    expect([...journal.entries(), ...reader.entries()]).not.toEqual([]);
    expect(stamps()).toEqual(before);
    journal.append('kit.checked', { repository: 'primary', ok: true }, { run: null, step: null });
    const entry = stamps();
    journal.recordView('primary', ['a'.repeat(64)]);
    const view = stamps();
    expect(stamps()).toEqual(view);
    for (const of of [0, 1]) expect(new Set([before[of], entry[of], view[of]]).size).toBe(3);
  });

  test('begins with its installation and chains every entry to the one before', async () => {
    const home = newHome();
    const identity = await create(home);
    await using journal = await open(home);
    journal.append('run.started', { recipe: 'backup', plan: null, args: {}, pid: 1 }, cause);
    journal.append('step.started', { attempt: 1 }, { ...cause, step: 'capture:db' });
    expect([...journal.entries()].map((e) => e.type)).toEqual([
      'installation.created',
      'installation.certified',
      'epoch.opened',
      'run.started',
      'step.started',
    ]);
    let before: Parameters<typeof breakBetween>[0] = nothing;
    for (const stored of journal.lines()) {
      const line = parseLine(stored.text, 'test');
      expect(line.hash).toBe(stored.hash);
      expect(breakBetween(before, line)).toBeUndefined();
      before = headOf(line);
    }
    expect(before).toEqual({ ...journal.head(), installation: identity.installation });
  });

  test('is whole again after it was closed, and counts the time since the start of the run', async () => {
    const home = newHome();
    await create(home);
    let up = 1000;
    const clock = { ...systemClock, monotonic: () => up };
    {
      await using journal = await openJournal({ home, clock, mode: 'write' });
      journal.append('run.started', { recipe: 'backup', plan: null, args: { all: true }, pid: 1 }, cause);
      up += 250;
      journal.append('step.started', { attempt: 1 }, { ...cause, step: 'a' });
    }
    await using journal = await open(home, 'read');
    expect([...journal.entries({ run: cause.run })].map((e) => e.up_ms)).toEqual([0, 250]);
    expect(journal.openRuns().map((r) => [r.run, r.recipe, r.args])).toEqual([
      [cause.run, 'backup', { all: true }],
    ]);
  });

  test('shows runs and steps as the entries left them', async () => {
    const home = newHome();
    await create(home);
    await using journal = await open(home);
    const step = { ...cause, step: 'copy' };
    journal.append('run.started', { recipe: 'backup', plan: null, args: {}, pid: 1 }, cause);
    journal.append('step.started', { attempt: 1 }, step);
    journal.append('step.failed', { code: 'run.unexpected', message: 'x', ms: 5 }, step);
    journal.append('run.interrupted', { reason: 'signal' }, cause);
    expect(journal.runs({ states: ['interrupted'] })).toHaveLength(1);
    expect(journal.stepsOf(cause.run)).toMatchObject([
      { state: 'failed', attempt: 1, error: 'run.unexpected', output: undefined },
    ]);
    journal.append('run.resumed', { pid: 2 }, cause);
    expect(journal.openRuns()).toMatchObject([{ pid: 2, state: 'open', endedAt: null }]);
    journal.append('step.started', { attempt: 2 }, step);
    journal.append('step.finished', { output: { snapshots: ['a'] }, ms: 7 }, step);
    journal.append('run.finished', { exit: 0 }, cause);
    expect(journal.stepsOf(cause.run)).toMatchObject([
      { state: 'finished', attempt: 2, error: null, output: { snapshots: ['a'] }, ms: 7 },
    ]);
    expect(journal.runs({ recipe: 'backup' })).toMatchObject([{ state: 'finished', exit: 0 }]);
    expect(journal.openRuns()).toEqual([]);
  });

  test('keeps lone surrogates out and refuses what has no canonical form', async () => {
    const home = newHome();
    await create(home);
    await using journal = await open(home);
    const step = { ...cause, step: 's' };
    const entry = journal.append('step.failed', { code: 'x', message: 'cut \ud83d', ms: 1 }, step);
    expect(entry.body['message']).toBe('cut \ufffd');
    const head = journal.head();
    expect(await code(() => journal.append('step.finished', { output: 0.5, ms: 1 }, step))).toBe(
      'journal.not-canonical',
    );
    expect(await code(() => journal.append('step.finished', { output: 1, ms: 1.5 }, step))).toBe(
      'journal.body',
    );
    expect(journal.head()).toEqual(head);
  });

  test('entries are found by type, run and place; writing while reading is safe', async () => {
    const home = newHome();
    await create(home);
    await using journal = await open(home);
    for (let i = 0; i < 1100; i += 1)
      journal.append('kit.checked', { repository: `r${i}`, ok: true }, { run: null, step: null });
    const seen: string[] = [];
    for (const entry of journal.entries({ type: 'kit.checked', after: 4 })) {
      seen.push(entry.body['repository'] as string);
      if (seen.length < 10)
        journal.append('kit.checked', { repository: 'late', ok: true }, { run: null, step: null });
    }
    expect(seen).toHaveLength(1099);
    expect(seen[0]).toBe('r1');
    expect(seen).not.toContain('late');
  });
});

describe('opening a journal', () => {
  test('says what is missing, damaged, cut or of another system', async () => {
    const home = newHome();
    expect(await code(() => open(home))).toBe('journal.absent');
    await create(home);
    expect(await code(() => create(home))).toBe('journal.exists');
    expect(await code(() => openJournal({ home, clock: systemClock, mode: 'read', system: 'other' }))).toBe(
      'journal.other-system',
    );
    const path = join(home, 'journal.sqlite');
    {
      await using journal = await open(home);
      for (let i = 0; i < 200; i += 1)
        journal.append('kit.checked', { repository: 'r', ok: true }, { run: null, step: null });
    }
    truncateSync(path, 9000);
    expect(await code(() => open(home))).toBe('journal.damaged');
    writeFileSync(path, 'not a database, but long enough to look like one'.repeat(100));
    expect(await code(() => open(home))).toBe('journal.damaged');
    writeFileSync(path, '');
    expect(await code(() => open(home, 'read'))).toBe('journal.damaged');
  });

  test('notices a newest entry that was changed', async () => {
    const home = newHome();
    await create(home);
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(join(home, 'journal.sqlite'));
    db.exec(
      `UPDATE entries SET text = replace(text, 'shop', 'ship') WHERE seq = 3; UPDATE entries SET text = replace(text, 'null', '"x"') WHERE seq = 3`,
    );
    db.close();
    expect(await code(() => open(home))).toBe('journal.damaged');
  });

  test('for reading cannot write', async () => {
    const home = newHome();
    await create(home);
    await using journal = await open(home, 'read');
    expect(await code(() => journal.append('run.resumed', { pid: 1 }, cause))).toBe('journal.read-only');
  });

  test('two connections write one chain', async () => {
    const home = newHome();
    await create(home);
    await using one = await open(home);
    await using two = await open(home);
    for (let i = 0; i < 20; i += 1)
      (i % 2 === 0 ? one : two).append(
        'kit.checked',
        { repository: `r${i}`, ok: true },
        { run: null, step: null },
      );
    expect(one.head()).toEqual(two.head());
    expect([...one.lines()].map((l) => l.seq)).toEqual(Array.from({ length: 23 }, (_, i) => i + 1));
  });

  test('a superseded one is set aside, whole', async () => {
    const home = newHome();
    const first = await create(home);
    const aside = await setAside(home, first);
    const second = await create(home);
    expect(second.installation).not.toBe(first.installation);
    await using old = await openJournal({ home: aside, clock: systemClock, mode: 'read' });
    expect(old.installation).toBe(first.installation);
  });
});
