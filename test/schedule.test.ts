import { describe, expect, it } from 'vitest';

import { loadPlan } from '../packages/reprise/src/plan/load.ts';
import type { ResolvedPlan } from '../packages/reprise/src/plan/resolved.ts';
import { goodPlan, testKinds } from '../packages/reprise/src/plan/test-kinds.ts';
import { type CaptureHistory, due, most } from '../packages/reprise/src/schedule/due.ts';

const planOf = (text = goodPlan): ResolvedPlan => {
  const { plan, problems } = loadPlan({ file: 'p', text, env: {}, kinds: testKinds });
  expect(problems).toEqual([]);
  return plan as ResolvedPlan;
};
/** The same moment for data and beginning. */
const captured = (times: Readonly<Record<string, string>>): CaptureHistory => ({
  last: (component) => {
    const at = times[component];
    return at === undefined ? null : { asOf: new Date(at), began: new Date(at) };
  },
});
const at = (text: string) => new Date(text);
const ask = (times: Readonly<Record<string, string>>, now: string, plan = planOf()) =>
  due(plan, captured(times), at(now))[0];
/** nightly: 02:30 Europe/Paris, a group of db and uploads, RPO 24 h */
const both = (time: string) => ({ db: time, uploads: time });

describe('what is due', () => {
  it('nothing right after a capture; the next run is named', () => {
    expect(ask(both('2026-11-21T01:30:05Z'), '2026-11-21T12:00:00Z')).toEqual({
      unit: 'data',
      what: 'group',
      protection: 'nightly',
      components: ['db', 'uploads'],
      last: at('2026-11-21T01:30:05Z'),
      since: null,
      next: at('2026-11-22T01:30:00Z'),
      missed: 0,
      overdue: false,
      lacking: [],
    });
  });
  it('a copy that is missing is due again after a tenth of the interval, and said until it is made', () => {
    const lacking = (tried: string, now: string) =>
      due(
        planOf(),
        {
          ...captured(both('2026-11-21T01:30:05Z')),
          lacks: (component) =>
            component === 'db' ? { repositories: ['offsite'], tried: new Date(tried) } : null,
        },
        at(now),
      )[0];
    const again = at('2026-11-21T04:54:00Z');
    expect(lacking('2026-11-21T02:30:00Z', '2026-11-21T04:53:59Z')).toMatchObject({
      since: null,
      next: again,
      lacking: ['offsite'],
    });
    expect(lacking('2026-11-21T02:30:00Z', '2026-11-21T04:54:00Z')).toMatchObject({
      since: again,
      next: at('2026-11-22T01:30:00Z'),
      missed: 0,
      overdue: false,
    });
    // Tried "in the future" counts as tried now; what is due by the schedule is due since then.
    expect(lacking('2026-11-25T00:00:00Z', '2026-11-21T04:54:00Z')?.next).toEqual(at('2026-11-21T07:18:00Z'));
    expect(lacking('2026-11-21T02:30:00Z', '2026-11-22T01:30:00Z')?.since).toEqual(
      at('2026-11-22T01:30:00Z'),
    );
  });
  it('a missing copy is not tried more than once in five minutes, whatever the schedule', () => {
    const plan = planOf(goodPlan.replace('30 2 * * *', '*/10 * * * *'));
    const history: CaptureHistory = {
      last: () => ({ asOf: at('2026-11-21T12:00:00Z'), began: at('2026-11-21T12:00:00Z') }),
      lacks: () => ({ repositories: ['offsite'], tried: at('2026-11-21T12:01:00Z') }),
    };
    expect(due(plan, history, at('2026-11-21T12:05:59Z'))[0]).toMatchObject({ since: null });
    expect(due(plan, history, at('2026-11-21T12:06:00Z'))[0]?.since).toEqual(at('2026-11-21T12:06:00Z'));
  });
  it('at the minute of the run, and not a moment before', () => {
    expect(ask(both('2026-11-21T01:30:05Z'), '2026-11-22T01:29:59.999Z')?.since).toBeNull();
    expect(ask(both('2026-11-21T01:30:05Z'), '2026-11-22T01:30:00Z')?.since).toEqual(
      at('2026-11-22T01:30:00Z'),
    );
  });
  it('runs that passed meanwhile are counted', () => {
    expect(ask(both('2026-11-18T01:30:05Z'), '2026-11-21T12:00:00Z')).toMatchObject({
      since: at('2026-11-19T01:30:00Z'),
      missed: 2,
      overdue: true,
    });
  });
  it('without any capture: due since the last planned run, and the RPO is broken', () => {
    expect(ask({}, '2026-11-21T12:00:00Z')).toMatchObject({
      last: null,
      since: at('2026-11-21T01:30:00Z'),
      missed: 0,
      overdue: true,
    });
  });
  it('a group is as old as its oldest member, and uncaptured when one is', () => {
    expect(
      ask({ db: '2026-11-21T01:30:05Z', uploads: '2026-11-20T01:30:05Z' }, '2026-11-21T12:00:00Z'),
    ).toMatchObject({ last: at('2026-11-20T01:30:05Z'), since: at('2026-11-21T01:30:00Z') });
    expect(ask({ db: '2026-11-21T01:30:05Z' }, '2026-11-21T12:00:00Z')?.last).toBeNull();
  });
  it('a capture in the future says nothing: due now', () => {
    expect(ask(both('2027-11-21T01:30:00Z'), '2026-11-21T12:00:00Z')).toMatchObject({
      since: at('2026-11-21T12:00:00Z'),
      missed: 0,
      overdue: false,
    });
  });
  it('the RPO is judged by the data, and by the strictest of the group', () => {
    expect(ask(both('2026-11-20T12:00:00Z'), '2026-11-21T12:00:00Z')?.overdue).toBe(false);
    expect(ask(both('2026-11-20T11:59:59.999Z'), '2026-11-21T12:00:00Z')?.overdue).toBe(true);
    const none = planOf(goodPlan.replace('critical: { rpo: 24h, ', 'critical: { '));
    expect(ask({}, '2026-11-21T12:00:00Z', none)?.overdue).toBe(false);
  });
  it('components without a group are units of their own, once for each protection', () => {
    const text = goodPlan
      .replace(/^groups:\n.*\n/m, '')
      .replace('path: /srv/uploads', 'path: /srv/uploads\n    captures: [nightly, hourly]')
      .replace('components:', '  hourly: { schedule: "0 * * * *", repositories: [near] }\ncomponents:');
    const units = due(
      planOf(text),
      captured({ uploads: '2026-11-21T11:00:01Z' }),
      at('2026-11-21T12:30:00Z'),
    );
    expect(units.map((u) => [u.unit, u.what, u.protection, u.since?.toISOString() ?? null])).toEqual([
      ['uploads', 'component', 'nightly', null],
      ['uploads', 'component', 'hourly', '2026-11-21T12:00:00.000Z'],
    ]);
  });
  it('stops counting', () => {
    const text = goodPlan.replace('30 2 * * *', '* * * * *');
    expect(ask(both('2025-11-21T11:00:01Z'), '2026-11-21T12:30:00Z', planOf(text))?.missed).toBe(most);
  });
  it('a schedule that never comes again is not due (a plan refuses one; a leap day comes late)', () => {
    const text = goodPlan.replace('30 2 * * *', '0 0 29 2 *');
    expect(ask(both('2024-03-01T00:00:00Z'), '2026-11-21T12:30:00Z', planOf(text))).toMatchObject({
      since: null,
      next: at('2028-02-28T23:00:00Z'),
    });
  });
});

describe('summer time', () => {
  it('02:30 does not exist on 28 March 2027: it runs when the clock jumps', () => {
    expect(ask(both('2027-03-27T01:30:00Z'), '2027-03-28T00:59:59Z')?.since).toBeNull();
    expect(ask(both('2027-03-27T01:30:00Z'), '2027-03-28T01:00:00Z')?.since).toEqual(
      at('2027-03-28T01:00:00Z'),
    );
    expect(ask(both('2027-03-28T01:00:01Z'), '2027-03-28T12:00:00Z')?.since).toBeNull();
  });
  it('02:30 comes twice on 25 October 2026: it runs at the first, once', () => {
    expect(ask(both('2026-10-24T00:30:00Z'), '2026-10-25T00:30:00Z')?.since).toEqual(
      at('2026-10-25T00:30:00Z'),
    );
    expect(ask(both('2026-10-25T00:30:01Z'), '2026-10-25T01:30:00Z')?.since).toBeNull();
    expect(ask(both('2026-10-24T00:30:00Z'), '2026-10-25T23:00:00Z')?.missed).toBe(0);
  });
});
