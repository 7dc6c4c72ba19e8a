import { argv } from 'node:process';

import { openJournal } from '../../packages/reprise/src/journal/store.ts';
import { systemClock } from '../../packages/reprise/src/lib/clock.ts';

/** Writes into the journal of `argv[2]` without end, saying each entry's number once it is durable. */
await using journal = await openJournal({ home: argv[2] ?? '', clock: systemClock, mode: 'write' });
for (;;) {
  const { seq } = journal.append(
    'kit.checked',
    { repository: argv[3] ?? '', ok: true },
    { run: null, step: null },
  );
  process.stdout.write(`${seq}\n`);
  await systemClock.sleep(0, AbortSignal.timeout(60_000));
}
