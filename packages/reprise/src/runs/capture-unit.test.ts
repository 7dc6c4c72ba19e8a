import { randomUUID } from 'node:crypto';

import type { BodyInput, EntryType } from '@reprise/contracts';
import { describe, expect, test } from 'vitest';

import { ago, captured, hour, point } from '../catalogue/fixtures.ts';
import type { Journal } from '../journal/journal.ts';
import { captureUnit, earlierOf } from './capture-unit.ts';
import { halfRestored } from './half-restored.ts';
import { lock } from './locks.ts';
import { runResume } from './resume.ts';
import { openBare } from './testing/bare.ts';

const good = point({ asOf: ago(9 * hour) });
const doubted = point({ asOf: ago(2 * hour), verdict: 'unable' });
const unreadable = point({ asOf: ago(hour), verdict: 'fail' });
const elsewhere = point({ asOf: ago(hour), fork: true });
const future = point({ asOf: ago(-hour), future: true });

test('what is captured is compared with the newest point that is known to be good', () => {
  const { since, newest } = earlierOf([future, elsewhere, unreadable, doubted, good]);
  expect(since).toBe(good);
  expect(newest).toBe(doubted); // its files are the nearest to what is there now
});

test('one that nobody could judge is better than none to compare with', () => {
  expect(earlierOf([unreadable, doubted])).toEqual({ since: doubted, newest: doubted });
  expect(earlierOf([unreadable, elsewhere, future])).toEqual({ since: undefined, newest: undefined });
});

describe('what a recovery left half restored is no capture', () => {
  const here = { component: 'db', place: 'in-situ' };
  const claimed = { ...here, identity: 'cluster 7' };
  const restored = (verdict: 'pass' | 'fail'): BodyInput<'place.restored'> => {
    const findings = [{ verdict, code: 'test.same', subject: 'db', params: {} }];
    return { ...here, point: 'db@1', findings, bytes: 1, ms: 1 };
  };

  /** A run that begins now, and what it writes down. */
  const beginning =
    (journal: Journal) =>
    (recipe = 'restore'): Begun => {
      const cause = { run: randomUUID(), step: null };
      const args = { component: 'db', point: null, place: 'in-situ' };
      journal.append('run.started', { recipe, plan: 'a'.repeat(64), args, pid: 1 }, cause);
      return { run: cause.run, add: (type, body) => void journal.append(type, body as never, cause) };
    };

  /** A capture of `db`, alone or with its group, after what `lived` journals. */
  async function capturing(lived: (of: Lived) => void, { group = null, plan = 'a' }: Capturing = {}) {
    const kinds = new Map();
    const known = ['db', 'web'].map((name) => [name, { name, kind: 'k', protections: [] }] as const);
    await using bare = await openBare({
      kinds,
      plan: { hash: plan.repeat(64), plan: { system: 's' }, components: new Map(known) } as never,
    });
    const { journal } = bare.deps;
    lived({ begin: beginning(journal) });
    const components = group === null ? ['db'] : ['web', 'db'];
    const unit = { name: group ?? 'db', components, group, protection: null, repositories: ['near'] };
    return await captureUnit(
      bare.deps,
      unit,
      { name: 'near' } as never,
      bare.step(randomUUID(), 'capture:db'),
    ).then(
      () => 'captured',
      (e: { code?: string; exit?: number; params?: object }) =>
        e.code === undefined ? 'goes on' : { code: e.code, exit: e.exit, ...e.params },
    );
  }
  interface Capturing {
    readonly group?: string | null;
    readonly plan?: string;
  }
  type Begun = { readonly run: string; readonly add: (type: EntryType, body: object) => void };
  interface Lived {
    readonly begin: (recipe?: string) => Begun;
  }
  const interrupted = { reason: 'died' };
  const failed = (error: string) => ({ exit: 1, findings: [], error });

  test('killed in the middle: refused, with the run and the command that goes on with it', async () => {
    let run = '';
    const died = ({ begin }: Lived): void => {
      const one = begin();
      ({ run } = one);
      one.add('place.claimed', claimed);
      one.add('run.interrupted', interrupted);
    };
    const refused = { code: 'capture.half-restored', exit: 4, component: 'db' };
    expect(await capturing(died)).toEqual({ ...refused, run, command: 'reprise restore db' });
    expect(await capturing(died, { group: 'site' })).toMatchObject(refused); // before anything is at rest
    expect(await capturing(died, { plan: 'b' })).toMatchObject({
      command: 'reprise restore db --replace db',
    });
  });

  test.for([
    ['consent was given', 'consent.given', { ...here, how: 'flag', renamed: null }],
    ['it was found to differ', 'place.restored', restored('fail')],
  ] as const)('and so where %s, and the recovery failed', async ([, type, body]) => {
    const found = await capturing(({ begin }) => {
      const one = begin('recover');
      one.add(type, body);
      one.add('run.failed', failed('recovery.different'));
    });
    expect(found).toMatchObject({ code: 'capture.half-restored' });
  });

  test('the last to begin is the one to go on with', async () => {
    let last = '';
    const found = await capturing(({ begin }) => {
      for (const recipe of ['recover', 'restore']) {
        const one = begin(recipe);
        last = one.run;
        one.add('place.claimed', claimed);
        one.add('run.interrupted', interrupted);
      }
    });
    expect(found).toMatchObject({ run: last });
  });

  test('what a person gives up is captured again, though a backup of something else hid that it is half', async () => {
    const known = ['db', 'web'].map((name) => [name, { name, service: null, protections: [] }] as const);
    const components = new Map(known);
    await using bare = await openBare({
      kinds: new Map(),
      plan: { hash: 'a'.repeat(64), plan: { system: 's' }, components } as never,
    });
    const { journal } = bare.deps;
    const { run, add } = beginning(journal)('restore');
    add('place.claimed', claimed);
    add('run.failed', failed('restore.differs'));
    beginning(journal)('backup').add('run.finished', { exit: 0, findings: [] });
    const other = beginning(journal)('restore');
    other.add('place.claimed', { ...claimed, component: 'web' });
    using _alive = await lock(bare.home, `run-${other.run}`, { run: other.run, pid: process.pid });
    expect(halfRestored(bare.deps, ['x', 'db'])).toMatchObject({ component: 'db', run });
    const { abandoned } = await runResume(bare.deps, { abandon: true }, new AbortController().signal);
    expect(abandoned).toEqual([run]);
    expect(halfRestored(bare.deps, ['db'])).toBeUndefined();
  });

  test.for([
    ['nothing was restored', () => {}],
    [
      'it was restored whole, and killed afterwards',
      ({ begin }: Lived) => {
        const one = begin();
        one.add('place.claimed', claimed);
        one.add('place.restored', restored('pass'));
        one.add('run.interrupted', interrupted);
      },
    ],
    [
      'another run brought it back',
      ({ begin }: Lived) => {
        begin('recover').add('place.claimed', claimed);
        begin().add('place.restored', restored('pass'));
      },
    ],
    [
      'a person gave it up',
      ({ begin }: Lived) => {
        const one = begin();
        one.add('place.claimed', claimed);
        one.add('run.failed', failed('run.abandoned'));
      },
    ],
    [
      'it was captured since',
      ({ begin }: Lived) => {
        begin().add('place.claimed', claimed);
        begin('backup').add('point.captured', captured('db', 's', ago(hour)));
      },
    ],
    [
      'it was restored elsewhere',
      ({ begin }: Lived) => begin().add('place.claimed', { ...claimed, place: 'directory:/srv/x' }),
    ],
    [
      'it is rebuilt',
      ({ begin }: Lived) => begin().add('place.claimed', { ...claimed, identity: 'rebuild:' }),
    ],
    [
      'it is another component',
      ({ begin }: Lived) => begin().add('place.claimed', { ...claimed, component: 'x' }),
    ],
  ] as const)('not refused: %s', async ([, lived]) => {
    expect(await capturing(lived)).toBe('goes on');
  });
});

describe('the last snapshot of a tree is the parent of the next one, so that a moved folder is not read again', () => {
  const tree = (name: string) => ({ name, form: 'tree', root: '/srv/files' });
  const kind = {
    name: 'k',
    defaultMethod: 'm',
    methods: {
      m: {
        name: 'm',
        preflight: () => Promise.resolve([]),
        capture: () =>
          Promise.resolve({
            parts: [tree('tree'), tree('more')],
            done: Promise.resolve({
              asOf: { from: ago(0), to: ago(0), clock: 'host', offset_ms: 0 },
              inventory: { v: 1, items: [] },
              tools: {},
              server: null,
              findings: [],
            }),
            [Symbol.asyncDispose]: () => Promise.resolve(),
          }),
      },
    },
  };
  /** Captures after these points; gives the parent of each part. */
  async function parents(...points: ReturnType<typeof point>[]): Promise<unknown> {
    const files = {
      name: 'files',
      kind: 'k',
      host: 'local',
      service: null,
      protections: [],
      spec: {},
      common: {},
    };
    const plan = { system: 's', repositories: {}, services: {}, recovery: {} };
    await using bare = await openBare({
      kinds: new Map([['k', kind as never]]),
      plan: { file: '/srv/reprise.yaml', hash: 'a', plan, components: new Map([['files', files]]) } as never,
      points: () => points,
      service: () => ({ name: 'none', kind: 'none' }) as never,
    });
    const asked: Record<string, string | null> = {};
    const near = {
      name: 'near',
      backupTree: (of: { parent?: string }, { part }: { part: string }) => {
        asked[part] = of.parent ?? null;
        return Promise.resolve({ snapshot: 'f'.repeat(64), bytes: 1, files: 1 });
      },
    } as never;
    const unit = {
      name: 'files',
      components: ['files'],
      group: null,
      protection: null,
      repositories: ['near'],
    };
    await captureUnit(bare.deps, unit, near, bare.step(randomUUID(), 'capture:files'));
    return asked;
  }
  const before = (snapshot: string, asOf: string, more: Partial<Parameters<typeof point>[0]> = {}) =>
    point({
      component: 'files',
      asOf,
      copy: { repository: 'near', parts: [{ name: 'tree', form: 'tree', snapshot, bytes: 1, files: 1 }] },
      ...more,
    });

  test('part by part, of the newest sound point in this repository', async () => {
    const [older, newer] = [before('old', ago(2 * hour)), before('new', ago(hour))];
    expect(await parents(newer, older)).toEqual({ tree: 'new', more: null });
    expect(await parents(before('bad', ago(0), { verdict: 'fail' }), newer)).toEqual({
      tree: 'new',
      more: null,
    });
  });

  test('none where there is none, or only in another repository', async () => {
    expect(await parents()).toEqual({ tree: null, more: null });
    const copy = {
      repository: 'far',
      parts: [{ name: 'tree', form: 'tree' as const, snapshot: 's', bytes: 1 }],
    };
    expect(await parents(before('x', ago(hour), { copy }))).toEqual({ tree: null, more: null });
  });
});
