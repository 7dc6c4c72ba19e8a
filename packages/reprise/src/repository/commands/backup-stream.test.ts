import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';

import { expect, onTestFinished, test } from 'vitest';

import { localHost } from '../../hosts/local.ts';
import { systemClock } from '../../lib/clock.ts';
import { Secret } from '../../lib/secret.ts';
import { openRepository } from '../open.ts';

const { signal } = new AbortController();

/** A repository whose restic takes the first bytes of a stream, says that it stored them, and exits with 0. */
function hasty() {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-hasty-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const summary = `{"message_type":"summary","snapshot_id":"${'a'.repeat(64)}","total_bytes_processed":5,"total_files_processed":1}`;
  const program = join(folder, 'restic');
  writeFileSync(
    program,
    `#!/bin/sh\n[ "$1" = version ] && echo "restic 0.18.0" && exit\nhead -c 5 >/dev/null\necho '${summary}'\n`,
  );
  chmodSync(program, 0o755);
  return openRepository({
    name: 'main',
    url: '/r',
    identity: 'writer',
    system: 'sys',
    host: localHost({ run: null, scratchRoot: folder, clock: systemClock }),
    home: folder,
    clock: systemClock,
    password: { secret: async () => new Secret('x') },
    program,
  });
}

test('a restic that ends well before the end of the stream has stored no part', async () => {
  const body = new PassThrough();
  body.write('first');
  const producing = new Promise<void>(() => {}); // it never gets to its end
  const tags = { form: 'part', installation: 'i', run: 'r', component: 'db', part: 'db' } as const;
  await expect(
    hasty().backupStream(body, producing, '/reprise.sys.db.db', tags, signal),
  ).rejects.toMatchObject({
    code: 'repository.failed',
    params: { what: { en: expect.stringContaining('before the end of the stream') } },
  });
  expect(body.destroyed).toBe(true);
});
