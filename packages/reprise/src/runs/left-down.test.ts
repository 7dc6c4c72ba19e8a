import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { ago, captured } from '../catalogue/fixtures.ts';
import { leftDown } from './left-down.ts';
import { openBare } from './testing/bare.ts';

test('a recovery that failed is left down until what it left has been captured, not something else', async () => {
  const components = new Map([['db', { name: 'db', service: 'pg' }]]);
  await using bare = await openBare({ plan: { hash: 'a'.repeat(64), components } as never });
  const { journal } = bare.deps;
  const [run, step] = [randomUUID(), 'restore:db'];
  const args = { component: 'db', point: null, place: 'in-situ' };
  journal.append(
    'run.started',
    { recipe: 'restore', plan: 'a'.repeat(64), args, pid: 1 },
    { run, step: null },
  );
  journal.append('step.started', { attempt: 1 }, { run, step });
  journal.append('place.claimed', { component: 'db', place: 'in-situ', identity: '7' }, { run, step });
  journal.append('run.failed', { exit: 1, findings: [], error: 'restore.differs' }, { run, step: null });
  const left = (): readonly string[] | undefined => leftDown(bare.deps, () => false)?.components;
  expect(left()).toEqual(['db']);

  const backup = (component: string): void => {
    const cause = { run: randomUUID(), step: null };
    journal.append('run.started', { recipe: 'backup', plan: 'a'.repeat(64), args: {}, pid: 1 }, cause);
    journal.append('point.captured', captured(component, 's', ago(0)), cause);
    journal.append('run.finished', { exit: 0, findings: [] }, cause);
  };
  backup('web');
  expect(left()).toEqual(['db']);
  backup('db');
  expect(left()).toBeUndefined();
});
