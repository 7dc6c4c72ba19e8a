import { expect, test } from 'vitest';

import { wordsOf } from '../lib/findings/index.ts';
import { kindsAndProducts } from '../products/registry.ts';
import { feasibility } from './feasibility.ts';
import { noHistory } from './history.ts';
import { loadPlan } from './load.ts';

function overlapsOf(...components: readonly string[]) {
  const text = `version: 1
system: shop
repositories: { near: { url: /backup } }
protections: { nightly: { schedule: "0 2 * * *", repositories: [near] } }
components:
${components.map((c) => `  ${c.replace(': {', ': { captures: [nightly],')}`).join('\n')}
`;
  const { plan, problems } = loadPlan({ file: 'p', text, env: {}, kinds: kindsAndProducts });
  expect(problems).toEqual([]);
  if (plan === undefined) throw new Error('no plan');
  return feasibility(plan, noHistory, new Date('2026-11-21T12:00:00Z'), kindsAndProducts).filter(
    (f) => f.code === 'plan.overlap',
  );
}
const pairs = (...components: readonly string[]) =>
  overlapsOf(...components).map(
    (f) => `${f.subject} ${String(f.params['inner'])}: ${String(f.params['excludes'])}`,
  );

const data = 'data: { kind: files, path: /srv/data }';
const sub = 'sub: { kind: files, path: /srv/data/sub }';
const db = 'db: { kind: sqlite, path: /srv/data/app.db }';
const dbExcludes = ['"./app.db"', '"./app.db-wal"', '"./app.db-journal"', '"./app.db-shm"'];

test.each([
  ['a folder in a folder', [data, sub], ['data sub: "./sub"']],
  ['whatever comes first', [sub, data], ['data sub: "./sub"']],
  ['the same folder', [data, 'two: { kind: files, path: /srv/data }'], ['data two: ']],
  ['a database in a folder', [data, db], [`data db: ${dbExcludes.join(', ')}`]],
  ['the same database', [db, 'again: { kind: sqlite, path: /srv/data/app.db }'], ['db again: ']],
  [
    'paths that are not in order',
    [data, 'sub: { kind: files, path: "/srv//x/.././data/sub/" }'],
    ['data sub: "./sub"'],
  ],
  [
    'names with wildcards',
    [data, 'odd: { kind: files, path: "/srv/data/a*b" }'],
    [String.raw`data odd: "./a\\*b"`],
  ],
  ['names with a dollar', [data, 'odd: { kind: files, path: "/srv/data/$${X}" }'], ['data odd: "./$${X}"']],
  ['deep down', [data, 'deep: { kind: files, path: /srv/data/a/b/c }'], ['data deep: "./a/b/c"']],
  [
    'a log of a database that is excluded alone',
    ['data: { kind: files, path: /srv/data, excludes: ["*.db"] }', db],
    [`data db: ${dbExcludes.slice(1).join(', ')}`],
  ],
  [
    'patterns that leave the folder itself in',
    ['data: { kind: files, path: /srv/data, excludes: ["*.log"] }', sub],
    ['data sub: "./sub"'],
  ],
  [
    'includes above it',
    ['data: { kind: files, path: /srv/data, includes: [sub] }', sub],
    ['data sub: "./sub"'],
  ],
  [
    'a product in a folder',
    [
      data,
      'p: { kind: sqlite-with-files, database: /srv/data/x.db, files: /srv/data/up, references: "select 1" }',
    ],
    ['data p: "./x.db", "./x.db-wal", "./x.db-journal", "./x.db-shm", "./up"'],
  ],
  [
    'a folder in a product’s',
    ['p: { kind: sqlite-with-files, database: /x.db, files: /srv/data, references: "select 1" }', sub],
    ['p sub: "./sub"'],
  ],
  [
    'one server, all of it',
    ['a: { kind: postgres }', 'b: { kind: postgres, connection: { host: localhost } }'],
    ['a b: '],
  ],
  ['one database of it', ['a: { kind: postgres }', 'b: { kind: postgres, databases: [x] }'], ['a b: ']],
])('%s overlaps', (_, components, found) => {
  expect(pairs(...components)).toEqual(found);
  expect(new Set(overlapsOf(...components).map((f) => f.verdict))).toEqual(new Set(['fail']));
});

test.each([
  ['an exclude', ['data: { kind: files, path: /srv/data, excludes: ["./sub"] }', sub]],
  [
    'an exclude of a folder above',
    ['data: { kind: files, path: /srv/data, excludes: [a] }', 'deep: { kind: files, path: /srv/data/a/b/c }'],
  ],
  ['what init writes', [`data: { kind: files, path: /srv/data, excludes: [${dbExcludes.join(', ')}] }`, db]],
  ['a pattern for all of a database', ['data: { kind: files, path: /srv/data, excludes: ["*.db*"] }', db]],
  ['includes elsewhere', ['data: { kind: files, path: /srv/data, includes: [./other] }', sub]],
  [
    'two halves of a folder',
    [
      'data: { kind: files, path: /srv/data, excludes: [sub] }',
      'half: { kind: files, path: /srv/data, includes: [sub] }',
    ],
  ],
  ['a name that only begins alike', [data, 'other: { kind: files, path: /srv/data2 }']],
  [
    'a product’s own database',
    ['p: { kind: sqlite-with-files, database: /srv/data/x.db, files: /srv/data, references: "select 1" }'],
  ],
  ['another port', ['a: { kind: postgres }', 'b: { kind: postgres, connection: { port: 5433 } }']],
  ['other databases', ['a: { kind: postgres, databases: [x] }', 'b: { kind: postgres, databases: [y, z] }']],
])('%s does not', (_, components) => {
  expect(pairs(...components)).toEqual([]);
});

test.each([
  ['a preset that finds its names there too', 'conf: { kind: files, path: /srv/data, preset: config }', sub],
  ['an include that is a name', 'data: { kind: files, path: /srv/data, includes: [other] }', sub],
  [
    'two choices with a name in common',
    'a: { kind: files, path: /srv/data, preset: config }',
    'b: { kind: files, path: /srv/data, preset: secrets }',
  ],
])('%s cannot be judged', (_, ...components) => {
  expect(overlapsOf(...components).map((f) => f.verdict)).toEqual(['unable']);
});

test('it stands at its line and says what to write, in both languages', () => {
  const [found] = overlapsOf(db, data);
  expect(found).toMatchObject({ verdict: 'fail', subject: 'data', at: { file: 'p', line: 7 } });
  if (found === undefined) throw new Error('nothing found');
  for (const language of ['en', 'fr'] as const) {
    const { message } = wordsOf(found, language);
    expect(message).toContain('/srv/data/app.db');
    expect(message).toContain(`excludes: [${dbExcludes.join(', ')}]`);
    expect(message).toContain('components.data');
  }
});

test('a component that nothing captures is restored by nobody', () => {
  const text = `version: 1
system: shop
repositories: { near: { url: /backup } }
protections: { nightly: { schedule: "0 2 * * *", repositories: [near] } }
components:
  data: { kind: files, path: /srv/data, captures: [nightly] }
  sub: { kind: files, path: /srv/data/sub }
`;
  const { plan } = loadPlan({ file: 'p', text, env: {}, kinds: kindsAndProducts });
  const found = plan && feasibility(plan, noHistory, new Date(), kindsAndProducts);
  expect(found?.some((f) => f.code === 'plan.overlap')).toBe(false);
});
