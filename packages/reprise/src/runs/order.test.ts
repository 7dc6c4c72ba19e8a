import { expect, test } from 'vitest';

import { backup } from './backup.ts';
import type { Deps } from './deps.ts';
import { maintain } from './maintain.ts';
import type { Recipe } from './step.ts';

/** What must have ended before a step begins, whatever runs beside it: the order of a recipe is a promise. */
function before({ steps }: Recipe, name: string): ReadonlySet<string> {
  const step = steps.find((s) => s.name === name);
  if (step === undefined) throw new TypeError(`no step ${name}`);
  const direct = [...step.after, ...(step.settled ?? [])];
  return new Set([...direct, ...direct.flatMap((d) => [...before({ steps } as Recipe, d)])]);
}
const unopened = (): never => {
  throw new TypeError('a recipe opens nothing while it is made');
};

const of = (protections: string[], group: string | null = null): object => ({ protections, group });
const deps = {
  journal: { entries: () => [] },
  plan: {
    plan: {
      protections: {
        nightly: { repositories: ['near', 'far'] },
        hourly: { repositories: ['near'] },
      },
    },
    components: new Map(
      Object.entries({ db: of(['hourly']), notes: of(['nightly'], 'site'), files: of(['nightly'], 'site') }),
    ),
    groups: new Map([['site', { members: ['notes', 'files'] }]]),
  },
} as unknown as Deps;

test('maintain: the state that says what is forgotten is stored before anything is forgotten', () => {
  const recipe = maintain(deps, { repositories: ['near', 'far'], read: '1/30', prune: true }, unopened);
  const chain = ['look', 'decide', 'state', 'forget', 'prune', 'check', 'state-after'];
  expect(recipe.steps.map((s) => s.name)).toEqual(
    ['near', 'far'].flatMap((r) => chain.map((c) => `${c}:${r}`)),
  );
  for (const [i, name] of chain.entries())
    expect([...before(recipe, `${name}:near`)].toSorted()).toEqual(
      chain
        .slice(0, i)
        .map((c) => `${c}:near`)
        .toSorted(),
    );
});

test('backup: stored, then checked, then committed by a state, then copied, then committed there', () => {
  const recipe = backup(deps, { names: [], protection: null }, unopened);
  expect(before(recipe, 'check:db')).toContain('capture:db');
  for (const step of ['capture:db', 'check:db', 'capture:site', 'check:site', 'look:near'])
    expect(before(recipe, 'state:near')).toContain(step);
  expect(before(recipe, 'copy:far')).toContain('state:near');
  expect(before(recipe, 'state-copy:far')).toContain('copy:far');
  expect(recipe.steps.filter((s) => s.name.startsWith('copy:')).map((s) => s.name)).toEqual(['copy:far']);
});

test('backup: a component that fails keeps nobody else from being committed', () => {
  const recipe = backup(deps, { names: [], protection: null }, unopened);
  const hard = (name: string): readonly string[] => recipe.steps.find((s) => s.name === name)?.after ?? [];
  expect(hard('state:near')).toEqual(['look:near']);
  expect(hard('copy:far')).toEqual(['look:far']);
});
