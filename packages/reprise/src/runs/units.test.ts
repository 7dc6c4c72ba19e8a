import { expect, test } from 'vitest';

import type { ResolvedPlan } from '../plan/resolved.ts';
import { unitsOf } from './units.ts';

const component = (protections: string[], group: string | null = null): object => ({ protections, group });
const plan = {
  plan: {
    protections: {
      nightly: { repositories: ['near', 'far'] },
      hourly: { repositories: ['near'] },
    },
  },
  components: new Map(
    Object.entries({
      db: component(['hourly', 'nightly']),
      notes: component(['nightly'], 'site'),
      uploads: component(['nightly'], 'site'),
      web: component([]),
      worker: component([], 'idle'),
      lost: component([], 'gone'),
    }),
  ),
  groups: new Map(
    Object.entries({
      site: { members: ['uploads', 'notes'] },
      idle: { members: ['worker'] },
    }),
  ),
} as unknown as ResolvedPlan;

test('without names: everything that has a protection, members of a group once and together', () => {
  expect(unitsOf(plan, [], null)).toEqual([
    { name: 'db', components: ['db'], group: null, protection: 'hourly', repositories: ['near'] },
    {
      name: 'site',
      components: ['uploads', 'notes'], // in the order of capture
      group: 'site',
      protection: 'nightly',
      repositories: ['near', 'far'],
    },
  ]);
});

test('a member stands for its group, whichever names it', () => {
  for (const names of [['notes'], ['site'], ['notes', 'uploads', 'site']])
    expect(unitsOf(plan, names, null).map((u) => [u.name, u.components])).toEqual([
      ['site', ['uploads', 'notes']],
    ]);
});

test('the protection that is asked for decides the repositories', () => {
  expect(unitsOf(plan, ['db'], 'nightly')[0]).toMatchObject({
    protection: 'nightly',
    repositories: ['near', 'far'],
  });
});

test('what nothing protects goes nowhere: for the caller to refuse', () => {
  const nowhere = { protection: null, repositories: [] };
  expect(unitsOf(plan, ['web'], null)[0]).toMatchObject({ ...nowhere, components: ['web'] });
  expect(unitsOf(plan, ['worker'], null)[0]).toMatchObject({ ...nowhere, group: 'idle' });
  expect(unitsOf(plan, ['unknown'], null)[0]).toMatchObject({ ...nowhere, components: ['unknown'] });
  expect(unitsOf(plan, ['lost'], null)[0]).toMatchObject({ ...nowhere, group: 'gone', components: [] });
  expect(unitsOf(plan, ['db'], 'gone')[0]).toMatchObject({ protection: 'gone', repositories: [] });
});
