import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { createInstallation } from '../../packages/reprise/src/journal/installation.ts';
import { openJournal } from '../../packages/reprise/src/journal/store.ts';
import { verifyJournal } from '../../packages/reprise/src/journal/verify.ts';
import { systemClock } from '../../packages/reprise/src/lib/clock.ts';
import { newRecoveryKey, rootOf } from '../../packages/reprise/src/lib/recovery-key.ts';

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
