import type { EntryV1, Point } from '@reprise/contracts';
import { expect, test } from 'vitest';

import { ago, Chain, hour, now, point } from '../catalogue/fixtures.ts';
import { wordsOf } from '../lib/findings/index.ts';
import type { Deps } from './deps.ts';
import { lock } from './locks.ts';
import { lossColour, statusOf, timeColour, worst } from './status.ts';
import { openBare } from './testing/bare.ts';

test.for([
  [null, null, 'red'], // nothing to lose less of: everything would be lost
  [10, null, 'red'],
  [null, 99, 'green'],
  [10, 10, 'green'],
  [10, 11, 'amber'],
  [10, 12, 'amber'],
  [10, 13, 'red'],
] as const)('a loss of %2$s against an objective of %1$s is %3$s', ([objective, actual, colour]) => {
  expect(lossColour(objective, actual, 2)).toBe(colour);
});

test.for([
  [null, null, 'green'],
  [10, null, 'unknown'], // a time that nobody measured is not kept
  [10, 10, 'green'],
  [10, 12, 'amber'],
  [10, 13, 'red'],
] as const)('a time of %2$s against an objective of %1$s is %3$s', ([objective, actual, colour]) => {
  expect(timeColour(objective, actual, 2)).toBe(colour);
});

test('the whole is as its worst part; what is not known is worse than late', () => {
  expect(worst([])).toBe('green');
  expect(worst(['amber', 'unknown', 'green'])).toBe('unknown');
  expect(worst(['unknown', 'red', 'amber'])).toBe('red');
});

/** A system without components whose two repositories were looked at and opened: nothing else is wrong. */
async function statusWith(
  lost: ReturnType<Deps['lost']>,
  {
    points = [],
    journaled = () => undefined,
    foreign = () => [],
    components = [],
    away = false,
  }: {
    components?: readonly { readonly name: string }[];
    /** Is the copy off-site? */
    away?: boolean;
    points?: Point[];
    /** What it gives is held while the status is asked. */
    journaled?: (journal: Deps['journal']) => Promise<Disposable | undefined> | undefined;
    /** Of other installations: where an epoch began. */
    foreign?: (journal: Deps['journal']) => EntryV1[];
  } = {},
) {
  const plan = {
    plan: {
      system: 's',
      repositories: { primary: { url: '/srv/p' }, copy: { url: '/mnt/c', off_site: away } },
      protections: { daily: { repositories: ['primary', 'copy'] } },
    },
    components: new Map(components.map((c) => [c.name, c])),
  } as never;
  await using bare = await openBare({ plan, lost: () => lost, points: () => points });
  const { journal } = bare.deps;
  const none = { run: null, step: null };
  const [head, snapshot] = [journal.head(), 'f'.repeat(64)];
  for (const repository of ['primary', 'copy']) {
    journal.append('kit.checked', { repository, ok: true }, none);
    journal.append('state.stored', { repository, head, snapshot }, none);
    journal.recordView(repository, [snapshot]);
  }
  using _held = await journaled(journal);
  const opened = foreign(journal);
  const entries: typeof journal.entries = (filter) =>
    Iterator.from([...journal.entries(filter), ...(filter?.type === 'epoch.opened' ? opened : [])]);
  const both = new Proxy(journal, {
    get: (target, key) => {
      if (key === 'entries') return entries;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return statusOf({ ...bare.deps, journal: both });
}

test('an installation that took over from this one is red: what is captured here since is a fork', async () => {
  const status = await statusWith([], {
    foreign: (journal) =>
      new Chain({
        chain: new Chain(),
        head: { ...journal.head(), epoch: journal.epoch },
        repository: 'primary',
      }).records.map((r) => r.entry),
  });
  expect(status).toMatchObject({ colour: 'red', exit: 1, findings: [{ code: 'status.superseded' }] });
});

const db = {
  name: 'db',
  kind: 'sqlite',
  common: { checks: [{}] },
  objectives: { rpo: 4 * hour },
  protections: ['daily'],
};
const inBoth = (asOf: string, copied: boolean): Point => {
  const made = point({ asOf, protection: 'daily' });
  const [first] = made.copies as [Point['copies'][number]];
  return { ...made, copies: copied ? [first, { ...first, repository: 'copy' }] : [first] };
};
const since = (time: string): string =>
  new Date(Date.now() - (now.getTime() - Date.parse(time))).toISOString();

test('what would be lost is counted over copies that outlive the machine', async () => {
  const points = [inBoth(since(ago(hour)), true)];
  const kept = await statusWith([], { points, components: [db], away: true });
  expect(kept).toMatchObject({ colour: 'green', exit: 0, components: [{ colour: 'green' }], findings: [] });

  const status = await statusWith([], { points, components: [db] });
  expect(status).toMatchObject({
    colour: 'red',
    exit: 1,
    components: [{ colour: 'red', rpo: { actual_ms: null }, newest: { point: points[0]?.id } }],
    findings: [{ code: 'status.nothing-away', subject: 's', params: { components: 'db' } }],
  });
});

test('a newest point that was not copied is said, and the loss is that of the newest that was', async () => {
  const points = [inBoth(since(ago(hour)), false), inBoth(since(ago(3 * hour)), true)];
  const status = await statusWith([], { points, components: [db], away: true });
  expect(status).toMatchObject({ colour: 'red', exit: 1, components: [{ colour: 'green' }] });
  expect(Math.round((status.components[0]?.rpo.actual_ms ?? 0) / hour)).toBe(3);
  const params = { component: 'db', repository: 'copy', as_of: points[1]?.as_of.from };
  expect(status.findings).toMatchObject([{ code: 'status.not-copied', subject: points[0]?.id, params }]);
  const never = await statusWith([], { points: points.slice(0, 1), components: [db], away: true });
  expect(never).toMatchObject({
    components: [{ colour: 'red', rpo: { actual_ms: null } }],
    findings: [{ code: 'status.not-copied', params: { as_of: null } }],
  });
  const run = points[0]?.run ?? '';
  const begun = (held: boolean) => async (journal: Deps['journal']) => {
    const about = { recipe: 'backup', plan: null, args: {}, pid: process.pid };
    journal.append('run.started', about, { run, step: null });
    return held ? await lock(journal.home, `run-${run}`, { run, pid: process.pid }) : undefined;
  };
  const died = await statusWith([], { points, components: [db], away: true, journaled: begun(false) });
  expect(died.findings).toMatchObject([{ code: 'status.not-copied' }]); // its process's number is another's now
  const copying = await statusWith([], {
    points,
    components: [db],
    away: true,
    journaled: begun(true),
  });
  expect(copying.findings).toEqual([]);
});

test('what was found to be unreadable is red until a newer point stands in its place', async () => {
  const [older, newest] = [point({ asOf: ago(2 * hour) }), point({ asOf: ago(hour), verdict: 'fail' })];
  const status = await statusWith([], { points: [newest, older] });
  expect(status).toMatchObject({ colour: 'red', exit: 1 });
  expect(status.findings).toEqual([
    {
      verdict: 'fail',
      code: 'status.unreadable',
      subject: newest.id,
      params: { repository: 'primary', component: 'db' },
    },
  ]);
  const after = [point({ asOf: ago(0) }), newest, older];
  expect(await statusWith([], { points: after })).toMatchObject({ colour: 'green', findings: [] });
});

test('damage that a check of the packs found is red until they are read whole again', async () => {
  const found = { code: 'repository.pack-damaged', subject: 'primary', params: { what: 'pack' } };
  const none = { run: null, step: null };
  const maintained = (journal: Deps['journal'], repository: string) =>
    journal.append(
      'repository.maintained',
      { repository, read: '3/30', pruned: true, findings: [{ verdict: 'fail', ...found }] },
      none,
    );
  const journaled = (journal: Deps['journal']): undefined => {
    maintained(journal, 'primary');
    maintained(journal, 'gone-from-the-plan');
    return undefined;
  };
  const status = await statusWith([], { journaled });
  expect(status).toMatchObject({ colour: 'red', exit: 1 });
  expect(status.findings).toMatchObject([
    { verdict: 'fail', code: 'status.damaged', subject: 'primary', params: { errors: 1 } },
  ]);
  const mended = (journal: Deps['journal']): undefined => {
    journaled(journal);
    journal.append(
      'repository.checked',
      { repository: 'primary', read: '1/1', findings: [{ verdict: 'pass', ...found }] },
      none,
    );
    return undefined;
  };
  expect(await statusWith([], { journaled: mended })).toMatchObject({ colour: 'green', findings: [] });
});

test('a point dated in the future is red', async () => {
  const status = await statusWith([], { points: [point({ asOf: ago(-2 * hour), future: true })] });
  expect(status).toMatchObject({ colour: 'red', exit: 1, findings: [{ code: 'status.future' }] });
});

test('a copy that a repository lost, though nobody gave it up, is red and says what to type', async () => {
  expect(await statusWith([])).toMatchObject({ colour: 'green', exit: 0, findings: [] });

  const id = 'db@20260615T120000Z-0123abcd';
  const lost = [{ point: id, repository: 'copy', parts: ['globals', 'db.app'], snapshots: ['a', 'b'] }];
  const status = await statusWith(lost);
  expect(status).toMatchObject({ colour: 'red', exit: 1 });
  expect(status.findings).toEqual([
    {
      verdict: 'fail',
      code: 'catalogue.lost',
      subject: id,
      params: { repository: 'copy', part: 'globals, db.app' },
    },
  ]);
  const [finding] = status.findings;
  expect(finding === undefined ? '' : wordsOf(finding, 'fr').message).toContain('→ reprise backup db');
});
