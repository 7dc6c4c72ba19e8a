import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';

import { afterAll, expect, test } from 'vitest';

import { RepriseError } from '../lib/errors/index.ts';
import { newRecoveryKey } from '../lib/recovery-key.ts';
import { recoveryKey } from './ask.ts';
import type { Session } from './session.ts';

const folder = mkdtempSync(join(tmpdir(), 'reprise-ask-'));
afterAll(() => rmSync(folder, { recursive: true }));

const io = {
  argv: [],
  env: {},
  stdin: new PassThrough(),
  stdout: new PassThrough(),
  stderr: new PassThrough(),
};
const session: Session = {
  io,
  look: { language: 'fr', colour: false, width: 80 },
  json: false,
  verbose: false,
  signal: new AbortController().signal,
  app: { planFile: 'reprise.yaml', env: {}, language: 'fr', log: () => {} },
};

/** What is said of a key file that cannot serve. */
const refused = async (name: string): Promise<string> =>
  await recoveryKey(session, join(folder, name)).then(
    () => 'accepted',
    (e: unknown) => (e instanceof RepriseError ? e.text('fr').message : String(e)),
  );

test('a key file that cannot serve is said with its reason, in the reader’s language', async () => {
  const key = newRecoveryKey().reveal();
  writeFileSync(join(folder, 'open'), key, { mode: 0o644 });
  writeFileSync(join(folder, 'long'), 'x'.repeat(5000), { mode: 0o600 });
  writeFileSync(join(folder, 'right'), `${key}\n`, { mode: 0o600 });
  expect(await refused('open')).toContain('d’autres peuvent le lire (mode 644)');
  expect(await refused('long')).toContain('plus de 4096 octets');
  expect(await refused('none')).toContain('il n’y a pas de tel fichier');
  expect((await recoveryKey(session, join(folder, 'right'))).reveal()).toBe(key);
});
