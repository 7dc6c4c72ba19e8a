import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import type { Host } from '../hosts/host.ts';
import { localHost } from '../hosts/local.ts';
import { systemClock } from '../lib/clock.ts';
import { said, type Said } from '../lib/language.ts';
import { files } from './files/index.ts';
import { sqlite } from './sqlite/index.ts';

const { signal } = new AbortController();

/** A find that may not look into everything: it says so on stderr, lists what it can, and exits with 1. */
const blinkered = `#!/bin/sh
echo "find: './closed': Permission denied" >&2
exec /usr/bin/find "$@" -false
`;

test.each([files, sqlite])('$name: what cannot be looked at is said, not passed over', async (kind) => {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-discover-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [root, bin] = [join(folder, 'root'), join(folder, 'bin')];
  for (const path of [join(root, 'data'), bin]) mkdirSync(path, { recursive: true });
  writeFileSync(join(bin, 'find'), blinkered);
  chmodSync(join(bin, 'find'), 0o755);
  const host = localHost({ run: null, scratchRoot: join(folder, 'scratch'), clock: systemClock });
  const PATH = `${bin}:${process.env['PATH'] ?? ''}`;
  const run: Host['run'] = (command, s) => host.run({ ...command, env: { PATH } }, s);
  const log: string[] = [];
  const heard = (line: Said): void => void log.push(said(line, 'fr'));

  const found = await Array.fromAsync(kind.discover({ host, signal, log: heard }, [root]));
  expect([found, log]).toEqual([[], []]);
  await Array.fromAsync(kind.discover({ host: { ...host, run }, signal, log: heard }, [root]));
  expect(log).toEqual([
    expect.stringMatching(/root.* n’a pas pu être consulté : « find: '\.\/closed': Permission denied »$/),
  ]);
});

test('a proposal has the name that people gave it, accents and all: a plan’s name is made of it later', async () => {
  const root = mkdtempSync(join(tmpdir(), 'reprise-discover-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'Médias'));
  writeFileSync(join(root, 'Médias', 'Été.db'), `SQLite format 3\0${'x'.repeat(496)}`);
  const host = localHost({ run: null, scratchRoot: join(root, '.scratch'), clock: systemClock });
  const at = { host, signal, log: () => {} };
  const names = async (kind: typeof files | typeof sqlite): Promise<readonly string[]> =>
    (await Array.fromAsync(kind.discover(at, [root]))).map((p) => p.name);
  expect(await names(files)).toEqual(['Médias']);
  expect(await names(sqlite)).toEqual(['Été']);
});
