import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { parseLine, type Line } from '../journal/chain.ts';
import { homePaths } from '../journal/home.ts';
import { createInstallation, setAside } from '../journal/installation.ts';
import type { StoredLine } from '../journal/journal.ts';
import { fsyncFolder } from '../journal/keys.ts';
import { openJournal } from '../journal/store.ts';
import { RepriseError } from '../lib/errors/index.ts';
import type { RootKey } from '../lib/recovery-key.ts';
import type { SetUp } from './setup.ts';

/**
 * A new root for an installation whose recovery key nobody has seen (`init` was killed before it was shown): a new
 * epoch under the new root continues the journal, the one before it is set aside. Refused once a `kit check` has passed:
 * then somebody holds the key, and replacing it would make the kit worthless. Throws `init.key-in-use`.
 *
 * The new journal is made whole in a folder of its own first: killed at any moment, one of the two is in its place or
 * `finishRenewal` puts it there.
 */
export async function renewRoot(setup: SetUp, root: RootKey): Promise<void> {
  const { home, clock, version } = setup;
  const renewal = join(home, 'renewal');
  rmSync(renewal, { recursive: true, force: true });
  const journal = await openJournal({ home, clock, mode: 'read' });
  const { system, role, installation, epoch } = journal;
  try {
    const checked = [...journal.entries({ type: 'kit.checked', own: true })].find(
      (e) => e.body['ok'] === true,
    );
    if (checked !== undefined) throw new RepriseError('init.key-in-use', { at: checked.at });
    mkdirSync(renewal, { mode: 0o700 });
    const head = journal.head();
    const continues = { head, lines: parsed(journal.lines(1, head.seq)), repository: null, snapshot: null };
    await createInstallation({ home: renewal, clock, system, role, version, root, continues });
  } finally {
    await journal[Symbol.asyncDispose]();
  }
  await setAside(home, { installation, epoch });
  finishRenewal(home);
}

/** Moves a renewed journal and its key into the place that `setAside` left empty; nothing where there is none. */
export function finishRenewal(home: string): void {
  const to = homePaths(home);
  const from = homePaths(join(home, 'renewal'));
  if (existsSync(to.journal) || !existsSync(from.journal)) return;
  // The key first: the journal in its place means that both are there.
  if (existsSync(from.signingKey)) renameSync(from.signingKey, to.signingKey);
  fsyncFolder(to.keys);
  renameSync(from.journal, to.journal);
  fsyncFolder(home);
  rmSync(join(home, 'renewal'), { recursive: true, force: true });
}

function* parsed(lines: Iterable<StoredLine>): Generator<Line> {
  for (const { text, seq } of lines) yield parseLine(text, `entry ${seq}`);
}
