import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { prepareHome } from '../../packages/reprise/src/journal/home.ts';
import { createInstallation } from '../../packages/reprise/src/journal/installation.ts';
import { openJournal } from '../../packages/reprise/src/journal/store.ts';
import { verifyJournal } from '../../packages/reprise/src/journal/verify.ts';
import { systemClock } from '../../packages/reprise/src/lib/clock.ts';
import type { RepriseError } from '../../packages/reprise/src/lib/errors/index.ts';
import { newRecoveryKey, rootOf } from '../../packages/reprise/src/lib/recovery-key.ts';
import { examineHome } from '../../packages/reprise/src/runs/doctor-home.ts';
import { lock } from '../../packages/reprise/src/runs/locks.ts';
import { workFolder } from '../../packages/reprise/src/runs/states.ts';
import { mountTmpfs, whyNoTmpfs } from '../testbed/tmpfs.ts';

const script = join(import.meta.dirname, 'journal-writers.ts');

test('three processes write one journal and are killed: one whole chain, with everything that was said to be in it', async () => {
  const home = mkdtempSync(join(tmpdir(), 'reprise-writers-'));
  try {
    const root = rootOf(newRecoveryKey());
    await createInstallation({
      home,
      clock: systemClock,
      system: 'shop',
      role: 'writer',
      version: '0',
      root,
    });
    const said: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const writers = ['a', 'b', 'c'].map((name) =>
        spawn(process.execPath, [script, home, name], { stdio: ['ignore', 'pipe', 'inherit'] }),
      );
      let lines = 0;
      const enough = new Promise<void>((resolve) => {
        for (const writer of writers)
          writer.stdout.setEncoding('utf8').on('data', (text: string) => {
            // A number cut in half by the kill would have no end of line.
            for (const line of text.split('\n').slice(0, -1)) said.push(Number(line));
            lines += text.split('\n').length - 1;
            if (lines > 60) resolve();
          });
      });
      await enough;
      const ended = Promise.all(writers.map((w) => once(w, 'close')));
      for (const writer of writers) writer.kill('SIGKILL');
      await ended;
    }
    await using journal = await openJournal({ home, clock: systemClock, mode: 'write' });
    const { findings } = verifyJournal(journal);
    expect(findings.map((f) => `${f.code} ${f.verdict}`)).toEqual([
      'journal.intact pass',
      'journal.certified pass',
      'journal.anchored unable',
    ]);
    expect(new Set(said).size).toBe(said.length);
    expect(Math.max(...said)).toBeLessThanOrEqual(journal.head().seq);
    expect(said.length).toBeGreaterThan(180);
  } finally {
    rmSync(home, { recursive: true });
  }
});

test('a full disk: what there is is read, and what is in a log without its index is not passed over', async (ctx) => {
  const why = await whyNoTmpfs();
  if (why !== undefined) ctx.skip(why);
  await using disk = await mountTmpfs({ bytes: 2 * 1024 * 1024 });
  const home = disk.path;
  const clock = systemClock;
  const root = rootOf(newRecoveryKey());
  await createInstallation({ home, clock, system: 'shop', role: 'writer', version: '0', root });
  const fill = join(home, 'fill');
  const full = (): void => {
    for (const bytes of [65_536, 4096])
      try {
        for (;;) appendFileSync(fill, Buffer.alloc(bytes));
      } catch {
        // full
      }
  };
  full();
  expect(examineHome(home).findings).toContainEqual(
    expect.objectContaining({ code: 'doctor.home-writable', verdict: 'fail' }),
  );
  for (const _ of ['at once', 'with what the first one left there']) {
    await using reader = await openJournal({ home, clock, mode: 'read' });
    expect(verifyJournal(reader).entries).toBe(3);
  }
  await expect(openJournal({ home, clock, mode: 'write' })).rejects.toMatchObject({ code: 'journal.full' });
  rmSync(fill);
  const kept = mkdtempSync(join(tmpdir(), 'reprise-log-'));
  try {
    await using writer = await openJournal({ home, clock, mode: 'write' });
    writer.append('kit.checked', { repository: 'r', ok: true }, { run: null, step: null });
    cpSync(`${writer.home}/journal.sqlite-wal`, join(kept, 'log'));
  } finally {
    cpSync(join(kept, 'log'), join(home, 'journal.sqlite-wal'));
    rmSync(kept, { recursive: true });
  }
  full();
  await expect(openJournal({ home, clock, mode: 'read' })).rejects.toMatchObject({ code: 'journal.full' });
});

test('a read-only home: reading reads, and whatever would write says why not and what helps', async (ctx) => {
  const why = await whyNoTmpfs();
  if (why !== undefined) ctx.skip(why);
  await using disk = await mountTmpfs({ bytes: 2 * 1024 * 1024 });
  const home = disk.path;
  const clock = systemClock;
  const root = rootOf(newRecoveryKey());
  await createInstallation({ home, clock, system: 'shop', role: 'writer', version: '0', root });
  execFileSync('mount', ['-o', 'remount,ro', home]);
  await using reader = await openJournal({ home, clock, mode: 'read' });
  expect(verifyJournal(reader).entries).toBe(3);
  const refused: readonly (() => Promise<unknown>)[] = [
    async () => await openJournal({ home, clock, mode: 'write' }),
    async () => await lock(home, 'x', { run: 'x', pid: 1 }),
    () => Promise.resolve(prepareHome(home)),
    () => Promise.resolve(workFolder(home, 'x')),
  ];
  for (const act of refused) {
    const e = await Promise.resolve()
      .then(act)
      .catch((thrown: unknown) => thrown);
    expect(e).toMatchObject({ code: 'home.not-writable', exit: 1, params: { why: 'EROFS', help: 'mount' } });
    expect((e as RepriseError).text('fr').hint).toContain(`findmnt -T ${home}`);
  }
  const { findings } = examineHome(home);
  expect(findings).toContainEqual(
    expect.objectContaining({
      code: 'doctor.home-writable',
      verdict: 'fail',
      params: expect.objectContaining({ why: 'EROFS' }),
    }),
  );
});
