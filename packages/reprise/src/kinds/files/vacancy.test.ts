import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import type { Host } from '../../hosts/host.ts';
import { localHost } from '../../hosts/local.ts';
import { systemClock } from '../../lib/clock.ts';
import type { Context } from '../kind.ts';
import { FilesSpec } from './spec.ts';
import { isVacant } from './vacancy.ts';

const { signal } = new AbortController();

test('a folder that could not be listed is never called vacant', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-vacancy-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [root, bin] = [join(folder, 'root'), join(folder, 'bin')];
  for (const path of [root, bin]) mkdirSync(path);
  const host = localHost({ run: null, scratchRoot: join(folder, 'scratch'), clock: systemClock });
  // A find that is not there, or that meets an error before the first name.
  const PATH = `${bin}:${process.env['PATH'] ?? ''}`;
  const run: Host['run'] = (command, s) => host.run({ ...command, env: { ...command.env, PATH } }, s);
  const seen = async (on: Host = { ...host, run }) => {
    const at = { host: on, signal } as Context;
    return await isVacant(FilesSpec.parse({ path: root }), at);
  };
  writeFileSync(join(bin, 'find'), '#!/bin/sh\necho "find: .: Input/output error" >&2\nexit 1\n');
  chmodSync(join(bin, 'find'), 0o755);

  expect(await seen()).toMatchObject({ vacant: true });
  writeFileSync(join(root, 'order.pdf'), 'x');
  expect(await seen()).toMatchObject({ vacant: false, found: { en: `1 entry in ${root}` } });
  const list: Host['list'] = () => Promise.reject(new Error('Input/output error'));
  await expect(seen({ ...host, run, list })).rejects.toThrow('Input/output error');
});

test('what is no folder is named in words', async () => {
  const host = localHost({ run: null, scratchRoot: '/nonexistent', clock: systemClock });
  const at = { host, signal } as Context;
  expect(await isVacant(FilesSpec.parse({ path: '/dev/null' }), at)).toMatchObject({
    vacant: false,
    found: { en: 'a special file at /dev/null', fr: 'un fichier spécial : /dev/null' },
  });
});
