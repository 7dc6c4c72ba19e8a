import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import type { AnyKind, Extent } from '../kinds/kind.ts';
import { aPoint } from '../recovery/testing/points.ts';
import { recover } from './recover.ts';
import { restore } from './restore.ts';
import { recoverRunbook, runbookExit } from './runbook.ts';
import { openWorld, type World } from './testing/world.ts';

const t0 = '2026-01-01T01:00:00.000Z';
let home: string;
let world: World;
/** `inner` lies in `outer`: each is on a shelf of its own here, and says that it is below `/srv/outer`. */
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'overlap-'));
  world = await openWorld(home, {
    components: { outer: { service: 'app', dependsOn: ['inner'] }, inner: {}, far: {} },
    points: ['outer', 'inner', 'far'].map((c) => aPoint(c, t0)),
  });
  const shelf = world.deps.kinds.get('shelf') as { extents?: AnyKind['extents'] };
  shelf.extents = ({ path }): readonly Extent[] => [
    { form: 'tree', path: String(path).replace('/inner', '/outer/inner'), includes: [], holds: () => true },
  ];
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
  rmSync(home, { recursive: true });
  rmSync(`${home}-elsewhere`, { recursive: true, force: true });
});

const common = { until: null, lost_at: null, requested_at: t0, place: 'in-situ', replace: {} };
const recovering = (more: object = {}) =>
  world.execute(recover(world.deps, { ...common, scenario: null, ...more }));
const restoring = (component: string, more: object = {}) =>
  world.execute(restore(world.deps, { ...common, component, point: null, ...more }));
const acts = () => world.events.filter((e) => /^(stop|start|restore|aside|wipe) /.test(e));
const errorsOf = ({ steps }: { steps: readonly { error: { code: string; params: object } | null }[] }) =>
  steps.flatMap((s) => s.error ?? []);

test.each(['in-situ', 'directory'])(
  'recover refuses two that overlap before it touches anything (%s)',
  async (to) => {
    const place = to === 'in-situ' ? to : `directory:${home}-elsewhere`;
    world.states.set('app', 'running');
    world.shelves.set('/srv/outer', 'newer');
    const consent = { by: 'option', role: null };
    const outcome = await recovering({
      place,
      replace: to === 'in-situ' ? { outer: consent, inner: consent } : {},
    });
    expect(outcome.exit).toBe(4);
    expect(errorsOf(outcome)).toMatchObject([
      { code: 'recovery.overlap', params: { outer: 'outer', inner: 'inner', excludes: '"./inner"' } },
    ]);
    expect(acts()).toEqual([]);
    expect(world.shelves).toEqual(new Map([['/srv/outer', 'newer']]));
  },
);

test('the runbook says so, with the exit code of the real run', async () => {
  const runbook = await recoverRunbook(
    world.deps,
    { ...common, scenario: null },
    new AbortController().signal,
  );
  expect(runbook.findings).toMatchObject([{ code: 'plan.overlap', verdict: 'fail', subject: 'outer' }]);
  expect(runbookExit(runbook)).toBe(4);
});

test('one beside the other’s data is refused; where the other is gone, it is brought back, and another is', async () => {
  world.shelves.set('/srv/outer', 'newer');
  const refused = await restoring('inner');
  expect([refused.exit, errorsOf(refused).map((e) => e.code)]).toEqual([4, ['recovery.overlap']]);
  expect(acts()).toEqual([]);
  expect((await restoring('far')).exit).not.toBe(4);
  world.shelves.delete('/srv/outer');
  expect(errorsOf(await restoring('inner'))).toEqual([]);
  expect(world.shelves.get('/srv/inner')).toBe(`inner@${t0}`);
  const second = await restoring('outer');
  expect(errorsOf(second).map((e) => e.code)).toEqual(['recovery.overlap']);
});

test('a scenario that recovers one of them looks at the other; going on, it does not take its own work for that', async () => {
  world.setScenario('one', [{ recover: ['outer'] }]);
  world.shelves.set('/srv/inner', 'newer');
  expect(errorsOf(await recovering({ scenario: 'one' })).map((e) => e.code)).toEqual(['recovery.overlap']);
  world.shelves.delete('/srv/inner');
  world.killAt('restored outer');
  const cut = await recovering({ scenario: 'one' });
  expect(cut.exit).toBe(130);
  world.revive();
  world.shelves.set('/srv/inner', 'came with outer');
  const again = await world.resume(cut.run, recover(world.deps, { ...common, scenario: 'one' }));
  expect(errorsOf(again)).toEqual([]);
  expect(world.shelves.get('/srv/outer')).toBe(`outer@${t0}`);
});
