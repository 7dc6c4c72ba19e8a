import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, describe, expect, test } from 'vitest';

import { loadPlan } from './load.ts';
import { buildOf, recallPlan, rememberPlan } from './remember.ts';
import type { ResolvedPlan } from './resolved.ts';
import { goodPlan, testKinds } from './test-kinds.ts';

const homes: string[] = [];
afterEach(() => {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
});
const newHome = (): string => {
  const home = mkdtempSync(join(tmpdir(), 'reprise-plan-'));
  homes.push(home);
  return home;
};
const build = 'app-3fA9';
const text = `version: 1
system: shop
tiers: {gold: {rpo: 25h, rto: 4h, tolerance: 10m}}
repositories: {primary: {url: /r, retention: {daily: 7}}, copy: {url: /c, role: copy, off_site: true}}
protections: {nightly: {schedule: "0 2 * * *", repositories: [primary]}}
components:
  db: {kind: database, tier: gold}
  web: {kind: folder, path: /srv, depends_on: [db]}
groups: {all: {components: [web, db], order: [db], captures: [nightly]}}
`;

const read = (of = text, env = {}): ResolvedPlan => {
  const { plan, problems } = loadPlan({ file: 'reprise.yaml', text: of, env, kinds: testKinds });
  if (plan === undefined) throw new Error(JSON.stringify(problems));
  return plan;
};
const recall = (home: string, of = text, by: string | undefined = build): ResolvedPlan | undefined =>
  recallPlan({ home, build: by }, { file: 'reprise.yaml', bytes: Buffer.from(of) });
const data = ({ file, text: of, hash, plan, components, groups }: ResolvedPlan) => ({
  file,
  of,
  hash,
  plan,
  components,
  groups,
});

describe('a remembered plan', () => {
  test.each([text, goodPlan])('is the plan as it was read', (of) => {
    const home = newHome();
    const plan = read(of);
    rememberPlan({ home, build }, plan);
    const recalled = recall(home, of);
    expect(recalled && data(recalled)).toStrictEqual(data(plan));
    expect(recalled?.retention('nightly', 'primary')).toEqual(plan.retention('nightly', 'primary'));
    expect(recalled?.where(['components', 'db'])).toEqual({ file: 'reprise.yaml', line: 1, column: 1 });
  });

  test('is that of these bytes and this build alone', () => {
    const home = newHome();
    rememberPlan({ home, build }, read());
    expect(recall(home, `${text}# \n`)).toBeUndefined();
    expect(recall(home, text, 'app-other')).toBeUndefined();
    expect(recall(newHome())).toBeUndefined();
    const changed = text.replace('rpo: 25h', 'rpo: 26h');
    rememberPlan({ home, build }, read(changed));
    expect(recall(home)).toBeUndefined();
    expect(recall(home, changed)?.components.get('db')?.objectives.rpo).toBe(26 * 3_600_000);
  });

  test('is nothing that variables or sources had a part in', () => {
    const home = newHome();
    const variable = text.replace('url: /r', 'url: "/${R}"');
    rememberPlan({ home, build }, read(variable, { R: 'secret' }));
    const hidden = text.replace('url: /r', 'url: "/\\x24{R}"');
    rememberPlan({ home, build }, read(hidden, { R: 'secret' }));
    rememberPlan({ home, build: undefined }, read());
    expect(existsSync(join(home, 'cache'))).toBe(false);
    rememberPlan({ home, build }, read());
    expect(recallPlan({ home, build: undefined }, { file: 'p', bytes: Buffer.from(text) })).toBeUndefined();
    expect(buildOf('file:///a/dist/chunks/app-3fA9.js')).toBe('app-3fA9');
    expect(buildOf('file:///a/src/app.ts')).toBeUndefined();
  });

  test('is not believed when it is not whole, or others may write it', () => {
    const home = newHome();
    rememberPlan({ home, build }, read());
    const file = join(home, 'cache/plan.json');
    chmodSync(file, 0o620);
    expect(recall(home)).toBeUndefined();
    chmodSync(file, 0o600);
    expect(recall(home)).toBeDefined();
    const written = readFileSync(file, 'utf8');
    writeFileSync(file, written.slice(0, -2));
    expect(recall(home)).toBeUndefined();
    rememberPlan({ home, build }, read());
    expect(readFileSync(file, 'utf8')).toBe(written);
  });

  test('a folder that cannot be written is no error', () => {
    const home = newHome();
    writeFileSync(join(home, 'cache'), 'a file');
    expect(() => rememberPlan({ home, build }, read())).not.toThrow();
  });
});
