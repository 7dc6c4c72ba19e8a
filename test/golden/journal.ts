import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv } from 'node:process';

import type { BodyInput, EntryV1 } from '@reprise/contracts';

import { catalogueOf, mergeStates } from '../../packages/reprise/src/catalogue/merge.ts';
import { hashOf, sha256 } from '../../packages/reprise/src/journal/chain.ts';
import { createInstallation, type Continued } from '../../packages/reprise/src/journal/installation.ts';
import type { Cause, Journal } from '../../packages/reprise/src/journal/journal.ts';
import { writeState } from '../../packages/reprise/src/journal/segments.ts';
import { readState } from '../../packages/reprise/src/journal/state.ts';
import { openJournal } from '../../packages/reprise/src/journal/store.ts';
import type { Clock } from '../../packages/reprise/src/lib/clock.ts';
import { newRecoveryKey, rootOf } from '../../packages/reprise/src/lib/recovery-key.ts';

/** A clock that goes on by a second at each look: the same story, told once. */
class StoryClock implements Clock {
  #ms = Date.parse('2026-03-01T02:00:00.000Z');
  now(): Date {
    this.#ms += 1000;
    return new Date(this.#ms);
  }
  monotonic(): number {
    return this.#ms;
  }
  async sleep(): Promise<void> {}
}

const system = 'golden';
const plan = 'version: 1\nsystem: golden # é\n';
const out = argv[2];
if (out === undefined) throw new TypeError('which folder?');
mkdirSync(out, { recursive: true });
const clock = new StoryClock();
const key = newRecoveryKey();
const root = rootOf(key);
const work = mkdtempSync(join(tmpdir(), 'reprise-golden-'));

const run = (n: number): Cause => ({ run: `00000000-0000-4000-8000-00000000000${n}`, step: null });
const at = (cause: Cause, step: string): Cause => ({ ...cause, step });
const open = async (name: string, role: 'writer' | 'maintainer', continues?: Continued): Promise<Journal> => {
  const home = join(work, name);
  await createInstallation({
    home,
    clock,
    system,
    role,
    version: '0.1.0',
    root,
    ...(continues && { continues }),
  });
  return await openJournal({ home, clock, mode: 'write' });
};
const state = (journal: Journal, name: string): string => {
  const directory = join(out, name);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  writeState({ journal, clock, directory, plan });
  return directory;
};
const captured = (
  component: string,
  group: BodyInput<'point.captured'>['group'],
): BodyInput<'point.captured'> => {
  const from = clock.now().toISOString();
  return {
    component,
    kind: group === null ? 'postgres' : 'sqlite',
    method: group === null ? 'logical' : 'online',
    repository: 'primary',
    parts: [
      {
        name: 'db.app',
        form: 'stream',
        snapshot: sha256(`snapshot of ${component}`),
        bytes: 4096,
        sha256: sha256(component),
      },
    ],
    as_of: { from, to: from, clock: 'server', offset_ms: -3, position: '0/16B3748' },
    plan: sha256(plan),
    tools: { pg_dump: '15.18', restic: '0.18.0' },
    server: '15.18',
    inventory: {
      v: 1,
      items: [
        { name: 'app.public.users "é\n', type: 'table', values: { rows: 3, unlogged: false, owner: null } },
      ],
    },
    level: 'parsed',
    findings: [{ verdict: 'pass', code: 'capture.listed', subject: component, params: { files: 1 } }],
    group,
    keep: { protection: 'nightly' },
    capture_ms: 1234,
  };
};
const idOf = (entry: EntryV1): string => {
  const { component, as_of } = entry.body as BodyInput<'point.captured'>;
  return `${component}@${as_of.from.slice(0, 19).replaceAll(/[-:]/g, '')}Z-${hashOf(entry).slice(0, 8)}`;
};

// A first night: two components, one forgotten capture, a copy off site, a run that was interrupted.
const first = await open('first', 'writer');
first.append(
  'repository.initialised',
  { repository: 'primary', id: sha256('primary'), recovery_key: 'ab12cd34' },
  run(1),
);
first.append('run.started', { recipe: 'backup', plan: sha256(plan), args: { names: [] }, pid: 4242 }, run(1));
first.append('step.started', { attempt: 1 }, at(run(1), 'capture:db'));
first.append('step.finished', { output: { captured: [] }, ms: 1500 }, at(run(1), 'capture:db'));
const db = idOf(first.append('point.captured', captured('db', null), at(run(1), 'check:db')));
const group = { name: 'site', id: '00000000-0000-4000-8000-0000000000aa', hold: { how: 'pause', ms: 250 } };
const files = idOf(first.append('point.captured', captured('files', group), at(run(1), 'check:site')));
first.append(
  'group.captured',
  { group: 'site', id: group.id, points: [files], spread_ms: 0 },
  at(run(1), 'check:site'),
);
first.append(
  'state.stored',
  { repository: 'primary', head: first.head(), snapshot: sha256('state 1') },
  at(run(1), 'state:primary'),
);
const parts = captured('db', null).parts.map((p) => ({ ...p, snapshot: sha256('copy of db') }));
first.append('point.copied', { point: db, repository: 'offsite', parts }, at(run(1), 'copy:offsite'));
first.append(
  'step.failed',
  { code: 'repository.unreachable', message: 'offsite\ud800 did not answer', ms: 90 },
  at(run(1), 'state:offsite'),
);
first.append('run.interrupted', { reason: 'signal' }, run(1));
const statePrimary = state(first, 'state-primary');

// The machine is lost; another continues from that state.
const reading = readState(statePrimary, { root: root.publicKey, system, where: 'golden' });
const second = await open('second', 'writer', {
  head: reading.header.head,
  lines: reading.lines(),
  repository: 'primary',
  snapshot: sha256('state 2'),
});
second.append(
  'incident.opened',
  { requested_at: clock.now().toISOString(), lost_at: null, scenario: 'machine-lost' },
  run(2),
);
second.append('point.checked', { point: db, repository: 'primary', level: 'drilled', findings: [] }, run(2));
const web = idOf(second.append('point.captured', captured('web', null), at(run(3), 'check:web')));
const stateCopy = state(second, 'state-copy');
second.append(
  'state.stored',
  { repository: 'primary', head: second.head(), snapshot: sha256('state 3') },
  run(3),
);

// What the lost one still wrote is a fork; a maintainer gives one point up.
const fork = idOf(first.append('point.captured', captured('late', null), at(run(4), 'check:late')));
const maintainer = await open('maintainer', 'maintainer');
mergeStates(maintainer, [{ repository: 'primary', snapshot: sha256('state 3'), directory: stateCopy }]);
maintainer.append(
  'point.forgotten',
  { point: files, repository: 'primary', snapshots: [sha256('snapshot of files')], reason: 'retention' },
  run(5),
);
state(maintainer, 'state-maintainer');

const points = catalogueOf(second, clock).points.map(({ id, level, drilled_at }) => ({
  id,
  level,
  drilled_at,
}));
const expected = {
  recovery_key: key.reveal(),
  root: root.publicKey,
  heads: { primary: reading.header.head, second: second.head() },
  points,
  db,
  files,
  web,
  fork,
};
writeFileSync(join(out, 'expected.json'), `${JSON.stringify(expected, null, 2)}\n`);
for (const journal of [first, second, maintainer]) await journal[Symbol.asyncDispose]();
mkdirSync(join(out, 'home'), { recursive: true });
cpSync(join(work, 'second', 'journal.sqlite'), join(out, 'home', 'journal.sqlite'));
rmSync(work, { recursive: true });
