import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { RecoveryRecord, Runbook, type EntryV1 } from '@reprise/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { captured } from '../catalogue/fixtures.ts';
import type { EntryFilter } from '../journal/journal.ts';
import { signedBy } from '../journal/keys.ts';
import type { AnyKind } from '../kinds/kind.ts';
import { isError } from '../lib/errors/index.ts';
import { aCopy, aPoint } from '../recovery/testing/points.ts';
import { resultTable, runbookText } from '../recovery/text.ts';
import { writeEvidence, recordOf, recordText } from './evidence.ts';
import { inOrder } from './kit.ts';
import { isAlive, leftDown, leftDownText } from './left-down.ts';
import { lock } from './locks.ts';
import { recover } from './recover.ts';
import type { People } from './recovering.ts';
import { recoveryTimes } from './recovery-times.ts';
import { restore } from './restore.ts';
import { runResume } from './resume.ts';
import { recoverRunbook, restoreRunbook, runbookExit } from './runbook.ts';
import { statusOf } from './status.ts';
import { openWorld, type World } from './testing/world.ts';

const t0 = '2026-01-01T01:00:00.000Z';
let home: string;
let world: World;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'recover-'));
  world = await openWorld(home, {
    components: {
      db: { service: 'pg', checks: ['db answers'], rebuild: true },
      web: { service: 'app', dependsOn: ['db'], checks: ['web answers'] },
      uploads: { service: 'app', checks: ['uploads there'] },
    },
    points: ['db', 'web', 'uploads'].map((c) => aPoint(c, t0)),
  });
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
  rmSync(home, { recursive: true });
  rmSync(`${home}-elsewhere`, { recursive: true, force: true });
});

const common = () => ({
  until: null,
  lost_at: null,
  requested_at: new Date().toISOString(),
  place: 'in-situ',
  replace: {},
});
const recovering = (more: object = {}, people?: People) =>
  world.execute(recover(world.deps, { ...common(), scenario: null, ...more }, people));
const restoring = (component: string, more: object = {}) =>
  world.execute(restore(world.deps, { ...common(), component, point: null, ...more }));
const record = (run: string): RecoveryRecord => RecoveryRecord.parse(recordOf(world.deps, run));

const copies = (c: string) => [aCopy('main', c), aCopy('off', c, { level: 'stored' })];

describe('recover', () => {
  test('everything is back, in an order in which nothing writes before its data is there', async () => {
    const { exit, run } = await recovering();
    expect(exit).toBe(0);
    expect(world.shelves.get('/srv/web')).toBe(`web@${t0}`);
    const order = world.events.filter((e) => /^(rebuild|restore|start)/.test(e));
    expect(order.indexOf('rebuild db')).toBeLessThan(order.indexOf('start pg'));
    expect(order.indexOf('start pg')).toBeLessThan(order.indexOf('restore web'));
    for (const data of ['restore web', 'restore uploads'])
      expect(order.indexOf(data)).toBeLessThan(order.indexOf('start app'));
    expect(order.filter((e) => e === 'start app')).toHaveLength(1); // two components live in it
    const facts = record(run);
    expect(facts).toMatchObject({
      state: 'finished',
      exit: 0,
      place: 'in-situ',
      whole: { rto: { verdict: 'met' } },
    });
    expect(facts.components.map((c) => c.state)).toEqual(['in-service', 'in-service', 'in-service']);
    for (const c of facts.components) expect(c.rto?.actual_ms).toBeTypeOf('number');
    expect(resultTable(facts, 'fr')).toMatch(/système entier .* tenu$/m);
  });

  test('what is there is not touched without consent, and consent names one component', async () => {
    world.shelves.set('/srv/db', 'live data');
    const refused = await recovering({ replace: { web: 'flag' } });
    expect(refused.exit).toBe(4);
    expect(refused.steps.find((s) => s.step === 'place')?.error?.code).toBe('recovery.refused');
    expect([...world.shelves]).toEqual([['/srv/db', 'live data']]);
    expect(record(refused.run).components).toMatchObject([
      { component: 'db', state: 'refused', error: { code: 'place.occupied' } },
      { state: 'unfinished' },
      { state: 'unfinished' },
    ]);

    const done = await recovering({ replace: { db: 'typed' } });
    expect(done.exit).toBe(0);
    const aside = [...world.shelves].find(([, v]) => v === 'live data')?.[0];
    expect(record(done.run).components.find((c) => c.component === 'db')?.consent).toMatchObject({
      how: 'typed',
      renamed: aside,
    });
    expect([...world.deps.journal.entries({ type: 'consent.given' })]).toHaveLength(1);
    const put = [...world.deps.journal.entries({ type: 'place.put_aside' })];
    expect(put.map((e) => e.body['renamed'])).toEqual([aside]);
  });

  test('all or nothing: one folder is gone, the rest is alive; nothing is stopped, and both commands are said', async () => {
    world.setGroup('shop', ['web', 'uploads']);
    world.states.set('app', 'running');
    world.shelves.set('/srv/web', 'live data');
    world.shelves.set('/srv/db', 'live data');
    const { exit, steps, run } = await recovering({ lost_at: '2026-01-01T02:00:00Z' });
    expect(exit).toBe(4);
    expect(world.events.filter((e) => !/^(look|state)/.test(e))).toEqual([]);
    expect(world.states.get('app')).toBe('running');
    expect(world.shelves.has('/srv/uploads')).toBe(false);
    const { message = '', hint = '' } = steps.find((s) => s.error !== null)?.error?.text('en') ?? {};
    expect(message).toContain('db (live data), web (live data). Vacant: uploads.');
    expect(hint).toContain('reprise restore uploads --lost-at 2026-01-01T02:00:00Z (the rest of group shop');
    expect(hint).toContain('reprise recover --lost-at 2026-01-01T02:00:00Z --replace db --replace web');
    expect(record(run).left_stopped).toEqual([]);
    expect(recordText(world.deps, record(run), 'en')).toContain('What was there was not touched.');
  });

  test('a refused recovery counts as the incident’s first request, until life went on', async () => {
    const early = new Date(Date.now() - 60_000).toISOString();
    const began = async () => record((await recovering()).run).incident_began;
    world.shelves.set('/srv/web', 'live data');
    expect((await recovering({ requested_at: early })).exit).toBe(4);
    expect(await began()).toBe(early);
    await world.deps.clock.sleep(2, new AbortController().signal);
    const capture = (c: string) =>
      world.deps.journal.append('point.captured', captured(c, c, early), { run: randomUUID(), step: null });
    await world.execute({ name: 'backup', args: {}, steps: [] });
    capture('db');
    capture('uploads');
    expect(await began()).toBe(early); // of what is lost nothing was captured: life did not go on
    capture('web');
    expect(Date.parse((await began()) ?? '')).toBeGreaterThan(Date.parse(early) + 50_000);
  });

  test('consent for one member of a group is no consent for the others', async () => {
    world.setGroup('shop', ['web', 'uploads']);
    world.states.set('app', 'running');
    for (const c of ['web', 'uploads']) world.shelves.set(`/srv/${c}`, 'live data');
    expect((await recovering({ replace: { uploads: 'flag' } })).exit).toBe(4);
    expect(world.shelves.get('/srv/uploads')).toBe('live data');
    expect(world.states.get('app')).toBe('running');
  });

  test('a member that a scenario or a person names alone goes back alone, and that is said', async () => {
    world.setGroup('shop', ['web', 'uploads']);
    world.shelves.set('/srv/web', 'live data');
    world.setScenario('folder', [{ recover: ['uploads'] }]);
    const codes = (of: { findings: readonly { code: string }[] }) => of.findings.map((f) => f.code);
    const first = await recovering({ scenario: 'folder' });
    expect([first.exit, codes(first)]).toEqual([3, expect.arrayContaining(['recovery.group-apart'])]);
    world.shelves.delete('/srv/uploads');
    const alone = await restoring('uploads');
    expect([alone.exit, codes(alone)]).toEqual([3, expect.arrayContaining(['recovery.group-apart'])]);
    expect(recordText(world.deps, record(alone.run), 'en')).toContain('of the same group shop');
    const args = { ...common(), component: 'uploads', point: null };
    const seen = await restoreRunbook(world.deps, args, new AbortController().signal);
    expect(codes(seen)).toContain('recovery.group-apart');
    world.shelves.clear();
    expect(codes(await restoring('uploads'))).not.toContain('recovery.group-apart'); // nothing it could not fit
  });

  test('a service that was stopped and then not restored into runs again; one that is half restored is said', async () => {
    world.states.set('app', 'running');
    world.setChecks('uploads', []);
    world.arriveAt('stop app', () => {
      for (const c of ['web', 'uploads']) world.shelves.set(`/srv/${c}`, 'live data');
    });
    const late = await recovering();
    expect(late.exit).toBe(4);
    expect(world.states.get('app')).toBe('running');
    expect(record(late.run).left_stopped).toEqual([]);

    world.shelves.clear();
    world.lies.add('web');
    const half = await recovering();
    expect(half.exit).toBe(1);
    expect(world.states.get('app')).toBe('stopped');
    expect(record(half.run).left_stopped).toMatchObject([{ service: 'app', command: 'reprise recover' }]);
    expect(recordText(world.deps, record(half.run), 'en')).toContain('was NOT started again');
    expect(statusOf(world.deps).findings).toContainEqual(
      expect.objectContaining({ verdict: 'fail', code: 'status.left-down' }),
    );
    const signal = new AbortController().signal;
    expect(await runResume(world.deps, { abandon: false }, signal)).toMatchObject({
      exit: 1,
      continued: [],
      left_down: { run: half.run, services: ['app'], command: 'reprise recover' },
    });
    const given = await runResume(world.deps, { abandon: true }, signal);
    expect(given).toMatchObject({ exit: 0, abandoned: [half.run], left_down: null });
  });

  test('a repository that is gone does not stop it: the next copy is read, and said so', async () => {
    world.points.splice(
      0,
      3,
      ...['db', 'web', 'uploads'].map((c) =>
        aPoint(c, t0, { copies: [aCopy('main', c), aCopy('off', c, { level: 'stored' })] }),
      ),
    );
    world.broken.set('main', 'repository.absent');
    const { exit, run, findings } = await recovering();
    expect(exit).toBe(0);
    for (const c of record(run).components) expect(c.repository).toBe('off');
    const said = findings.map((f) => JSON.stringify(f));
    expect(said, 'each finding is said once').toEqual([...new Set(said)]);
    world.broken.set('off', 'repository.unreachable');
    for (const c of ['db', 'web', 'uploads']) world.shelves.delete(`/srv/${c}`);
    const lost = await recovering();
    expect(lost.exit).toBe(1);
    expect(lost.steps.find((s) => s.step === 'restore:db')?.error?.code).toBe('recovery.no-copy');
  });

  test('a damaged copy found out in the middle is wiped, and the other one restored', async () => {
    world.points.splice(0, 3, ...['db', 'web', 'uploads'].map((c) => aPoint(c, t0, { copies: copies(c) })));
    world.halfway.set('main', 'repository.damaged');
    const { exit } = await recovering();
    expect(exit).toBe(0);
    expect(world.events.filter((e) => e.startsWith('wipe '))).not.toHaveLength(0);
    expect(world.events.filter((e) => e.startsWith('aside '))).toHaveLength(0);
    expect(world.shelves.get('/srv/db')).toBe(`db@${t0}`);
  });

  test('its journal goes into every repository that opens; what takes none is named and said', async () => {
    world.points.splice(0, 3, ...['db', 'web', 'uploads'].map((c) => aPoint(c, t0, { copies: copies(c) })));
    world.halfway.set('main', 'repository.damaged');
    const one = await recovering();
    expect(one.output('state')).toEqual({ stored: ['main', 'off'], failed: [] });

    world.halfway.clear();
    world.shelves.clear();
    world.broken.set('main', 'repository.unreachable');
    world.said.splice(0);
    const other = await recovering();
    expect(other.output('state')).toEqual({ stored: ['off'], failed: ['main'] });
    expect(world.said.filter((line) => line.startsWith('main: '))).toEqual(['main: it does not answer']);
  });

  test('data that is not as recorded is a failure, and nothing is started on it', async () => {
    world.lies.add('db');
    const { exit, steps, run } = await recovering();
    expect(exit).toBe(1);
    expect(steps.find((s) => s.step === 'restore:db')?.error?.code).toBe('restore.differs');
    expect(steps.find((s) => s.step === 'restore:web')?.state).toBe('skipped');
    expect(record(run).state).toBe('failed');
    expect(record(run).whole).toBeNull();
  });

  test('a check that fails stops what depends on it, and nothing is called measured', async () => {
    world.answers.set('db answers', null);
    const { exit, run } = await recovering();
    expect(exit).toBe(1);
    const db = record(run).components.find((c) => c.component === 'db');
    expect(db).toMatchObject({
      state: 'failed',
      rto: { actual_ms: null, verdict: 'unknown' },
      error: { code: 'recovery.check-failed' },
    });
    expect(world.events).not.toContain('start app');
  });

  test('a component without checks is not judged: exit 3', async () => {
    world.setChecks('uploads', []);
    const { exit, run } = await recovering();
    expect(exit).toBe(3);
    expect(record(run).whole?.rto.verdict).toBe('unknown');
  });

  test('killed in a restore, it wipes its own half and goes on; what was finished is not done again', async () => {
    world.killAt('restore web');
    const first = await recovering();
    expect(first.exit).toBe(130);
    expect(world.shelves.get('/srv/web')).toBe('half');
    world.revive();
    const again = await world.resume(first.run, recover(world.deps, { ...common(), scenario: null }));
    expect(again.exit).toBe(0);
    expect(world.events.filter((e) => e === 'restore db')).toHaveLength(1);
    expect(world.events.filter((e) => e === 'wipe web')).toHaveLength(1);
    expect(record(first.run).state).toBe('finished');
  });

  /** Something comes to lie there after everything was judged: one component is refused, others are not. */
  const late = (component: string): void =>
    world.arriveAt('start pg', () => void world.shelves.set(`/srv/${component}`, 'live data'));

  test('carried on after another loss, it restores again what is gone, and calls nothing back that is not', async () => {
    late('web');
    const first = await recovering();
    expect(first.exit).toBe(4);
    expect(world.shelves.get('/srv/uploads')).toBe(`uploads@${t0}`);
    world.shelves.clear();
    const again = await world.resume(first.run, recover(world.deps, { ...common(), scenario: null }));
    expect(again.exit).toBe(0);
    expect(Object.fromEntries(world.shelves)).toEqual(
      Object.fromEntries(['db', 'web', 'uploads'].map((c) => [`/srv/${c}`, `${c}@${t0}`])),
    );
    expect(world.events.filter((e) => e === 'rebuild db')).toHaveLength(1);
  });

  test('carried on after its server was lost, a component is checked again', async () => {
    late('web');
    const first = await recovering();
    world.shelves.delete('/srv/web');
    world.answers.set('db answers', null);
    const again = await world.resume(first.run, recover(world.deps, { ...common(), scenario: null }));
    expect(again.steps.find((s) => s.step === 'check:db')?.error?.code).toBe('recovery.check-failed');
    expect(again.exit).toBe(1);
  });

  test('carried on where other data lies now and no check tells: refused, until a person says what it is', async () => {
    world.setChecks('uploads', []);
    late('web');
    const first = await recovering();
    expect(first.exit).toBe(4);
    world.shelves.set('/srv/uploads', 'other data');
    world.lies.add('uploads');
    world.shelves.delete('/srv/web');
    const again = async (more: object = {}, people?: People) =>
      await world.resume(first.run, recover(world.deps, { ...common(), scenario: null, ...more }, people));

    const refused = await again();
    expect(refused.exit).toBe(4);
    expect(refused.steps.find((s) => s.step === 'restore:uploads')?.error?.code).toBe('place.unproven');
    expect((await again({}, said('refused'))).exit).toBe(4);
    expect(world.shelves.get('/srv/uploads')).toBe('other data');
    expect(world.events.filter((e) => /^(aside|wipe) uploads/.test(e))).toEqual([]);

    const kept = await again({}, said('approved'));
    expect(kept.exit).toBe(3);
    expect(kept.findings.map((f) => f.code)).toContain('recovery.kept-by-word');
    expect(world.shelves.get('/srv/uploads')).toBe('other data');
  });

  test('carried on with consent, what lies there now is put aside, never wiped as its own', async () => {
    world.setChecks('uploads', []);
    late('web');
    const first = await recovering();
    world.shelves.set('/srv/uploads', 'other data');
    world.shelves.delete('/srv/web');
    world.lies.add('uploads');
    const args = { ...common(), scenario: null, replace: { uploads: 'flag' as const } };
    await world.resume(first.run, recover(world.deps, args));
    expect([...world.shelves].find(([, v]) => v === 'other data')?.[0]).toMatch(/^\/srv\/uploads\../);
    expect(world.events).not.toContain('wipe uploads');
  });

  test.for([
    ['in the same way', {}],
    ['with consent', { replace: { uploads: 'flag' as const } }],
  ] as const)(
    'what was restored and lost again is not called restored: typed again %s',
    async ([, consent]) => {
      world.killAt('state main'); // the data is back, and nothing was started on it
      const first = await restoring('uploads', consent);
      expect(world.shelves.get('/srv/uploads')).toBe(`uploads@${t0}`);
      world.revive();
      world.shelves.set('/srv/uploads', 'one file of sixty');
      world.lies.add('uploads');
      world.arriveAt('restore uploads', () => void world.lies.delete('uploads'));
      const args = { ...common(), ...consent, component: 'uploads', point: null };
      const again = await world.resume(first.run, restore(world.deps, args));
      if ('replace' in consent) {
        expect([again.exit, world.shelves.get('/srv/uploads')]).toEqual([0, `uploads@${t0}`]);
        expect([...world.shelves.values()], 'put aside, not wiped').toContain('one file of sixty');
      } else {
        expect([again.exit, world.shelves.get('/srv/uploads')]).toEqual([4, 'one file of sixty']);
        expect(again.steps.find((s) => s.step === 'restore:uploads')?.error?.code).toBe('place.unproven');
      }
    },
  );

  test('what changed after it was in service again is left alone, and is neither proven nor said to be', async () => {
    world.killAt('state main');
    const first = await recovering();
    world.revive();
    world.lies.add('db');
    const before = world.events.length;
    const again = await world.resume(first.run, recover(world.deps, { ...common(), scenario: null }));
    expect(again.exit).toBe(3);
    const ofDb = again.findings.filter((f) => f.subject === 'db').map((f) => [f.code, f.verdict]);
    expect(ofDb).toContainEqual(['recovery.used-since', 'unable']);
    expect(ofDb).toContainEqual(['test.same', 'unable']);
    expect(ofDb, 'what the comparison found before is not said again').not.toContainEqual([
      'test.same',
      'pass',
    ]);
    expect(world.events.slice(before).filter((e) => / db/.test(e))).toEqual([]);
  });

  test('another run does not own that half', async () => {
    world.killAt('restore web');
    await recovering();
    world.revive();
    const other = await restoring('web');
    expect(other.exit).toBe(4);
    expect(world.shelves.get('/srv/web')).toBe('half');
  });

  test('killed after the restore and before its record: the claim was of nothing, the whole is taken as it is', async () => {
    world.identities = 'late';
    world.killAt('restored web');
    const first = await recovering();
    world.revive();
    const again = await world.resume(first.run, recover(world.deps, { ...common(), scenario: null }));
    expect(again.exit).toBe(0);
    expect(world.events.filter((e) => e === 'restore web')).toHaveLength(1);
    expect([...world.shelves.keys()].toSorted()).toEqual(['/srv/db', '/srv/uploads', '/srv/web']);
  });

  test('a system’s time counts from the first request of the incident', async () => {
    const early = new Date(Date.now() - 60_000).toISOString();
    world.deps.journal.append(
      'incident.opened',
      { requested_at: early, lost_at: null, scenario: null },
      { run: null, step: null },
    );
    const { run } = await recovering();
    expect(record(run).whole?.rto.actual_ms).toBeGreaterThan(59_000);
    expect(record(run).incident_began).toBe(early);
    world.shelves.clear();
    expect(record((await recovering()).run).whole?.rto.actual_ms).toBeLessThan(30_000);
  });

  test('a point of an earlier plan: said in the run’s own record, not in the preview alone', async () => {
    world.points.splice(0, 1, aPoint('db', t0, { plan: 'b'.repeat(64) }));
    const { exit, run } = await recovering();
    expect(exit).toBe(0);
    const changed = record(run).components.map((c) =>
      c.findings.some((f) => f.code === 'recovery.plan-changed'),
    );
    expect(changed).toEqual([true, false, false]);
  });

  test('the kit’s page is in the order of a recovery, whatever the order of the plan', () => {
    const { plan } = world.deps;
    const components = new Map([...plan.components].toReversed());
    const names = inOrder({ ...world.deps, plan: { ...plan, components } }).map((c) => c.name);
    expect(names.toSorted()).toEqual(['db', 'uploads', 'web']);
    expect(names.indexOf('db')).toBeLessThan(names.indexOf('web'));
  });

  test('a point later than the loss holds the loss: it is not chosen', async () => {
    world.points.push(aPoint('db', '2026-01-01T05:00:00.000Z'));
    const { run } = await recovering({ lost_at: '2026-01-01T02:00:00Z' });
    const db = record(run).components.find((c) => c.component === 'db');
    expect(db?.point).toBe(`db@${t0}`);
    expect(db?.rpo?.actual_ms).toBe(3_600_000);
  });

  test('a directory: other paths and ports, the same again when it goes on; the live system is left alone', async () => {
    world.shelves.set('/srv/db', 'live data');
    const place = `directory:${home}-elsewhere`;
    const { exit } = await recovering({ place });
    expect(exit).toBe(0);
    expect(world.shelves.get(`${home}-elsewhere/srv/db`)).toBe(`db@${t0}`);
    expect(world.shelves.get('/srv/db')).toBe('live data');
    const ports = world.ports.map((p) => p.port);
    expect(ports.every((p) => p !== 5432)).toBe(true);
    expect([...world.deps.journal.entries({ type: 'incident.opened' })]).toHaveLength(0);
    world.shelves.delete(`${home}-elsewhere/srv/db`);
    world.ports.length = 0;
    await restoring('db', { place });
    expect(new Set(world.ports.map((p) => p.port))).toEqual(new Set(ports));
  });

  test('in another place a service without place variables would be the live one', async () => {
    world.forgetPlace('pg');
    const { exit, steps } = await world.execute(
      restore(world.deps, {
        ...common(),
        component: 'db',
        point: null,
        place: `directory:${home}-elsewhere`,
      }),
    );
    expect(exit).toBe(4);
    expect(steps.find((s) => s.step === 'rebuild:db')?.error?.code).toBe('place.live');
    expect(existsSync(`${home}-elsewhere`)).toBe(false); // refused: nothing was made
    expect(world.events.some((e) => e.startsWith('start pg'))).toBe(false);
  });

  test('a trial that did not start the service measured its data, not the service', async () => {
    world.forgetPlace('app');
    const place = `directory:${home}-elsewhere`;
    const { exit, run } = await recovering({ place });
    expect(exit).toBe(3);
    const { components, whole } = record(run);
    expect(components.map((c) => [c.component, c.state, c.rto?.verdict])).toEqual([
      ['db', 'in-service', 'met'],
      ['uploads', 'restored', 'unknown'],
      ['web', 'restored', 'unknown'],
    ]);
    expect(whole?.rto).toMatchObject({ actual_ms: null, verdict: 'unknown' });
    const times = recoveryTimes(world.deps);
    expect(times.get('web')).toEqual({ ms: null, dataOnly: place });
    expect(times.get('db')).toMatchObject({ ms: expect.any(Number), dataOnly: null });
    const { findings } = statusOf(world.deps);
    const said = findings.filter((f) => f.code.startsWith('status.data-only')).map((f) => f.subject);
    expect(said).toEqual(['web', 'uploads']);
  });

  test.each([
    [{ scenario: 'nope' }, 'recovery.unknown-scenario'],
    [{ replace: { dv: 'flag' } }, 'recovery.unknown-component'],
    [{ until: 'yesterday' }, 'recovery.unknown-time'],
    [{ lost_at: '2026-01-01' }, 'recovery.unknown-time'],
    [{ place: 'standby' }, 'place.unknown'],
    [{ place: 'directory:/a/..' }, 'place.unsafe'],
    [{ place: 'directory:relative' }, 'place.unknown'],
  ])('%o is refused before anything is done', (more, code) => {
    expect(() => recover(world.deps, { ...common(), scenario: null, ...more } as never)).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

const said = (answer: 'approved' | 'refused'): People => ({
  decide: async () => ({ answer, role: null, comment: '' }),
});

describe('a scenario', () => {
  beforeEach(() => {
    world.setScenario('fire', [{ recover: ['db'] }, { manual: 'Move the DNS name' }, { recover: 'all' }]);
  });

  test('waits for a person between its steps, and goes on with the answer', async () => {
    const first = await recovering({ scenario: 'fire' });
    expect(first.exit).toBe(4);
    expect(first.steps.find((s) => s.step === 'decision:2')?.error?.code).toBe('run.approval-missing');
    expect(world.shelves.has('/srv/web')).toBe(false);
    const decision = { step: 'decision:2', answer: 'approved', role: 'ops', comment: 'done' } as const;
    world.deps.journal.append('decision.given', decision, { run: first.run, step: 'decision:2' });
    const args = { ...common(), scenario: 'fire' };
    expect((await world.resume(first.run, recover(world.deps, args))).exit).toBe(0);
    expect(record(first.run).decisions).toMatchObject([{ answer: 'approved', role: 'ops' }]);
    expect(world.events.filter((e) => e === 'restore db')).toHaveLength(1);
  });

  test('its commands run in place, and never beside the live system', async () => {
    const command = { argv: ['rebuild', 'dns'] as [string, ...string[]] };
    world.setScenario('fire', [{ recover: ['db'] }, { command }]);
    expect((await recovering({ scenario: 'fire' })).exit).toBe(0);
    expect(world.events.indexOf('rebuild dns')).toBeGreaterThan(world.events.indexOf('restored db'));
    world.events.length = 0;
    const elsewhere = await recovering({ scenario: 'fire', place: `directory:${home}-elsewhere` });
    expect(elsewhere.exit).toBe(3);
    expect(elsewhere.findings.find((f) => f.verdict === 'unable')?.code).toBe('recovery.command-skipped');
    expect(world.events).not.toContain('rebuild dns');
  });

  test('a person at the terminal answers at once; no is no', async () => {
    const no = await recovering({ scenario: 'fire' }, said('refused'));
    expect(no.steps.find((s) => s.step === 'decision:2')?.error?.code).toBe('recovery.declined');
    world.shelves.clear();
    expect((await recovering({ scenario: 'fire' }, said('approved'))).exit).toBe(0);
  });
});

describe('restore', () => {
  test('what would not fit beside what is put aside is refused before anything is moved', async () => {
    const kinds = world.deps.kinds as Map<string, AnyKind>;
    kinds.set('shelf', { ...(kinds.get('shelf') as AnyKind), paths: (spec) => [String(spec['path'])] });
    world.points.splice(0, world.points.length, aPoint('web', t0, { bytes: 2_000_000 }));
    world.shelves.set('/srv/web', 'live data');
    const args = { ...common(), component: 'web', point: null, replace: { web: 'flag' as const } };
    const seen = await restoreRunbook(world.deps, args, new AbortController().signal);
    expect(runbookExit(seen)).toBe(4);
    expect(runbookText(seen, 'en')).toMatch(/2000000 bytes.*1000000 bytes/);
    const { exit, steps } = await restoring('web', { replace: args.replace });
    expect(exit).toBe(4);
    expect(steps.find((s) => s.step === 'restore:web')?.error?.code).toBe('place.no-room');
    expect([...world.shelves]).toEqual([['/srv/web', 'live data']]);
    world.setScenario('web', [{ recover: ['web'] }]);
    const whole = await recovering({ scenario: 'web', replace: args.replace });
    expect(whole.steps.find((s) => s.step === 'place')?.error?.code).toBe('place.no-room');
    world.shelves.clear(); // nothing is put aside: what fails then has taken nothing away
    expect((await restoring('web')).exit).toBe(0);
  });

  test('failed after live data was put aside: said where it lies', async () => {
    world.shelves.set('/srv/web', 'live data');
    world.halfway.set('main', 'repository.damaged');
    const { run } = await restoring('web', { replace: { web: 'flag' } });
    const aside = [...world.shelves].find(([, v]) => v === 'live data')?.[0];
    expect(aside).not.toBe('/srv/web');
    expect(record(run).left_aside).toEqual([{ component: 'web', where: aside, command: null }]);
  });

  test('later data that cannot be trusted is said everywhere, and the journal does not call the older one newest', async () => {
    const later = aPoint('web', '2026-01-01T02:00:00.000Z', { verdict: 'fail' });
    world.points.push(later);
    const args = { ...common(), component: 'web', point: null };
    const seen = await restoreRunbook(world.deps, args, new AbortController().signal);
    expect(runbookExit(seen)).toBe(3);
    expect(runbookText(seen, 'en')).toContain(`reprise restore web --point ${later.id}`);
    const { exit, run, findings } = await restoring('web');
    expect(exit).toBe(3);
    expect(world.shelves.get('/srv/web')).toBe(`web@${t0}`);
    const told = { verdict: 'unable', code: 'recovery.passed-over', subject: 'web' };
    expect(findings).toContainEqual(expect.objectContaining(told));
    expect(record(run).findings).toContainEqual(expect.objectContaining(told));
    expect(recordText(world.deps, record(run), 'fr')).toContain('Un point plus récent de web existe');
    const chosen = [...world.deps.journal.entries({ run, type: 'step.finished' })].find(
      (e) => e.step === 'choose',
    );
    expect(chosen?.body['output']).toMatchObject({ components: { web: { because: 'newest-good' } } });
  });

  test('one component’s data, compared; a service that was stopped for it runs again', async () => {
    world.states.set('app', 'running');
    const { exit, run } = await restoring('web');
    expect(exit).toBe(0);
    expect(world.events.filter((e) => /^(stop|start|restore) (app|web)$/.test(e))).toEqual([
      'stop app',
      'restore web',
      'start app',
    ]);
    expect(record(run).components).toMatchObject([{ state: 'restored', rto: null }]);
  });

  test('a refused one stops nothing', async () => {
    world.states.set('app', 'running');
    world.shelves.set('/srv/web', 'live data');
    expect((await restoring('web')).exit).toBe(4);
    expect(world.states.get('app')).toBe('running');
    expect(world.events).not.toContain('stop app');
  });

  test('a component that the plan no longer has: where its plan and its data are', () => {
    world.points.push(aPoint('old', t0));
    const run = world.points[0]?.run ?? '';
    const state = { repository: 'main', snapshot: 'abcdef0123', head: world.deps.journal.head() };
    world.deps.journal.append('state.stored', state, { run, step: 'state:main' });
    const args = { ...common(), component: 'old', point: null };
    let hint = '';
    try {
      restore(world.deps, args);
    } catch (e) {
      if (!isError(e, 'recovery.component-gone')) throw e;
      hint = e.text('en').hint;
      expect(e.text('en').message).toContain('1 point of it can still be restored');
    }
    expect(hint).toContain('restic -r main dump abcdef01 /plan.yaml');
    expect(hint).toContain('restic -r main restore old/2026 --target /var/tmp/old');
  });

  test('consent for another component is not silently dropped', () => {
    const args = { ...common(), component: 'web', point: null, replace: { db: 'flag' } } as const;
    expect(() => restore(world.deps, args)).toThrow(
      expect.objectContaining({ code: 'recovery.replace-unused' }),
    );
  });

  test('what was stopped stays stopped', async () => {
    await restoring('web');
    expect(world.events).not.toContain('start app');
  });

  test.each([
    [{ point: 'web@nope' }, 'recovery.unknown-point', 2],
    [{ until: '2025-01-01T00:00:00Z' }, 'recovery.no-point', 1],
  ])('%o: %s', async (more, code, exit) => {
    const outcome = await restoring('web', more);
    expect(outcome.exit).toBe(exit);
    expect(outcome.steps.find((s) => s.step === 'restore:web')?.error?.code).toBe(code);
  });

  test('a point of another kind is not forced into this one', async () => {
    world.points[1] = aPoint('web', t0, { kind: 'mysql' });
    const { steps } = await restoring('web');
    expect(steps.find((s) => s.step === 'restore:web')?.error?.code).toBe('recovery.other-kind');
  });
});

describe('--dry-run', () => {
  const signal = new AbortController().signal;
  test('shows every step with sizes, times and what it would meet, and changes nothing', async () => {
    world.shelves.set('/srv/uploads', 'live data');
    const before = world.deps.journal.head();
    const runbook = Runbook.parse(await recoverRunbook(world.deps, { ...common(), scenario: null }, signal));
    expect(world.deps.journal.head()).toEqual(before);
    expect(world.events.filter((e) => !/^(look|state)/.test(e))).toEqual([]);
    const uploads = runbook.steps.find((s) => s.name === 'restore:uploads');
    expect(uploads?.restore).toMatchObject({ bytes: 1000, would: 'refuse', found: 'live data' });
    expect(runbook.steps.find((s) => s.name === 'restore:db')).toMatchObject({
      predicted: null,
      restore: { would: 'restore' },
    });
    expect(runbook.predicted).toBeNull();
    expect(runbookExit(runbook)).toBe(4);
    expect(runbookText(runbook, 'en')).toContain('WOULD BE REFUSED: live data (--replace uploads)');
    expect(runbookText(runbook, 'fr')).toContain('durée inconnue');
  });

  test('after a recovery the times are measured', async () => {
    await recovering();
    world.shelves.clear();
    const args = { ...common(), scenario: null, replace: {} };
    const runbook = await recoverRunbook(world.deps, args, signal);
    expect(runbook.predicted).toMatchObject({ basis: 'measured' });
    expect(runbookExit(runbook)).toBe(0);
  });

  test('one component', async () => {
    const runbook = await restoreRunbook(world.deps, { ...common(), component: 'db', point: null }, signal);
    expect(runbook.steps.map((s) => s.name)).toEqual(['rebuild:db', 'restore:db']);
  });
});

describe('the recovery record', () => {
  test('is written in the plan’s language, signed, and says what was not proven', async () => {
    const { run } = await recovering();
    const files = await writeEvidence(world.deps, record(run), new AbortController().signal);
    const signed = JSON.parse(readFileSync(files.json, 'utf8'));
    expect(signedBy(signed.key, signed, signed.signature)).toBe(true);
    const text = readFileSync(files.markdown, 'utf8');
    expect(text).toContain('# Procès-verbal de reprise – shop');
    expect(text).toContain('Ne prouve pas tout');
    expect(text).toContain(signed.record.head.hash);
    expect(recordText(world.deps, record(run), 'en')).toContain('| web | in service |');
  });

  test('has every entry of its run up to its head, though another process writes meanwhile', async () => {
    const { run } = await recovering();
    const { journal } = world.deps;
    function* entries(filter?: EntryFilter): IterableIterator<EntryV1> {
      yield* journal.entries(filter);
      journal.append('run.resumed', { pid: 1 }, { run, step: null });
    }
    const meanwhile = { ...journal, head: () => journal.head(), entries } as typeof journal;
    const made = recordOf({ ...world.deps, journal: meanwhile }, run);
    const until = [...journal.entries({ run })].filter((e) => e.seq <= made.head.seq);
    expect(made.timeline.map((e) => e.seq)).toEqual(until.map((e) => e.seq));
  });

  test('covers a refused run, and the last one when none is named', async () => {
    world.shelves.set('/srv/web', 'live data');
    const { run } = await restoring('web');
    const last = recordOf(world.deps, null);
    expect(last.run).toBe(run);
    expect(recordText(world.deps, last, 'en')).toContain(
      'The restore was refused. What was there was not touched.',
    );
    expect(() => recordOf(world.deps, '00000000-0000-4000-8000-00000000dead')).toThrow(
      expect.objectContaining({ code: 'report.unknown-run' }),
    );
  });
});

describe('what a recovery that did not end leaves', () => {
  const left = () => leftDown(world.deps, () => false);
  const { signal } = new AbortController();

  test('a repository out of reach stops nothing', async () => {
    world.states.set('app', 'running');
    world.broken.set('main', 'repository.unreachable');
    expect((await restoring('uploads')).exit).toBe(1);
    expect(world.events).not.toContain('stop app');
    expect(left()).toBeUndefined();
  });

  test('killed in the middle: whoever comes next is told, with the command, until it is back', async () => {
    world.states.set('app', 'running');
    world.killAt('restore uploads');
    const args = { replace: { uploads: 'flag' }, lost_at: '2026-01-01T02:00:00Z' } as const;
    const first = await restoring('uploads', args);
    expect(world.states.get('app')).toBe('stopped');
    expect(left()).toMatchObject({
      run: first.run,
      components: ['uploads'],
      services: ['app'],
      command: 'reprise restore uploads --lost-at 2026-01-01T02:00:00Z --replace uploads',
    });
    expect((leftDownText(left() as never) as { en: string }).en).toContain(
      'reprise restore uploads --lost-at',
    );

    world.revive();
    const made = restore(world.deps, { ...common(), ...args, component: 'uploads', point: null });
    expect((await world.resume(first.run, made)).exit).toBe(0);
    expect(world.states.get('app')).toBe('running');
    expect(left()).toBeUndefined();
  });

  test('a process that is alive is no interruption; one that a person gave up is none any more', async () => {
    world.killAt('restore web');
    const { run } = await recovering();
    expect(left()).toMatchObject({
      components: ['uploads', 'web'],
      services: [], // it was down before: nobody stopped it for this
      command: 'reprise recover',
    });
    world.deps.journal.append('run.resumed', { pid: 1 }, { run, step: null });
    expect(leftDown(world.deps, () => true)).toBeUndefined();
    expect(left()).toBeDefined();
    world.deps.journal.append('run.failed', { exit: 1, error: 'run.abandoned' }, { run, step: null });
    expect(left()).toBeUndefined();
  });

  test('a service that a killed restore had stopped is started by the next that brings its data back', async () => {
    world.states.set('app', 'running');
    world.killAt('restore uploads');
    await restoring('uploads');
    world.revive();
    expect(world.states.get('app')).toBe('stopped');
    expect((await restoring('uploads', { replace: { uploads: 'flag' } })).exit).toBe(0);
    expect(world.states.get('app')).toBe('running');
    expect(left()).toBeUndefined();
  });

  test('not while another component in it is half restored: that is still said', async () => {
    world.states.set('app', 'running');
    world.killAt('restore web');
    await recovering();
    world.revive();
    await restoring('uploads', { replace: { uploads: 'flag' } });
    expect(world.states.get('app')).toBe('stopped');
    expect(left()).toMatchObject({ components: ['web'], services: ['app'] });
    await restoring('web', { replace: { web: 'flag' } });
    expect(world.states.get('app')).toBe('running');
    expect(left()).toBeUndefined();
  });

  test.for([
    ['restore', () => restoring('web', { replace: { web: 'flag' } })],
    [
      'recover',
      () =>
        recovering({
          lost_at: '2026-01-01T02:00:00Z',
          replace: { web: 'flag', db: 'flag', uploads: 'flag' },
        }),
    ],
  ] as const)(
    'one that a later %s overtook is closed by resume, never carried on over live data',
    async ([, later]) => {
      world.killAt('restore web');
      const { run } = await recovering();
      world.revive();
      await later();
      world.shelves.set('/srv/web', 'live data'); // the system lives on
      const before = world.events.length;
      const resumed = await runResume(world.deps, { abandon: false }, signal);
      expect(resumed).toMatchObject({ continued: [], abandoned: [run] });
      expect(world.shelves.get('/srv/web')).toBe('live data');
      expect(world.events.slice(before).filter((e) => /^(wipe|aside|restore)/.test(e))).toEqual([]);
      expect(world.deps.journal.runs().find((r) => r.run === run)).toMatchObject({
        state: 'failed',
        error: 'run.overtaken',
      });
    },
  );

  test('overtaken in one component, it is closed, and what else it left down is still said', async () => {
    world.killAt('restore web');
    await recovering();
    world.revive();
    await restoring('uploads', { replace: { uploads: 'flag' } });
    await world.execute({ name: 'backup', args: {}, steps: [] }); // of other components
    await runResume(world.deps, { abandon: false }, signal);
    expect(left()).toMatchObject({ components: ['web'], command: 'reprise recover --replace web' });
  });

  test('a dead run is not taken for alive because its process’s number is another’s now', async () => {
    world.killAt('restore web');
    const { run } = await recovering();
    world.deps.journal.append('run.resumed', { pid: process.pid }, { run, step: null });
    expect(leftDown(world.deps, isAlive)).toMatchObject({ run });
    using _held = await lock(home, `run-${run}`, { run, pid: process.pid });
    expect(leftDown(world.deps, isAlive)).toBeUndefined();
  });

  test('a refusal touched nothing; another run brought it back', async () => {
    world.shelves.set('/srv/uploads', 'live data');
    await restoring('uploads');
    expect(left()).toBeUndefined();
    world.shelves.delete('/srv/uploads');
    world.killAt('restore uploads');
    await restoring('uploads');
    expect(left()).toBeDefined();
    world.revive();
    await restoring('uploads', { replace: { uploads: 'flag' } });
    expect(left()).toBeUndefined();
  });

  test('in another place nothing live is down; under another plan consent is needed', async () => {
    world.killAt('restore uploads');
    await restoring('uploads', { place: `directory:${home}-elsewhere` });
    expect(left()).toBeUndefined();
    await restoring('uploads');
    const plan = { ...world.deps.plan, hash: 'b'.repeat(64) };
    expect(leftDown({ ...world.deps, plan }, () => false)).toBeUndefined(); // aborted before it began
    world.revive();
    world.killAt('restore uploads');
    await restoring('uploads');
    expect(leftDown({ ...world.deps, plan }, () => false)?.command).toBe(
      'reprise restore uploads --replace uploads',
    );
  });
});
