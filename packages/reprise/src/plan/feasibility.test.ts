import type { Finding } from '@reprise/contracts';
import { describe, expect, it } from 'vitest';

import type { AnyKind } from '../kinds/kind.ts';
import { rhythm } from '../lib/cron.ts';
import { judge, wordsOf } from '../lib/findings/index.ts';
import { feasibility } from './feasibility.ts';
import { isPlaceholder } from './feasibility/people.ts';
import { reach } from './feasibility/reach.ts';
import { backendOf, unsupported } from './feasibility/support.ts';
import { noHistory, type PlanHistory } from './history.ts';
import { loadPlan } from './load.ts';
import type { ResolvedPlan } from './resolved.ts';
import { goodPlan, testKinds } from './test-kinds.ts';

const now = new Date('2026-11-21T12:00:00Z');
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

/** Findings of the good plan with some texts replaced. */
function check(
  changes: readonly (readonly [from: string, to: string])[] = [],
  history: Partial<PlanHistory> = {},
) {
  let text = goodPlan;
  for (const [from, to] of changes) {
    expect(text).toContain(from);
    text = text.replace(from, () => to);
  }
  const { plan, problems } = loadPlan({ file: 'p', text, env: {}, kinds: testKinds });
  expect(problems).toEqual([]);
  if (plan === undefined) throw new Error('no plan');
  const all = feasibility(plan, { ...noHistory, ...history }, now, testKinds);
  for (const f of all) {
    expect(wordsOf(f, 'fr').message).not.toBe(wordsOf(f, 'en').message);
    expect(wordsOf(f, 'fr').message + wordsOf(f, 'en').message).not.toMatch(/undefined|NaN|\[object/);
  }
  return (code: string, subject: string): Finding | undefined =>
    all.find((f) => f.code === code && f.subject === subject);
}
const verdict = (f: Finding | undefined): string | undefined => f?.verdict;

describe('loss: longest gap and capture against RPO', () => {
  const rpo = (value: string, history: Partial<PlanHistory> = {}) =>
    check(
      [
        ['critical: { rpo: 24h', `critical: { rpo: ${value}`],
        ['rpo: 24h, rto: 8h', 'rto: 8h'],
      ],
      history,
    )('plan.rpo', 'db');
  it('a nightly capture in Paris leaves 25 hours when summer time ends', () => {
    expect(rpo('24h')).toMatchObject({ verdict: 'fail', params: { gap_ms: 25 * hour, capture_ms: null } });
  });
  it('what a capture takes counts; unknown is unable; exactly as long as the objective is too long', () => {
    expect(verdict(rpo('26h'))).toBe('unable');
    expect(verdict(rpo('25h'))).toBe('fail');
    expect(verdict(rpo('26h', { captureMs: () => hour }))).toBe('pass');
    expect(verdict(rpo('26h', { captureMs: () => hour + 1 }))).toBe('fail');
    expect(rpo('25h', { captureMs: () => 10 * minute })).toMatchObject({
      verdict: 'fail',
      params: { tolerated: true },
    });
    expect(rpo('25h', { captureMs: () => 20 * minute })).toMatchObject({
      verdict: 'fail',
      params: { tolerated: false },
    });
  });
  it('without RPO it cannot be judged; without captures all is lost', () => {
    expect(verdict(check([['critical: { rpo: 24h, ', 'critical: { ']])('plan.rpo', 'db'))).toBe('unable');
    expect(verdict(check([['captures: [nightly], hold', 'hold']])('plan.no-captures', 'db'))).toBe('fail');
    expect(check()('plan.no-captures', 'web')).toBeUndefined();
    expect(
      verdict(
        check(
          [
            ['mtd: 8h, tolerance: 15m', 'mtd: 8h'],
            ['rpo: 24h, rto: 4h', 'rpo: 25h, rto: 4h'],
          ],
          { captureMs: () => 1 },
        )('plan.rpo', 'db'),
      ),
    ).toBe('fail');
  });
  it('several protections count together', () => {
    const noon =
      '  noon: { schedule: "30 14 * * *", timezone: Europe/Paris, repositories: [near] }\ncomponents:';
    const found = check([
      ['components:', noon],
      ['captures: [nightly]', 'captures: [nightly, noon]'],
    ])('plan.rpo', 'db');
    expect(found?.params['gap_ms']).toBe(13 * hour);
  });
});

describe('delay: restores in a row against RTO', () => {
  const restores = (ms: Readonly<Record<string, number>>, measured = true): Partial<PlanHistory> => ({
    restoreMs: (c) => (ms[c] === undefined ? null : { ms: ms[c], measured }),
  });
  it('adds up along the longest path; the system’s is the last to arrive', () => {
    const of = check([], restores({ db: hour, uploads: 2 * hour, web: minute }));
    expect(of('plan.rto', 'uploads')).toMatchObject({
      verdict: 'pass',
      params: { ms: 3 * hour, path: 'db → uploads', measured: true },
    });
    const apart = check(
      [['depends_on: [db, uploads]', 'depends_on: [db]']],
      restores({ db: hour, uploads: 2 * hour, web: minute }),
    );
    expect(apart('plan.rto', 'objectives.rto')?.params['ms']).toBe(3 * hour);
    expect(of('plan.rto', 'objectives.rto')).toMatchObject({
      verdict: 'pass',
      params: { ms: 3 * hour + minute },
    });
  });
  it('unknown times are unable, unless what is known is too long already', () => {
    expect(verdict(check([], restores({ db: hour }))('plan.rto', 'uploads'))).toBe('unable');
    expect(check([], restores({ db: 5 * hour }))('plan.rto', 'uploads')).toMatchObject({
      verdict: 'fail',
      params: { unknown: 'uploads' },
    });
    expect(check([], restores({ db: 4 * hour + 1 }, false))('plan.rto', 'db')).toMatchObject({
      verdict: 'fail',
      params: { tolerated: true, measured: false },
    });
    expect(verdict(check([['rto: 4h, mtd: 8h', 'mtd: 8h']])('plan.rto', 'db'))).toBe('unable');
    expect(
      verdict(check([], restores({ db: 1, uploads: 2, web: 9 * hour }))('plan.rto', 'objectives.rto')),
    ).toBe('fail');
  });
});

describe('as many restores at a time as the plan allows', () => {
  const six = (parallel: string, history: Partial<PlanHistory>) => {
    const names = ['c0', 'c1', 'c2', 'c3', 'c4', 'c5'];
    const text = `version: 1
system: six
objectives: { rto: 150m }
recovery: { ${parallel} }
repositories: { near: { url: /backup } }
protections: { nightly: { schedule: "0 2 * * *", repositories: [near] } }
components:
${names.map((c) => `  ${c}: { kind: folder, path: /srv/${c}, captures: [nightly] }`).join('\n')}
scenarios:
  one-by-one: { title: x, objectives: { rto: 90m }, steps: [{ recover: [c0] }, { manual: look, duration: 1m }, { recover: [c1] }] }
  at-once: { title: x, objectives: { rto: 90m }, steps: [{ recover: [c0, c1] }, { manual: look, duration: 1m }, { recover: [c1] }] }
`;
    const { plan } = loadPlan({ file: 'p', text, env: {}, kinds: testKinds });
    if (plan === undefined) throw new Error('no plan');
    const all = feasibility(plan, { ...noHistory, ...history }, now, testKinds);
    return (code: string, subject: string) => all.find((f) => f.code === code && f.subject === subject);
  };
  const known = { restoreMs: () => ({ ms: hour, measured: true }) };
  it('six of an hour take six hours one by one, three two by two, one together', () => {
    const whole = (parallel: string) => six(parallel, known)('plan.rto', 'objectives.rto');
    expect(whole('parallel: 1')).toMatchObject({
      verdict: 'fail',
      params: { ms: 6 * hour, path: 'c0 → c1 → c2 → c3 → c4 → c5' },
    });
    expect(whole('parallel: 6')).toMatchObject({ verdict: 'pass', params: { ms: hour } });
    expect(whole('')).toMatchObject({ verdict: 'fail', params: { ms: 3 * hour, path: 'c1 → c3 → c5' } });
    expect(whole('parallel: 1, order: [c5]')?.params['path']).toBe('c5 → c0 → c1 → c2 → c3 → c4');
  });
  it('one whose time nobody knows may take another’s place, unless there is one for each', () => {
    const but = { restoreMs: (c: string) => (c === 'c5' ? null : { ms: minute, measured: true }) };
    expect(six('parallel: 5', but)('plan.rto', 'c0')?.params['unknown']).toBe('c5');
    expect(six('parallel: 6', but)('plan.rto', 'c0')?.params['unknown']).toBe('');
  });
  it('the steps of a scenario follow one another', () => {
    const of = six('', known);
    expect(of('plan.scenario-time', 'scenarios.one-by-one')).toMatchObject({
      verdict: 'fail',
      params: { restore_ms: 2 * hour, manual_ms: minute },
    });
    expect(of('plan.scenario-time', 'scenarios.at-once')).toMatchObject({
      verdict: 'pass',
      params: { restore_ms: hour },
    });
  });
});

describe('objectives against each other', () => {
  it('the system’s is not tighter than its components’', () => {
    expect(verdict(check()('plan.system-objective', 'objectives.rpo'))).toBe('pass');
    expect(
      check([['rpo: 24h, rto: 8h', 'rpo: 1h, rto: 8h']])('plan.system-objective', 'objectives.rpo'),
    ).toMatchObject({ verdict: 'fail', params: { looser: 'db, uploads', worst_ms: day } });
    expect(
      verdict(check([['rpo: 24h, rto: 4h, mtd', 'mtd']])('plan.system-objective', 'objectives.rto')),
    ).toBe('unable');
    expect(
      check([['rpo: 24h, rto: 8h', 'rto: 8h']])('plan.system-objective', 'objectives.rpo'),
    ).toBeUndefined();
  });
  it('RTO within MTD, tolerance below the objective', () => {
    expect(verdict(check()('plan.mtd', 'tiers.critical'))).toBe('pass');
    expect(verdict(check([['mtd: 8h', 'mtd: 3h']])('plan.mtd', 'tiers.critical'))).toBe('fail');
    expect(verdict(check([['rto: 4h, mtd: 8h', 'mtd: 8h']])('plan.mtd', 'tiers.critical'))).toBe('unable');
    expect(verdict(check()('plan.tolerance', 'tiers.critical'))).toBe('pass');
    expect(verdict(check([['tolerance: 15m', 'tolerance: 4h']])('plan.tolerance', 'tiers.critical'))).toBe(
      'fail',
    );
    expect(verdict(check([['rpo: 24h, rto: 4h, mtd', 'mtd']])('plan.tolerance', 'tiers.critical'))).toBe(
      'unable',
    );
  });
  it('availability leaves room for one disaster, and is not measured', () => {
    const of = (share: string) =>
      check([['rto: 8h }', `rto: 8h, availability: ${share} }`]])('plan.availability', 'objectives');
    expect(verdict(of('99.9%'))).toBe('unable');
    expect(of('99.99%')).toMatchObject({ verdict: 'fail', params: { longest_ms: 8 * hour } });
    const scenario = check([
      ['rpo: 24h, rto: 8h', 'availability: 99.9%'],
      ['title: Incendie', 'title: Incendie\n    objectives: { rto: 9h }'],
    ]);
    expect(verdict(scenario('plan.availability', 'objectives'))).toBe('fail');
  });
});

describe('copies', () => {
  it('off-site, 3-2-1, away from the machine', () => {
    const of = check();
    expect(['plan.off-site', 'plan.three-two-one', 'plan.apart'].map((c) => verdict(of(c, 'db')))).toEqual([
      'pass',
      'fail',
      'pass',
    ]);
    expect(
      verdict(check([['off_site: true', 'off_site: true, media: object']])('plan.three-two-one', 'db')),
    ).toBe('pass');
    const alone = check([['[near, far]', '[near]']]);
    expect(['plan.off-site', 'plan.three-two-one', 'plan.apart'].map((c) => verdict(alone(c, 'db')))).toEqual(
      ['fail', 'fail', 'fail'],
    );
    expect(verdict(alone('plan.unused', 'repositories.far'))).toBe('fail');
    expect(verdict(check([], { sharesDisk: (r) => r === 'near' })('plan.apart', 'db'))).toBe('unable');
    expect(
      verdict(
        check([
          ['rest:https://far.example/shop', 'rest:http://127.0.0.1:8000/shop'],
          ['off_site: true', 'off_site: false'],
        ])('plan.apart', 'db'),
      ),
    ).toBe('fail');
    expect(verdict(check([], { sharesDisk: () => true })('plan.apart', 'db'))).toBe('fail');
  });
  it('a repository in the folder that it protects goes with it; data in a repository is read while it changes', () => {
    const at = (url: string, scratch = '/var/tmp/r') =>
      check([
        ['near: { url: /srv/backup', `near: { url: ${url}`],
        ['recovery: {', `recovery: { scratch: ${scratch},`],
      ]);
    const inside = at('/srv/uploads/.backup/')('plan.encloses', 'uploads');
    expect(inside).toMatchObject({ verdict: 'fail', params: { path: '/srv/uploads', repositories: 'near' } });
    expect(at('/srv/uploads2')('plan.encloses', 'uploads')).toBeUndefined();
    expect(verdict(at('/srv/backup', '/srv/uploads/tmp')('plan.encloses', 'uploads'))).toBe('pass');
    expect(at('/srv')('plan.within', 'uploads')).toMatchObject({
      verdict: 'fail',
      params: { folder: '/srv' },
    });
    expect(verdict(at('/srv/uploads')('plan.within', 'uploads'))).toBe('fail');
    expect(verdict(at('/srv/backup', '/srv')('plan.within', 'uploads'))).toBe('fail');
    expect(check()('plan.within', 'uploads')).toBeUndefined();
  });
  it('points outlive the interval of drills, in the repository that keeps them longest', () => {
    const every = (text: string) =>
      ['language: fr', `language: fr\ndocument: { drill_every: ${text} }`] as const;
    const near = ['[near, far]', '[near]'] as const;
    expect(verdict(check([every('30d')])('plan.retention', 'db'))).toBe('pass');
    expect(check([every('30d'), near])('plan.retention', 'db')).toMatchObject({
      verdict: 'fail',
      params: { kept_ms: 6 * day - hour }, // when summer time begins
    });
    expect(verdict(check([every('5d'), near])('plan.retention', 'db'))).toBe('pass');
    expect(verdict(check([near])('plan.retention', 'db'))).toBe('unable');
    const both = [
      near,
      ['rest:https://far.example/shop", ', 'rest:https://far.example/shop", retention: { monthly: 4 }, '],
    ] as const;
    expect(check([every('30d'), both[1]])('plan.retention', 'db')).toMatchObject({
      verdict: 'pass',
      params: { repository: 'far', kept_ms: 60 * day - hour },
    });
  });
  it('the reach of each rule', () => {
    const none = { last: 1, hourly: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 };
    const nightly = rhythm('0 2 * * *', 'UTC');
    expect(reach(none, nightly, now)).toBe(0);
    expect(reach({ ...none, last: 8 }, nightly, now)).toBe(7 * day);
    expect(reach({ ...none, yearly: 3 }, nightly, now)).toBe(366 * day);
    expect(reach({ ...none, monthly: 2 }, nightly, now)).toBe(day);
    expect(reach({ ...none, weekly: 5 }, nightly, now)).toBe(22 * day);
    expect(reach({ ...none, last: 2000 }, rhythm('* * * * *', 'UTC'), now)).toBe(1999 * minute);
    const never = { next: () => null, previous: () => null };
    expect(reach({ ...none, last: 3 }, never, now)).toBe(0);
    expect(reach({ ...none, daily: 3 }, never, now)).toBe(0);
  });
  it('a protection that captures nothing is unused', () => {
    expect(
      verdict(check([['captures: [nightly], hold', 'hold']])('plan.unused', 'protections.nightly')),
    ).toBe('fail');
  });
});

describe('scenarios', () => {
  const fire = (objectives: string, steps = '{ recover: all }', history: Partial<PlanHistory> = {}) =>
    check(
      [
        ['title: Incendie', `title: Incendie\n    objectives: ${objectives}`],
        ['{ recover: all }', steps],
      ],
      history,
    );
  const known = { restoreMs: () => ({ ms: hour, measured: true }) };
  it('keep the system’s objectives', () => {
    expect(verdict(fire('{ rto: 8h }')('plan.scenario-objective', 'scenarios.fire'))).toBe('pass');
    expect(verdict(fire('{ rto: 9h }')('plan.scenario-objective', 'scenarios.fire'))).toBe('fail');
  });
  it('keep their own RTO, steps by hand included', () => {
    expect(verdict(fire('{ rto: 8h }')('plan.scenario-time', 'scenarios.fire'))).toBe('unable');
    expect(
      verdict(fire('{ rto: 8h }', '{ recover: all }', known)('plan.scenario-time', 'scenarios.fire')),
    ).toBe('unable'); // the fire brigade
    expect(
      verdict(fire('{ rto: 2h }', '{ recover: [web] }', known)('plan.scenario-time', 'scenarios.fire')),
    ).toBe('fail');
    const timed = (rto: string, steps = '{ recover: [db] }') =>
      check(
        [
          ['title: Incendie', `title: Incendie\n    objectives: { rto: ${rto} }`],
          ['pompiers, owner: dba', 'pompiers, duration: 30m'],
          ['{ recover: all }', steps],
        ],
        known,
      )('plan.scenario-time', 'scenarios.fire');
    expect([verdict(timed('90m')), verdict(timed('89m'))]).toEqual(['pass', 'fail']);
    // What an earlier step brought back is there for a later one.
    const both = '{ recover: [db] }, { recover: [web] }';
    expect([verdict(timed('210m', both)), verdict(timed('209m', both))]).toEqual(['pass', 'fail']);
    expect(
      verdict(
        fire('{ rto: 8h }', '{ command: { argv: [make] } }', known)('plan.scenario-time', 'scenarios.fire'),
      ),
    ).toBe('unable');
  });
  it('lose no more than the captures', () => {
    expect(verdict(fire('{ rpo: 26h }')('plan.scenario-loss', 'scenarios.fire'))).toBe('pass');
    expect(verdict(fire('{ rpo: 24h }')('plan.scenario-loss', 'scenarios.fire'))).toBe('fail');
    expect(verdict(fire('{ rpo: 24h }', '{ manual: wait }')('plan.scenario-loss', 'scenarios.fire'))).toBe(
      'unable',
    );
    const lost = check([
      ['title: Incendie', 'title: Incendie\n    objectives: { rpo: 26h }'],
      ['captures: [nightly], hold', 'hold'],
    ]);
    expect(verdict(lost('plan.scenario-loss', 'scenarios.fire'))).toBe('fail');
  });
});

describe('proof, people, document', () => {
  it('checks and drills', () => {
    expect([verdict(check()('plan.checks', 'db')), verdict(check()('plan.checks', 'web'))]).toEqual([
      'pass',
      'unable',
    ]);
    const every = ['language: fr', 'language: fr\ndocument: { drill_every: 30d }'] as const;
    const drilled = (days: number) => ({ lastDrill: () => new Date(now.getTime() - days * day) });
    expect(verdict(check([every])('plan.drilled', 'db'))).toBe('unable');
    expect(verdict(check([], drilled(1))('plan.drilled', 'db'))).toBe('unable');
    expect(verdict(check([every], drilled(29))('plan.drilled', 'db'))).toBe('pass');
    expect(verdict(check([every], drilled(31))('plan.drilled', 'db'))).toBe('fail');
  });
  it('a check that may take longer than the objective is no check of it', () => {
    const within = (max: string, rto = '4h') =>
      check([
        ['rto: 4h, mtd', `rto: ${rto}, mtd`],
        ['query: select 1', `query: select 1, max_duration: ${max}`],
      ])('plan.check-duration', 'db');
    expect(within('4h')).toBeUndefined();
    expect(within('5h')).toMatchObject({
      verdict: 'fail',
      params: { check: 'alive', max_ms: 5 * hour, rto_ms: 4 * hour },
      at: { file: 'p', line: goodPlan.split('\n').findIndex((l) => l.includes('name: alive')) + 1 },
    });
    // Two minutes, where nothing is said.
    const silent = check([['rto: 4h, mtd', 'rto: 90s, mtd']])('plan.check-duration', 'db');
    expect(silent).toMatchObject({ verdict: 'fail', params: { max_ms: 2 * minute, rto_ms: 90_000 } });
    expect(check([['rto: 4h, mtd', 'mtd']])('plan.check-duration', 'db')).toBeUndefined();
  });
  it('roles and people', () => {
    expect(verdict(check()('plan.role', 'dba'))).toBe('pass');
    expect(check([['{ primary: ada }', '{}']])('plan.role', 'dba')).toMatchObject({
      verdict: 'fail',
      params: { why: 'no-primary' },
    });
    expect(
      check([['{ primary: ada }', '{ primary: ada, secondary: ada }']])('plan.role', 'dba'),
    ).toMatchObject({ params: { why: 'same' } });
    expect(check()('plan.person', 'ada')).toMatchObject({ verdict: 'fail', params: { missing: 'email' } });
    expect(verdict(check([['name: Ada', 'name: Ada, email: a@b.c']])('plan.person', 'ada'))).toBe('pass');
    expect(
      check([['name: Ada, phone: "+33 1 23 45 67 89"', 'name: "[À DÉFINIR]", email: " "']])(
        'plan.person',
        'ada',
      )?.params['missing'],
    ).toBe('name phone email');
    const nobody = check([
      ['roles:\n  dba: { primary: ada }', 'roles: {}'],
      [', owner: dba }]', ' }]'],
      ['pompiers, owner: dba', 'pompiers'],
    ]);
    expect(verdict(nobody('plan.role', 'roles'))).toBe('unable');
  });
  it('review and approval', () => {
    const reviewed = (text: string) => check([['language: fr', `language: fr\ndocument: { ${text} }`]]);
    expect(verdict(check()('plan.review', 'document'))).toBe('unable');
    expect(verdict(reviewed('reviewed: 2026-01-01')('plan.review', 'document'))).toBe('unable');
    expect(verdict(reviewed('reviewed: 2026-01-01, review_every: 30d')('plan.review', 'document'))).toBe(
      'fail',
    );
    expect(verdict(reviewed('reviewed: 2026-11-01, review_every: 30d')('plan.review', 'document'))).toBe(
      'pass',
    );
    expect(verdict(reviewed('reviewed: 2027-11-01, review_every: 30d')('plan.review', 'document'))).toBe(
      'unable',
    );
    expect([
      verdict(check()('plan.approvers', 'document')),
      verdict(reviewed('approvers: [dba]')('plan.approvers', 'document')),
    ]).toEqual(['fail', 'pass']);
  });
  it.each([
    '[À DÉFINIR]',
    '(À CONFIGURER)',
    '[À COMPLÉTER MANUELLEMENT]',
    '[SPECS À DÉFINIR]',
    'TBD',
    'todo',
    '+33 X XX XX XX XX',
    '(à implémenter)',
    '(to be defined)',
  ])('%s was never filled in', (text) => {
    expect(isPlaceholder(text)).toBe(true);
  });
  it.each([
    'Ada',
    '+33 1 23 45 67 89',
    'Rotation PagerDuty',
    '(à Paris)',
    'Basculer à la main',
    '[ok]',
    'Max',
    '',
  ])('"%s" was', (text) => {
    expect(isPlaceholder(text)).toBe(false);
  });
});

describe('texts and support', () => {
  it('secrets in the plan', () => {
    expect(verdict(check()('plan.secret', 'plan'))).toBe('pass');
    const env = (text: string) => check([['argv: [make, web]', `argv: [make, web], env: { ${text} }`]]);
    expect(
      verdict(env('DB_PASSWORD: hunter2')('plan.secret', 'components.web.rebuild.command.env.DB_PASSWORD')),
    ).toBe('fail');
    for (const fine of ['DB_PASSWORD: ""', 'DB_PASSWORD_FILE: /x', 'TOKENS: "3"', 'LEVEL: debug'])
      expect(verdict(env(fine)('plan.secret', 'plan'))).toBe('pass');
    expect(
      verdict(
        check([['[make, web]', '[make, --password=x]']])(
          'plan.secret',
          'components.web.rebuild.command.argv.1',
        ),
      ),
    ).toBe('fail');
    expect(
      verdict(
        check([['[make, web]', '[curl, "https://a:b@c"]']])(
          'plan.secret',
          'components.web.rebuild.command.argv.1',
        ),
      ),
    ).toBe('fail');
    expect(
      verdict(
        check([['title: Incendie', 'title: "[À DÉFINIR]"']])('plan.placeholder', 'scenarios.fire.title'),
      ),
    ).toBe('fail');
  });
  it('what later versions act on', () => {
    const of = check([
      ['kind: nothing\n', 'kind: volume\n    volume: v\n'],
      ['from: command, command: { argv: [make, web] }', 'from: image, image: x'],
    ]);
    expect(of('plan.unsupported', 'components.web')).toMatchObject({
      verdict: 'unable',
      params: { what: 'kind volume' },
      at: { file: 'p' },
    });
    expect(['/srv', 'rest:http://x', 's3:x', 'sftp:h:/x'].map(backendOf)).toEqual([
      'local',
      'rest',
      's3',
      'sftp',
    ]);
    const { plan } = loadPlan({ file: 'p', text: goodPlan, env: {}, kinds: testKinds });
    expect(plan && unsupported(plan, testKinds)).toEqual([]);
    const wal = plan && {
      ...plan,
      plan: {
        ...plan.plan,
        protections: {
          p: { ...plan.plan.protections['nightly'], methods: { postgres: 'wal', database: 'physical' } },
        },
      },
    };
    const database = testKinds.get('database') as AnyKind;
    const later = new Map([
      ['postgres', { methods: { wal: database.methods['logical'] } }],
    ]) as unknown as typeof testKinds;
    expect(unsupported(wal as ResolvedPlan, testKinds).map((u) => u.what)).toEqual(['method postgres wal']);
    expect(unsupported(wal as ResolvedPlan, new Map([['postgres', database]])).map((u) => u.what)).toEqual([
      'method postgres wal',
    ]);
    expect(unsupported(wal as ResolvedPlan, later)).toEqual([]);
  });
  it('a finding of an unknown code keeps its values', () => {
    expect(
      wordsOf({ ...judge('pass', 'plan.unused', 'x', {}), code: 'plan.future' }, 'fr').message,
    ).toContain('plan.future');
  });
});
