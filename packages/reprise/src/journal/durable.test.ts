import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { openDatabase } from './database.ts';

/** Nothing but a power cut shows the difference. Values: sqlite.org, "PRAGMA synchronous". */
test('what was written is on the disk before the transaction returns', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-durable-'));
  const { db } = await openDatabase(join(folder, 'journal.sqlite'), 'write');
  const asked = (name: string): unknown => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  expect(asked('synchronous')).toBe(2); // FULL
  expect(asked('journal_mode')).toBe('wal');
  db.close();
  rmSync(folder, { recursive: true });
});
