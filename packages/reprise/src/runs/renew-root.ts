import { createInstallation, setAside } from '../journal/installation.ts';
import { parseLine } from '../journal/chain.ts';
import { openJournal } from '../journal/store.ts';
import { RepriseError } from '../lib/errors/index.ts';
import type { RootKey } from '../lib/recovery-key.ts';
import type { SetUp } from './setup.ts';

/**
 * A new root for an installation whose recovery key nobody has seen (`init` was killed before it was shown): a new
 * epoch under the new root continues the journal, the one before it is set aside. Refused once a `kit check` has passed:
 * then somebody holds the key, and replacing it would make the kit worthless. Throws `init.key-in-use`.
 */
export async function renewRoot(setup: SetUp, root: RootKey): Promise<void> {
  const { home, clock, version } = setup;
  const journal = await openJournal({ home, clock, mode: 'read' });
  const { system, role, installation, epoch } = journal;
  let head, lines;
  try {
    const checked = [...journal.entries({ type: 'kit.checked', own: true })].find((e) => e.body['ok'] === true);
    if (checked !== undefined) throw new RepriseError('init.key-in-use', { at: checked.at });
    head = journal.head();
    // So early in its life a journal is short: a few entries, held while its file moves.
    lines = [...journal.lines(1, head.seq)].map((l) => parseLine(l.text, `entry ${l.seq}`));
  } finally {
    await journal[Symbol.asyncDispose]();
  }
  await setAside(home, { installation, epoch });
  await createInstallation({
    home,
    clock,
    system,
    role,
    version,
    root,
    continues: { head, lines, repository: null, snapshot: null },
  });
}
