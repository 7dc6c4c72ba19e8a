import type { Finding } from '@reprise/contracts';
import { describe, expect, test } from 'vitest';

import { ago, Chain, hour, now, point, replay, view } from './fixtures.ts';
import { newestFirst } from './project.ts';

const failed: Finding = { verdict: 'fail', code: 'x', subject: 's', params: {} };
const unable: Finding = { ...failed, verdict: 'unable' };
const copied = (snapshot: string) => [{ name: 'db', form: 'stream' as const, snapshot, bytes: 10 }];
const ids = (points: readonly { id: string }[]): string[] => points.map((p) => p.id);

describe('a point is listed', () => {
  test('only once a state in its repository carries its entry', () => {
    const chain = new Chain();
    chain.state(); // before the point: does not carry it
    const id = chain.capture('db', ago(2 * hour));
    expect(replay([chain])).toMatchObject({ points: [], pending: [{ id, copies: [{ committed: null }] }] });
    expect(replay([chain], { own: chain }).pending[0]?.copies[0]?.committed).toBe(false);
    chain.state('elsewhere');
    expect(ids(replay([chain]).points)).toEqual([]);
    chain.state();
    expect(replay([chain])).toMatchObject({ points: [{ id, copies: [{ committed: true }] }], pending: [] });
    expect(id).toMatch(/^db@20260615T100000Z-[0-9a-f]{8}$/);
  });

  test('by a state that was read there, without the journal’s word', () => {
    const chain = new Chain();
    const id = chain.capture('db', ago(2 * hour));
    const { head } = chain;
    expect(ids(replay([chain], { views: [view('primary', [head])] }).points)).toEqual([id]);
    expect(ids(replay([chain], { views: [view('other', [head])] }).points)).toEqual([]);
    chain.state();
    expect(ids(replay([chain], { proof: 'repositories' }).points)).toEqual([]);
    expect(ids(replay([chain], { proof: 'repositories', views: [view('primary', [head])] }).points)).toEqual([
      id,
    ]);
  });

  test('never when it was abandoned', () => {
    const chain = new Chain();
    const id = chain.capture('db', ago(2 * hour));
    chain.add('point.abandoned', { point: id, reason: 'pending for 24 h' });
    chain.state();
    expect(replay([chain])).toMatchObject({ points: [], pending: [] });
  });

  test('not from a repository where a part is gone, though its state vouches for it', () => {
    const chain = new Chain();
    const id = chain.capture('db', ago(2 * hour));
    const head = chain.state();
    const part = `db-${ago(2 * hour)}`;
    const state = `state-${head.seq}`;
    expect(ids(replay([chain], { views: [view('primary', [head], [part, state])] }).points)).toEqual([id]);
    const gone = replay([chain], { views: [view('primary', [head], [state])] });
    expect(gone).toMatchObject({
      points: [],
      pending: [],
      lost: [{ point: id, repository: 'primary', parts: ['db'], snapshots: [part] }],
    });
    // A listing from before its state says nothing about it.
    expect(ids(replay([chain], { views: [view('primary', [], ['older'])] }).points)).toEqual([id]);
    // The journal’s word that this listed state was stored is enough to know what must be there.
    expect(replay([chain], { views: [view('primary', [], [state])] }).lost).toHaveLength(1);
    expect(ids(replay([chain], { views: [view('primary', [head], [])] }).points)).toEqual([id]);
  });

  test('of the same moment in the order of their names, whichever comes first', () => {
    const [a, b] = [point({ asOf: ago(hour), component: 'a' }), point({ asOf: ago(hour), component: 'b' })];
    expect([a, b].toSorted(newestFirst)).toEqual([a, b]);
    expect([b, a].toSorted(newestFirst)).toEqual([a, b]);
  });

  test('newest first, each with what it was made of', () => {
    const chain = new Chain();
    const older = chain.capture('db', ago(9 * hour));
    const newer = chain.capture('files', ago(3 * hour), {
      group: { name: 'g', id: 'G', hold: null },
      keep: { protection: 'nightly' },
    });
    chain.state();
    const { points } = replay([chain]);
    expect(ids(points)).toEqual([newer, older]);
    expect(points[0]).toMatchObject({
      group: { name: 'g', id: 'G' },
      protection: 'nightly',
      bytes: 10,
      future: false,
      fork: false,
    });
    expect(points[0]?.inventory).toEqual({ v: 1, items: [] });
    const beside = { v: 1, items: [{ name: 'read later', type: 'table', values: {} }] };
    const records = chain.records.map((r) => ({ ...r, inventory: () => beside }));
    expect(replay([], { records, own: chain }).points[0]?.inventory).toEqual(beside);
  });
});

describe('copies', () => {
  test('are committed by a state in their own repository; rebuilt from it alone the point is the same', () => {
    const chain = new Chain();
    const id = chain.capture('db', ago(5 * hour));
    const first = chain.state('primary');
    chain.add('point.copied', { point: id, repository: 'offsite', parts: copied('c1') });
    expect(replay([chain], { own: chain }).points[0]?.copies).toMatchObject([
      { committed: true },
      { repository: 'offsite', committed: false },
    ]);
    const second = chain.head;
    const fromPrimary = { records: chain.records.slice(0, first.seq), views: [view('primary', [first])] };
    const fromCopy = { records: chain.records.slice(0, second.seq), views: [view('offsite', [second])] };
    const [a] = replay([], fromPrimary).points;
    const [b] = replay([], fromCopy).points;
    expect([a?.id, a?.as_of, a?.copies.map((c) => [c.repository, c.committed])]).toEqual([
      id,
      b?.as_of,
      [['primary', true]],
    ]);
    expect([b?.id, b?.copies.map((c) => [c.repository, c.committed])]).toEqual([
      id,
      [
        ['primary', true],
        ['offsite', true],
      ],
    ]);
    expect(replay([], { ...fromCopy, proof: 'repositories' }).points[0]?.copies[0]?.committed).toBeNull();
  });

  test('are given up one by one, by any installation, in any order of reading; a later copy counts again', () => {
    const writer = new Chain();
    const maintainer = new Chain();
    const id = writer.capture('db', ago(9 * hour));
    writer.add('point.copied', { point: id, repository: 'offsite', parts: copied('c1') }, ago(8 * hour));
    writer.state('primary');
    writer.state('offsite');
    maintainer.add('point.forgotten', {
      point: id,
      repository: 'primary',
      snapshots: ['p1'],
      reason: 'retention',
    });
    for (const order of [
      [writer, maintainer],
      [maintainer, writer],
    ]) {
      const { points, forgotten } = replay(order);
      expect(points.map((p) => p.copies.map((c) => c.repository))).toEqual([['offsite']]);
      expect(forgotten).toEqual([{ repository: 'primary', snapshots: ['p1'] }]);
    }
    maintainer.add(
      'point.forgotten',
      { point: id, repository: 'offsite', snapshots: ['c1'], reason: 'retention' },
      ago(2 * hour),
    );
    expect(replay([writer, maintainer]).points).toEqual([]);
    writer.add('point.copied', { point: id, repository: 'offsite', parts: copied('c2') }, ago(hour));
    writer.state('offsite');
    expect(replay([maintainer, writer]).points[0]?.copies[0]?.parts[0]?.snapshot).toBe('c2');
  });

  test('of one repository made by two installations: the later one is the one', () => {
    const [writer, other] = [new Chain(), new Chain()];
    const id = writer.capture('db', ago(9 * hour));
    writer.add('point.copied', { point: id, repository: 'offsite', parts: copied('later') }, ago(hour));
    other.add('point.copied', { point: id, repository: 'offsite', parts: copied('earlier') }, ago(2 * hour));
    writer.state('primary');
    for (const order of [
      [writer, other],
      [other, writer],
    ])
      expect(replay(order).points[0]?.copies[1]?.parts[0]?.snapshot).toBe('later');
  });

  test('are no better than what was captured: only a check of the copy itself says more', () => {
    for (const finding of [unable, failed]) {
      const chain = new Chain();
      const id = chain.capture('db', ago(3 * hour), { findings: [finding] });
      chain.state();
      chain.add('point.copied', { point: id, repository: 'copy', parts: copied('copy-1') });
      chain.state('copy');
      const verdicts = (): readonly string[] => {
        const [found] = replay([chain]).points;
        return [found?.verdict ?? '', ...(found?.copies.map((c) => c.verdict) ?? [])];
      };
      expect(verdicts()).toEqual([finding.verdict, finding.verdict, finding.verdict]);
      const check = { point: id, repository: 'copy', findings: [], sha256: {} };
      chain.add('point.checked', { ...check, level: 'parsed' as const }, ago(0));
      expect(verdicts()).toEqual(['pass', finding.verdict, 'pass']);
    }
  });

  test('of points that nobody knows are left aside', () => {
    const chain = new Chain();
    chain.add('point.copied', { point: 'db@x', repository: 'offsite', parts: copied('c') });
    chain.add('point.checked', { point: 'db@x', repository: 'offsite', level: 'read', findings: [] });
    chain.add('point.forgotten', { point: 'db@x', repository: 'offsite', snapshots: [], reason: '' });
    chain.add('point.abandoned', { point: 'db@x', reason: '' });
    expect(replay([chain])).toMatchObject({ points: [], pending: [] });
  });
});

const checked = (
  ...checks: {
    level: 'stored' | 'read' | 'parsed' | 'drilled';
    findings?: Finding[];
    at?: string;
    repository?: string;
  }[]
) => {
  const chain = new Chain();
  const id = chain.capture('db', ago(9 * hour), { level: 'stored' });
  chain.add('point.copied', { point: id, repository: 'offsite', parts: copied('c1') }, ago(8 * hour));
  chain.state('primary');
  chain.state('offsite');
  for (const { at, repository = 'primary', findings = [], level } of checks)
    chain.add(
      'point.checked',
      { point: id, repository, level, findings, sha256: { db: 'b'.repeat(64) } },
      at,
    );
  return replay([chain]).points[0];
};

const both = (findings: Finding[]) => [
  { level: 'read' as const, findings, at: ago(hour) },
  { level: 'read' as const, findings, at: ago(hour), repository: 'offsite' },
];

describe('levels', () => {
  test('rise with checks that pass and never with one that fails', () => {
    expect(checked()).toMatchObject({ level: 'stored', verdict: 'pass', drilled_at: null });
    expect(checked({ level: 'parsed' }, { level: 'read' })).toMatchObject({
      level: 'parsed',
      verdict: 'pass',
    });
    expect(checked({ level: 'drilled', at: ago(hour) })).toMatchObject({
      level: 'drilled',
      drilled_at: ago(hour),
    });
    const bad = checked({ level: 'drilled', findings: [failed] });
    expect(bad?.copies[0]).toMatchObject({ level: 'stored', verdict: 'fail' });
    expect(bad).toMatchObject({ level: 'stored', verdict: 'pass', drilled_at: null }); // the other copy is good
  });

  test('a listing does not take back what reading found; reading it whole does', () => {
    const bad = { level: 'parsed' as const, findings: [failed], at: ago(2 * hour) };
    const listing = { level: 'stored' as const, at: ago(hour) };
    expect(checked(bad, listing)?.copies[0]).toMatchObject({ verdict: 'fail' });
    expect(checked(bad, listing, { level: 'read', at: ago(0) })?.copies[0]).toMatchObject({
      verdict: 'fail',
    });
    const again = checked(bad, { level: 'read', findings: [failed], at: ago(hour) });
    expect(again?.copies[0]).not.toHaveProperty('read_at');
    const mended = checked(bad, listing, { level: 'parsed', at: ago(0) })?.copies[0];
    expect(mended).toMatchObject({ verdict: 'pass', level: 'parsed', read_at: ago(0) });
  });

  test('one that was recorded although its check failed is good once it is read', () => {
    const chain = new Chain();
    const id = chain.capture('db', ago(9 * hour), { findings: [failed] });
    chain.state('primary');
    const verdict = () => replay([chain]).points[0]?.verdict;
    expect(verdict()).toBe('fail');
    const check = { point: id, repository: 'primary', level: 'parsed' as const, findings: [], sha256: {} };
    chain.add('point.checked', check);
    expect(verdict()).toBe('pass');
  });

  test('the newest check decides whether it is good; “could not judge” is not good', () => {
    expect(checked(...both([failed]))).toMatchObject({ verdict: 'fail' });
    expect(checked(...both([unable]))).toMatchObject({ verdict: 'unable', level: 'stored' });
    expect(checked(...both([failed]), { level: 'read', at: ago(0) })).toMatchObject({ verdict: 'pass' });
    expect(
      checked({ level: 'read', at: ago(0) }, { level: 'read', findings: [failed], at: ago(hour) })?.copies[0]
        ?.verdict,
    ).toBe('pass');
  });

  test('what could not be judged neither raises the level nor takes back what reading found', () => {
    const at = (level: 'stored' | 'parsed', hours: number, findings: Finding[] = []) => ({
      level,
      findings,
      at: ago(hours * hour),
    });
    const listing = at('stored', 0);
    const copy = (...checks: Parameters<typeof checked>): unknown => checked(...checks)?.copies[0];
    expect(copy(at('parsed', 2, [unable]), listing)).toMatchObject({ verdict: 'pass', level: 'stored' });
    const bad = at('parsed', 3, [failed]);
    expect(copy(bad, at('parsed', 2, [unable]))).toMatchObject({ verdict: 'fail' });
    expect(copy(bad, at('parsed', 2, [unable]), listing)).toMatchObject({ verdict: 'fail' });
    expect(copy(at('parsed', 3), at('parsed', 2, [unable]))).toMatchObject({
      verdict: 'unable',
      level: 'parsed',
    });
  });

  test('a digest read in one repository holds for the copies', () => {
    expect(checked({ level: 'read' })?.copies.map((c) => c.parts[0]?.sha256)).toEqual([
      'b'.repeat(64),
      'b'.repeat(64),
    ]);
  });
});

describe('forks and clocks', () => {
  test('what a superseded installation makes afterwards is a fork; what it made before is not', () => {
    const old = new Chain();
    const before = old.capture('db', ago(9 * hour));
    const head = old.head;
    old.state();
    const next = new Chain({ chain: old, head, repository: 'primary' });
    const after = old.capture('db', ago(4 * hour));
    old.state();
    const fresh = next.capture('db', ago(3 * hour));
    next.state();
    for (const order of [
      [old, next],
      [next, old],
    ])
      expect(replay(order).points.map((p) => [p.id, p.fork])).toEqual([
        [fresh, false],
        [after, true],
        [before, false],
      ]);
    expect(replay([old]).points.some((p) => p.fork)).toBe(false);
    // Bootstrapped from a state that no entry says was stored: that it could be read there is proof.
    const only = { records: [...old.records.slice(0, head.seq), ...next.records.slice(0, 1)] };
    expect(ids(replay([], only).points)).toEqual([before]);
  });

  test('of two that took over from the same, the later one leads', () => {
    const old = new Chain();
    const one = new Chain({ chain: old, head: old.head, repository: null });
    const two = new Chain({ chain: old, head: old.head, repository: null });
    for (const chain of [old, one, two]) chain.capture('db', ago(2 * hour));
    for (const chain of [old, one, two]) chain.state();
    const forks = replay([old, one, two])
      .points.filter((p) => p.fork)
      .map((p) => p.installation);
    expect(forks).toHaveLength(2);
    expect(forks).toContain(old.installation);
    const leader = [one, two].find((c) => !forks.includes(c.installation)) ?? one;
    const third = new Chain({ chain: leader, head: leader.head, repository: null });
    expect(replay([third, old, one, two]).points.filter((p) => p.fork)).toHaveLength(2);
  });

  test('a maintainer’s own journal forks nothing', () => {
    const writer = new Chain();
    writer.capture('db', ago(hour));
    writer.state();
    expect(replay([writer, new Chain()]).points[0]?.fork).toBe(false);
  });

  test('dated later than now: flagged', () => {
    const chain = new Chain();
    chain.capture('db', new Date(now.getTime() + 2 * hour).toISOString());
    chain.capture('web', new Date(now.getTime() + 30_000).toISOString());
    chain.state();
    expect(replay([chain]).points.map((p) => [p.component, p.future])).toEqual([
      ['db', true],
      ['web', false],
    ]);
  });
});
