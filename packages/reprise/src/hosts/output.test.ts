import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { Secret } from '../lib/secret.ts';
import { hideIn, maskedEnd, roomFor } from './output.ts';

const secret = new Secret('canary-of-the-output');
const hidden = async (printed: string): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-output-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'server.log');
  writeFileSync(file, printed);
  await hideIn(file, [secret]);
  return readFileSync(file, 'utf8');
};
const MiB = 1024 * 1024;

test('a secret is taken out of what was printed; what holds none stays as it is', async () => {
  expect(await hidden(`key ${secret.reveal()}\n`)).toBe('key [secret]\n');
  expect(await hidden('x'.repeat(2000))).toBe('x'.repeat(2000));
});

test('also one at the beginning of a long output, and one that the limit cuts in two', async () => {
  for (const after of [2 * MiB, MiB - 5, MiB - secret.reveal().length, 10])
    for (const before of ['', 'x'.repeat(MiB)]) {
      const left = await hidden(before + secret.reveal() + 'y'.repeat(after));
      expect(left).not.toContain('canary');
      expect(left).not.toMatch(/output/);
      expect(left.endsWith('y'.repeat(Math.min(after, MiB - 100)))).toBe(true);
      expect(left.length).toBeLessThan(MiB + 100);
    }
});

test('nor is a piece of one left at the front where masking makes the rest shorter', () => {
  const printed = Buffer.from(secret.reveal().repeat(100));
  for (const limit of [100, 105, 119, 400]) {
    const end = maskedEnd(printed.subarray(-(limit + roomFor([secret]))), limit, [secret]);
    expect(end.toString()).toMatch(/^[[\]secret]*$/);
    expect(end.length).toBeLessThanOrEqual(limit);
  }
});
