import { describe, expect, it } from 'vitest';

import { loadPlan } from './load.ts';
import { problemLine } from './problem.ts';
import { goodPlan, testKinds } from './test-kinds.ts';

const load = (text: string | Uint8Array, env: Record<string, string> = {}) =>
  loadPlan({ file: 'plan.yaml', text, env, kinds: testKinds });
/** The good plan with one text replaced. */
const spoilt = (from: string, to: string): string => {
  expect(goodPlan).toContain(from);
  return goodPlan.replace(from, () => to);
};
const lines = (text: string | Uint8Array, env: Record<string, string> = {}) =>
  load(text, env).problems.map((p) => problemLine(p, 'en'));
const line = (needle: string, text = goodPlan): number =>
  text.split('\n').findIndex((l) => l.includes(needle)) + 1;

describe('a plan without errors', () => {
  it('is resolved: defaults, groups, objectives, retention, positions, hash of the bytes', () => {
    const { plan, problems } = load(goodPlan);
    expect(problems).toEqual([]);
    expect([...(plan?.components.keys() ?? [])]).toEqual(['db', 'uploads', 'web']);
    expect(plan?.components.get('db')).toMatchObject({
      kind: 'database',
      spec: { port: 5432 },
      host: 'local',
      service: 'server',
      protections: ['nightly'],
      group: 'data',
      objectives: { rpo: 86_400_000, rto: 14_400_000 },
    });
    expect(plan?.components.get('web')).toMatchObject({
      service: null,
      objectives: { rto: 28_800_000 },
      spec: {},
    });
    expect(plan?.groups.get('data')?.members).toEqual(['db', 'uploads']);
    expect(plan?.retention('nightly', 'near')).toMatchObject({ daily: 7, last: 1 });
    expect(plan?.retention(null, 'far')).toBeUndefined();
    expect(plan?.where(['components', 'uploads', 'path'])).toEqual({
      file: 'plan.yaml',
      line: line('path: /srv/uploads'),
      column: 5,
    });
    expect(plan?.where(['components', 'nobody', 'path'])).toMatchObject({ line: line('components:') });
    expect(plan?.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('may have a byte order mark and Windows line ends; positions stay right', () => {
    const windows = `\uFEFF${goodPlan.replaceAll('\n', '\r\n')}`;
    expect(load(Buffer.from(windows)).problems).toEqual([]);
    expect(load(windows).plan?.where(['components'])).toEqual({
      file: 'plan.yaml',
      line: line('components:'),
      column: 1,
    });
  });

  it('keeps a protection’s own retention, and a group’s own order', () => {
    const text = goodPlan
      .replace('repositories: [near, far] }', 'repositories: [near, far], keep: { daily: 90 } }')
      .replace('components: [db, uploads], c', 'components: [db, uploads], order: [uploads], c');
    const { plan } = load(text);
    expect(plan?.retention('nightly', 'near')).toMatchObject({ daily: 90 });
    expect(plan?.groups.get('data')?.members).toEqual(['uploads', 'db']);
  });

  it('takes host from the service, else the only host', () => {
    const text = spoilt(
      'services:\n  server: { kind: none }',
      'hosts: { vps: { kind: local } }\nservices:\n  server: { kind: none, host: vps }',
    );
    const { plan } = load(text);
    expect([plan?.components.get('db')?.host, plan?.components.get('web')?.host]).toEqual(['vps', 'vps']);
  });
});

describe('what a person writes wrong', () => {
  const cases: readonly [name: string, from: string, to: string, expected: string][] = [
    [
      'unknown key',
      'language: fr',
      'langage: fr',
      '3:1 langage: Unknown key "langage". Did you mean "language"?',
    ],
    [
      'unknown kind',
      'kind: database',
      'kind: databse',
      '22:11 components.db.kind: "databse" is not possible here. Did you mean "database"?',
    ],
    ['no kind', 'kind: database\n    ', '', '21:3 components.db.kind: "kind" is missing'],
    [
      'key of another kind',
      'path: /srv/uploads',
      'path: /srv/uploads\n    port: 1',
      '29:5 components.uploads.port: Unknown key "port".',
    ],
    [
      'duration',
      'rpo: 24h, rto: 8h',
      'rpo: a day, rto: 8h',
      '4:20 objectives.rpo: "a day" is not a duration',
    ],
    ['name', 'system: shop', 'system: --force', '2:9 system: "--force" is not a name'],
    ['name of a component', '  db:', '  Db:', 'components.Db: "Db" is not a name'],
    [
      'wrong type',
      'daily: 7',
      'daily: seven',
      'repositories.near.retention.daily: This must be a number, not text.',
    ],
    [
      'enum',
      'role: copy',
      'role: copyy',
      'repositories.far.role: "copyy" is not possible here. Did you mean "copy"?',
    ],
    [
      'tier',
      'tier: critical\n    service: server',
      'tier: critcal\n    service: server',
      'components.db.tier: There is no tier "critcal". Did you mean "critical"?',
    ],
    [
      'service',
      'service: app',
      'service: apps',
      'components.uploads.service: There is no service "apps". Did you mean "app"?',
    ],
    [
      'protection',
      'captures: [nightly]',
      'captures: [nightli]',
      'groups.data.captures[0]: There is no protection "nightli".',
    ],
    [
      'repository',
      'repositories: [near, far]',
      'repositories: [near, fat]',
      'protections.nightly.repositories[1]: There is no repository "fat".',
    ],
    [
      'dependency',
      'depends_on: [db]',
      'depends_on: [bd]',
      'components.uploads.depends_on[0]: There is no component "bd".',
    ],
    ['owner', 'owner: dba }]', 'owner: dbas }]', 'components.db.checks[0].owner: There is no role "dbas".'],
    ['person', 'primary: ada', 'primary: adda', 'roles.dba.primary: There is no person "adda".'],
    [
      'scenario',
      '{ recover: all }',
      '{ recover: [dbx] }',
      'scenarios.fire.steps[1].recover[0]: There is no component "dbx".',
    ],
    [
      'held service',
      'services: [app], how',
      'services: [ap], how',
      'groups.data.hold.services[0]: There is no service "ap".',
    ],
    [
      'twice in a list',
      'order: [db, uploads]',
      'order: [db, db]',
      'recovery.order[1]: db is already in this list.',
    ],
    [
      'a held service that must answer',
      'services: [app], how',
      'services: [server], how',
      'The group data holds the service server (how: stop), but the capture of db (method logical) must talk to it.',
    ],
    [
      'cycle',
      'service: server\n',
      'service: server\n    depends_on: [web]\n',
      'components.db.depends_on: Components depend on each other in a circle: db → web → db.',
    ],
    ['cron', '30 2 * * *', '61 2 * * *', 'protections.nightly.schedule: "61 2 * * *" is not a schedule'],
    ['six fields', '30 2 * * *', '0 30 2 * * *', '6 ≠ 5'],
    ['never', '30 2 * * *', '0 0 30 2 *', 'protections.nightly.schedule: "0 0 30 2 *" never comes'],
    [
      'time zone',
      'Europe/Paris',
      'Europe/Pari',
      'protections.nightly.timezone: "Europe/Pari" is not a time zone. Did you mean "Europe/Paris"?',
    ],
    [
      'copy first',
      '[near, far]',
      '[far, near]',
      'Captures go into the first repository, and far has the role copy.',
    ],
    ['primary later', 'role: copy, ', '', 'far gets copies here, but its role is primary.'],
    ['same place', 'rest:https://far.example/shop', '/srv/backup/', 'far and near are the same place'],
    ['password in a url', 'https://far', 'https://me:secret@far', 'The url holds a password'],
    [
      'relative path',
      'url: /srv/backup',
      'url: srv/backup',
      '"srv/backup" is neither an absolute path nor an address.',
    ],
    [
      'own and group’s captures',
      'path: /srv/uploads',
      'path: /srv/uploads\n    captures: [nightly]',
      'uploads is captured with its group data',
    ],
    [
      'nothing to capture',
      'kind: nothing',
      'kind: nothing\n    captures: [nightly]',
      'web has no data to capture (kind nothing).',
    ],
    [
      'a group of nothing',
      'components: [db, uploads], c',
      'components: [db, uploads, web], c',
      'groups.data.components[2]: web has no data to capture',
    ],
    [
      'order outside',
      'components: [db, uploads], c',
      'components: [db, uploads], order: [web], c',
      'web is not in the group data',
    ],
    [
      'two groups',
      'recovery:',
      '  more: { components: [db] }\nrecovery:',
      'groups.more.components[0]: db is already in the group data',
    ],
    ['group named as a component', '  data:', '  db:', 'groups.db: db is both a component and a group'],
    [
      'method',
      'repositories: [near, far]',
      'repositories: [near, far], methods: { database: logicl }',
      'The kind database has no method "logicl". Did you mean "logical"?',
    ],
    [
      'method of no kind',
      'repositories: [near, far]',
      'repositories: [near, far], methods: { databas: logical }',
      'protections.nightly.methods.databas: There is no kind of component "databas".',
    ],
    [
      'sql without a database',
      'path: /srv/uploads',
      'path: /srv/uploads\n    checks: [{ name: x, kind: sql, query: q }]',
      'A check of kind sql asks a database; components of kind folder have none.',
    ],
    [
      'reserved place variable',
      'APP_PORT',
      'PATH',
      'services.app.place.PATH: PATH is a variable that the system',
    ],
    [
      'place variable set twice',
      'start, app] }',
      'start, app], env: { APP_PORT: "1" } }',
      'APP_PORT is also set in the env',
    ],
    [
      'a step’s key misspelt',
      '{ recover: all }',
      '{ recoverr: all }',
      'scenarios.fire.steps[1].recoverr: Unknown key "recoverr". Did you mean "recover"?',
    ],
    [
      'two letters swapped in a key',
      'title: Incendie',
      'titel: Incendie',
      'scenarios.fire.titel: Unknown key "titel". Did you mean "title"?',
    ],
    [
      'two letters swapped in a value',
      'role: copy',
      'role: ocpy',
      'repositories.far.role: "ocpy" is not possible here. Did you mean "copy"?',
    ],
    [
      'no form of a step',
      '{ recover: all }',
      '{ wait: all }',
      'scenarios.fire.steps[1]: This must have one of these forms: { recover, title, owner } | { manual',
    ],
    [
      'error inside a form',
      '{ recover: all }',
      '{ recover: all, ownr: dba }',
      'scenarios.fire.steps[1].ownr: Unknown key "ownr". Did you mean "owner"?',
    ],
    [
      'a list needs one',
      'repositories: [near, far]',
      'repositories: []',
      'protections.nightly.repositories: At least 1 entries.',
    ],
    ['duplicate key', 'language: fr', 'system: other', '3:1 system: The key "system" is already on line 2.'],
    [
      '__proto__',
      'system: shop',
      'system: shop\n__proto__: { x: 1 }',
      '3:1 __proto__: Unknown key "__proto__".',
    ],
    ['merge key', 'system: shop', 'system: shop\n<<: { x: 1 }', '3:1 <<: Unknown key "<<".'],
    ['tabs', '  server: {', '\tserver: {', 'YAML: Tabs are not allowed as indentation'],
    ['key that is a map', 'system: shop', 'system: shop\n? { a: 1 }\n: 2', 'A key must be plain text.'],
    [
      'a number for text',
      'title: Incendie',
      'title: 12',
      'scenarios.fire.title: This must be text, not a number. Put it between quotes.',
    ],
    ['no value', 'path: /srv/uploads', 'path:', 'components.uploads.path: This must be text, not nothing.'],
    [
      'a missing variable',
      'system: shop',
      'system: ${SHOP}',
      '2:9 system: The environment variable SHOP is not set.',
    ],
    [
      'a malformed variable',
      'system: shop',
      'system: "${SHOP:-x}"',
      '2:9 system: "${SHOP:-x}" is not ${NAME}.',
    ],
    ['an open variable', 'system: shop', 'system: "${SHOP"', '"${SHOP" is not ${NAME}.'],
    ['an unknown alias', 'system: shop', 'system: *shop', 'refers to no anchor before it'],
    ['an unknown tag', 'system: shop', 'system: !shop shop', 'YAML: Unresolved tag: !shop'],
  ];
  it.each(cases)('%s', (_, from, to, expected) => {
    const found = lines(spoilt(from, to));
    expect(found.join('\n')).toContain(expected);
  });
  it.each(cases)('%s, in French', (_, from, to) => {
    const { problems, plan } = load(spoilt(from, to));
    expect(plan).toBeUndefined();
    for (const p of problems) expect(problemLine(p, 'fr')).not.toBe(problemLine(p, 'en'));
  });

  it('says all at once, in the order of the file', () => {
    const text = goodPlan
      .replace('language: fr', 'langage: fr')
      .replace('daily: 7', 'daily: seven')
      .replace('tier: critical\n    service: server', 'tier: nope\n    service: server')
      .replace('30 2 * * *', '0 0 31 2 *');
    const found = load(text).problems;
    expect(found.map((p) => p.code)).toEqual([
      'plan.unknown-key',
      'plan.type',
      'plan.never',
      'plan.unknown-name',
    ]);
    expect(found.map((p) => p.at.line)).toEqual(found.map((p) => p.at.line).toSorted((a, b) => a - b));
  });

  it('takes a misspelt key for the form that has it, not for the first', () => {
    const found = lines(spoilt('{ recover: all }', '{ owner: dba, manaul: Attendre }')).join('\n');
    expect(found).toContain('steps[1].manaul: Unknown key "manaul". Did you mean "manual"?');
    expect(found).not.toContain('recover');
    expect(lines(spoilt('{ recover: all }', '{ recoverr: all }')).join('\n')).toContain(
      'steps[1].recover: "recover" is missing',
    );
  });

  it('is told once for a missing variable, not again for what it leaves wrong', () => {
    expect(lines(spoilt('rpo: 24h, rto: 8h', 'rpo: "${RPO}", rto: 8h'))).toHaveLength(1);
  });
});

describe('variables', () => {
  it('are replaced in values; unquoted numbers become numbers; $${ is text', () => {
    const text = goodPlan
      .replace('port: 8000', 'port: "${PORT}"')
      .replace('title: Incendie', () => 'title: "${WHAT} $${WHAT} $5"')
      .replace('argv: [make, web]', 'argv: [make, "${PORT}"]');
    const { plan, problems } = load(text, { PORT: '9000', WHAT: 'Feu ${PORT}' });
    expect(problems).toEqual([]);
    expect(plan?.plan.scenarios['fire']?.title).toBe('Feu ${PORT} ${WHAT} $5');
    expect(plan?.plan.services['app']).toMatchObject({ place: { APP_PORT: { port: 9000 } } });
    expect(plan?.plan.components['web']).toMatchObject({ rebuild: { command: { argv: ['make', '9000'] } } });
    expect(plan?.text).toContain('${PORT}');
  });
  it('are not replaced where a variable is named, and are replaced in a variable called env', () => {
    const text = goodPlan.replace('role: copy,', 'role: copy, writer: { password: { env: "${X}" } },');
    expect(lines(text, { X: 'FAR_PASSWORD' })[0]).toContain(
      '"${X}" is not the name of an environment variable',
    );
    const other = goodPlan.replace('argv: [make, web]', 'argv: [make, web], env: { env: "${X}" }');
    expect(load(other, { X: 'production' }).plan?.plan.components['web']).toMatchObject({
      rebuild: { command: { env: { env: 'production' } } },
    });
  });
  it('never show their values in errors', () => {
    const env = { SECRET: 'hunter2-hunter2' };
    for (const to of [
      'tier: ${SECRET}',
      'title: { a: "${SECRET}" }',
      'unknown: ${SECRET}',
      'depends_on: ["${SECRET}"]',
      'host: "${SECRET}"',
    ])
      expect(
        lines(spoilt('tier: critical\n    service: server', `${to}\n    service: server`), env).join(),
      ).not.toContain('hunter2');
    for (const key of ['system', 'version', 'language'])
      expect(
        lines(goodPlan.replace(new RegExp(`^${key}:.*$`, 'm'), `${key}: "\${SECRET} "`), env).join(),
      ).not.toContain('hunter2');
    expect(lines(spoilt('/srv/backup', 'x${SECRET}'), env).join()).not.toContain('hunter2');
    expect(lines(spoilt('"30 2 * * *"', '"${SECRET}"'), env).join()).not.toContain('hunter2');
    expect(lines(spoilt('kind: database', 'kind: "${SECRET}"'), env).join()).not.toContain('hunter2');
    expect(lines(spoilt('rpo: 24h, rto: 8h', 'rpo: "${SECRET}"'), env).join()).not.toContain('hunter2');
  });
});

describe('what is no plan at all', () => {
  const cases: readonly [name: string, text: string | Uint8Array, expected: string][] = [
    ['empty', '', 'plan.yaml:1:1: The plan is empty.'],
    ['only a comment', '# hello\n', 'The plan is empty.'],
    ['null', '~', 'This must be keys with values, not nothing.'],
    ['a list', '- 1\n- 2\n', 'This must be keys with values, not a list.'],
    ['a text', 'hello', 'This must be keys with values, not text.'],
    ['two documents', `${goodPlan}---\na: 1\n`, 'A second YAML document begins here'],
    [
      'Latin-1',
      Buffer.from(goodPlan.replace('Incendie', 'Incendié'), 'latin1'),
      '41:19: The file is not UTF-8',
    ],
    ['UTF-16', Buffer.from(goodPlan, 'utf16le'), 'is not UTF-8|YAML'],
    ['a program', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0xff, 0xfe]), 'is not UTF-8'],
    [
      'an alias bomb',
      `a: &a [x,x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, i) => `${'bcdefghij'[i]}: &${'bcdefghij'[i]} [${Array.from({ length: 10 }, () => `*${'abcdefghi'[i]}`).join(',')}]`).join('\n')}\n`,
      'expand to more than 100000 values',
    ],
    ['an alias of itself', 'a: &a { b: *a }', '*a contains itself'],
    ['deep brackets', `a: ${'['.repeat(100_000)}`, 'Nested deeper than 64 levels'],
    ['deep dashes', '- '.repeat(100_000), 'Nested deeper than 64 levels'],
    ['deep questions', '? '.repeat(100_000), 'Nested deeper than 64 levels'],
    [
      'deep indentation',
      Array.from({ length: 400 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      'Nested deeper than 64 levels',
    ],
    [
      'deep maps',
      Array.from({ length: 100 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      'Nested deeper than 64 levels',
    ],
    ['6 MB', 'x'.repeat(6_000_000), 'at most 5242880 bytes'],
  ];
  it.each(cases)('%s', (_, text, expected) => {
    const found = lines(text);
    expect(found.length).toBeGreaterThan(0);
    expect(expected.split('|').some((e) => found.join('\n').includes(e))).toBe(true);
    expect(found.join('\n').length).toBeLessThan(200_000);
  });
  it('a component may be called constructor, and nothing is inherited from Object', () => {
    const text = goodPlan.replaceAll('db', 'constructor');
    const { plan, problems } = load(text);
    expect(problems.map((p) => problemLine(p, 'en'))).toEqual([]);
    expect(plan?.components.get('constructor')?.kind).toBe('database');
    expect(lines(spoilt('depends_on: [db]', 'depends_on: [constructor]')).join()).toContain(
      'There is no component "constructor"',
    );
    expect(load(goodPlan).plan?.retention('constructor', 'constructor')).toBeUndefined();
  });
  it('a kind that only a later version acts on is read', () => {
    expect(load(spoilt('kind: database', 'kind: volume\n    volume: db-data')).problems).toEqual([]);
  });
});
