import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { Point } from '@reprise/contracts';
import { expect, test } from 'vitest';

import { localHost } from '../../hosts/local.ts';
import { systemClock } from '../../lib/clock.ts';
import { output } from '../tool.ts';
import { online } from './online.ts';

test('typed by hand, a damaged database takes no place, and what stands in the place stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-hand-'));
  await using host = localHost({ run: null, scratchRoot: folder, clock: systemClock });
  try {
    const [path, stored] = [join(folder, "it's.db"), join(folder, 'stored')];
    const db = new DatabaseSync(stored);
    db.exec('CREATE TABLE t (v TEXT CHECK (v = lower(v)))');
    for (let i = 100; i < 600; i++) db.prepare('INSERT INTO t VALUES (?)').run(`value ${i}`);
    db.close();
    const point = { inventory: { v: 1, items: [] } } as unknown as Point;
    const [aside, write] = online
      .byHand(point, { path, busy_timeout: 1000, allow_empty: false })
      .map((step) => step.shell) as [string, string];
    const typed = async (shell: string): Promise<boolean> => {
      const filled = shell.replace(/\{\{restic\}\} dump \S+ \S+/, `cat '${stored}'`);
      const { exit } = await output(host, { argv: ['sh', '-ec', filled] }, AbortSignal.timeout(20_000));
      return exit.code === 0;
    };
    const whole = readFileSync(stored);
    writeFileSync(path, 'left');
    expect(await typed(write)).toBe(false); // the first step was forgotten
    expect(readFileSync(path, 'utf8')).toBe('left');
    expect(await typed(aside)).toBe(true);
    // One letter of a row: sqlite3 says that it cannot be so, and exits 0.
    const damaged = Buffer.from(whole.toString('latin1').replaceAll('value 345', 'Value 345'), 'latin1');
    writeFileSync(stored, damaged);
    expect(await typed(write)).toBe(false);
    expect(existsSync(path)).toBe(false);
    writeFileSync(stored, whole);
    expect(await typed(write)).toBe(true);
    expect(readFileSync(path).equals(whole)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
