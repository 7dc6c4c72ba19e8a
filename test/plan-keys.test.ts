import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { basePlan } from './plan-keys/base.ts';
import { planKeys } from './plan-keys/keys.ts';
import {
  checks,
  elsewhere,
  kept,
  keptSpecially,
  load,
  psql,
  type Look,
  restic,
  scratch,
  service,
  sqliteFile,
  uploads,
  words,
} from './plan-keys/looks.ts';

/** Where the key stands in the base plan, another value for it (`absent`: taken out), and where the difference is seen. */
type Entry = readonly [at: string, to: unknown, look?: Look];
const absent = Symbol('absent');

const objectives = (at: string): Readonly<Record<string, Entry>> => ({ [at]: [at, absent] });
const shown = (prefix: string, at: string, keys: readonly string[]): Readonly<Record<string, Entry>> =>
  Object.fromEntries(keys.map((k) => [`${prefix}.${k}`, [`${at}.${k}`, absent]]));
const each = <T extends string>(names: readonly T[], entry: (name: T) => readonly [string, Entry]) =>
  Object.fromEntries(names.map(entry)) as Readonly<Record<string, Entry>>;

const table: Readonly<Record<string, Entry>> = {
  version: ['version', 2],
  system: ['system', 'other'],
  language: ['language', 'fr'],
  document: ['document', absent],
  ...shown('document', 'document', [
    'title',
    'classification',
    'version',
    'owner',
    'approvers',
    'reviewed',
    'review_every',
    'drill_every',
    'standards',
  ]),
  scope: ['scope', absent],
  ...shown('scope', 'scope', ['covers', 'excludes']),
  ...objectives('objectives'),
  ...shown('Objectives', 'tiers.standard', ['rpo', 'rto', 'mtd', 'tolerance', 'availability']),
  tiers: ['tiers', absent],
  hosts: ['hosts', { other: { kind: 'local' } }],
  services: ['services', absent],
  ...each(['start', 'stop', 'ready', 'state', 'pause', 'resume'], (k) => [
    `services.*(command).${k}`,
    [`services.app.${k}`, { argv: ['/bin/echo', 'stopped'], timeout: '1s' }, service[k]],
  ]),
  'services.*(command).host': ['services.app.host', 'nowhere'],
  'services.*(none).host': ['services.still.host', 'nowhere'],
  'services.*(command).place': ['services.app.place', absent, elsewhere],
  'services.*(command).place.*(path).path': ['services.app.place.DATA.path', '/srv/elsewhere', elsewhere],
  'services.*(command).place.*(port).port': ['services.app.place.PORT.port', 15_433, elsewhere],
  'PlanCommand.argv': ['services.app.ready.argv', ['/bin/false'], service.ready],
  'PlanCommand.user': ['services.app.ready.user', 'nobody', service.ready],
  'PlanCommand.cwd': ['services.app.ready.cwd', '/usr', service.ready],
  'PlanCommand.env': ['services.app.ready.env', { GIVEN: 'other' }, service.ready],
  'PlanCommand.secrets': ['services.app.ready.secrets', absent, service.ready],
  'PlanCommand.timeout': ['services.app.ready', { argv: ['/bin/sleep', '3'], timeout: '1s' }, service.ready],
  'SecretRef(env).env': ['services.app.ready.secrets.SECRET', { env: 'OTHER_ENV' }, service.ready],
  'SecretRef(file).file': ['services.app.ready.secrets.SECRET', { file: '{folder}/secret' }, service.ready],
  'SecretRef(command).command': [
    'services.app.ready.secrets.SECRET',
    { command: ['/bin/echo', 'told'] },
    service.ready,
  ],
  repositories: ['repositories', {}],
  'repositories.*.title': ['repositories.primary.title', absent],
  'repositories.*.url': ['repositories.copy.url', '/elsewhere'],
  'repositories.*.role': ['repositories.copy.role', 'primary'],
  'repositories.*.off_site': ['repositories.copy.off_site', false],
  'repositories.*.media': ['repositories.copy.media', 'disk'],
  ...Object.assign(
    {},
    ...(['writer', 'maintainer'] as const).map((identity) => {
      const at = `repositories.primary.${identity}`;
      const called = restic('primary', identity);
      return {
        [`repositories.*.${identity}`]: [at, absent, called],
        [`repositories.*.${identity}.url`]: [`${at}.url`, '/elsewhere', called],
        [`repositories.*.${identity}.env`]: [`${at}.env`, absent, called],
        [`repositories.*.${identity}.password`]: [`${at}.password`, { env: 'OTHER_PASSWORD' }, called],
      } satisfies Record<string, Entry>;
    }),
  ),
  'repositories.*.retention': ['repositories.primary.retention', absent, kept],
  ...each(['last', 'hourly', 'daily', 'weekly', 'monthly', 'yearly'], (k) => [
    `Retention.${k}`,
    [`repositories.primary.retention.${k}`, 4, kept],
  ]),
  protections: ['protections', absent],
  'protections.*.title': ['protections.daily.title', absent],
  'protections.*.schedule': ['protections.daily.schedule', '0 4 * * *'],
  'protections.*.timezone': ['protections.daily.timezone', 'UTC'],
  'protections.*.methods': ['protections.daily.methods', { sqlite: 'nonsense' }],
  'protections.*.repositories': ['protections.daily.repositories', ['primary']],
  'protections.*.keep': ['protections.special.keep', { last: 1 }, keptSpecially],
  groups: ['groups', absent],
  'groups.*.title': ['groups.together.title', absent],
  'groups.*.components': ['groups.together.components', ['db', 'uploads', 'extra']],
  'groups.*.order': ['groups.together.order', ['db', 'uploads']],
  'groups.*.captures': ['groups.together.captures', ['special']],
  'groups.*.hold': ['groups.together.hold', absent],
  'groups.*.hold.services': ['groups.together.hold.services', ['still']],
  'groups.*.hold.how': ['groups.together.hold.how', 'pause'],
  'groups.*.hold.max': ['groups.together.hold.max', '1m'],
  recovery: ['recovery', absent],
  'recovery.order': ['recovery.order', ['db', 'extra']],
  'recovery.parallel': ['recovery.parallel', 1],
  'recovery.scratch': ['recovery.scratch', absent, scratch],
  'recovery.scratch_max': ['recovery.scratch_max', '1MiB', scratch],
  scenarios: ['scenarios', absent],
  ...shown('scenarios.*', 'scenarios.fire', ['title', 'symptoms', 'severity', 'objectives', 'steps']),
  'scenarios.*.steps[](recover).recover': ['scenarios.fire.steps.0.recover', ['nobody']],
  ...shown('scenarios.*.steps[](recover)', 'scenarios.fire.steps.0', ['title', 'owner']),
  'scenarios.*.steps[](manual).manual': ['scenarios.fire.steps.1.manual', 'call the bank'],
  ...shown('scenarios.*.steps[](manual)', 'scenarios.fire.steps.1', ['owner', 'duration']),
  'scenarios.*.steps[](command).command': ['scenarios.fire.steps.2', { command: { argv: ['/bin/true'] } }],
  ...shown('scenarios.*.steps[](command)', 'scenarios.fire.steps.2', ['title', 'owner']),
  people: ['people', absent],
  ...shown('people.*', 'people.ana', ['name', 'phone', 'email', 'organisation']),
  roles: ['roles', absent],
  ...shown('roles.*', 'roles.admin', ['title', 'primary', 'secondary', 'responsibilities']),
  suppliers: ['suppliers', absent],
  ...shown('suppliers.*', 'suppliers.host', ['name', 'contact', 'availability', 'sla', 'contract']),
  escalation: ['escalation', absent],
  'escalation[].after': ['escalation.0.after', '2h'],
  'escalation[].notify': ['escalation.0.notify', ['ben']],
  'escalation[].title': ['escalation.0.title', absent],
  components: ['components', {}],
  'components.*.kind': ['components.db.kind', 'nonsense'],
  'components.*.title': ['components.db.title', absent],
  'components.*.tier': ['components.db.tier', absent],
  'components.*.host': ['components.db.host', 'nowhere'],
  'components.*.service': ['components.web.service', absent],
  'components.*.depends_on': ['components.web.depends_on', absent],
  'components.*.captures': ['components.extra.captures', absent],
  'components.*.checks': ['components.db.checks', absent],
  'components.*.rebuild': ['components.web.rebuild', absent],
  'Check(sql).query': ['components.db.checks.0.query', 'select 2', checks],
  'Check(sql).expect': ['components.db.checks.0.expect', '2', checks],
  'Check(sql).database': ['components.db.checks.0.database', 'other', checks],
  'Check(rows).table': ['components.db.checks.1.table', 'others', checks],
  'Check(rows).min': ['components.db.checks.1.min', 3, checks],
  'Check(rows).database': ['components.db.checks.1.database', 'other', checks],
  'Check(tcp).host': ['components.db.checks.2.host', '127.0.0.2', checks],
  'Check(tcp).port': ['components.db.checks.2.port', 2, checks],
  'Check(http).url': ['components.db.checks.3.url', 'http://127.0.0.1:2/', checks],
  'Check(http).status': ['components.db.checks.3.status', 200, checks],
  'Check(http).contains': ['components.db.checks.3.contains', 'other', checks],
  'Check(command).command': ['components.db.checks.4.command', { argv: ['/bin/false'] }, checks],
  'Check(files).path': ['components.db.checks.5.path', '{folder}/extra', checks],
  'Check(files).min': ['components.db.checks.5.min', 9, checks],
  'Check(files).contains': ['components.db.checks.5.contains', ['none.txt'], checks],
  ...Object.assign(
    {},
    ...(['sql', 'rows', 'tcp', 'http', 'command', 'files'] as const).map((kind, i) => ({
      [`Check(${kind}).kind`]: [`components.db.checks.${i}.kind`, 'nonsense'],
      [`Check(${kind}).name`]: [`components.db.checks.${i}.name`, 'other'],
      [`Check(${kind}).owner`]: [`components.db.checks.${i}.owner`, absent],
    })),
  ),
  'components.*(sqlite).path': ['components.db.path', '{folder}/other.sqlite', sqliteFile],
  'components.*(sqlite).run_as': ['components.db.run_as', 'nobody', sqliteFile],
  'components.*(sqlite).busy_timeout': ['components.db.busy_timeout', '9s', sqliteFile],
  'components.*(postgres).connection': ['components.pg.connection', { user: 'other' }, psql],
  'components.*(postgres).connection.host': ['components.pg.connection.host', '127.0.0.2', psql],
  'components.*(postgres).connection.port': ['components.pg.connection.port', 5434, psql],
  'components.*(postgres).connection.user': ['components.pg.connection.user', 'other', psql],
  'components.*(postgres).connection.password': ['components.pg.connection.password', absent, psql],
  'components.*(postgres).connection.database': ['components.pg.connection.database', 'template1', psql],
  'components.*(postgres).connection.sslmode': ['components.pg.connection.sslmode', absent, psql],
  'components.*(postgres).run_as': ['components.pg.run_as', 'nobody', psql],
  'components.*(postgres).bin': ['components.pg.bin', '{folder}/pgbin2', psql],
  'Rebuild(command).from': ['components.web.rebuild.from', 'nonsense'],
  'services.*(command).kind': ['services.app.kind', 'nonsense'],
  'services.*(none).kind': ['services.still.kind', 'nonsense'],
  'hosts.*(local).kind': ['hosts.local.kind', 'nonsense'],
  'hosts.*(local).title': ['hosts.local.title', absent],
  'components.*(files).path': ['components.uploads.path', '{folder}/extra', uploads],
  'components.*(files).includes': ['components.uploads.includes', ['*.md'], uploads],
  'components.*(files).excludes': ['components.uploads.excludes', absent, uploads],
  'components.*(files).preset': ['components.uploads.preset', 'config', uploads],
  'components.*(files).one_file_system': ['components.uploads.one_file_system', false, uploads],
};

/**
 * Seen by the tests of whoever acts on them, against the real thing: the file, and words that stand in it. Those tests
 * fail when the key is ignored; that they are still there is all that is shown here.
 */
const elsewhereShown: Readonly<Record<string, readonly [file: string, words: string]>> = {
  ...Object.fromEntries(
    ['sql', 'rows', 'tcp', 'http', 'command', 'files'].map((kind) => [
      `Check(${kind}).max_duration`,
      ['packages/reprise/src/recovery/checks/checks.test.ts', 'tried again until it is ready'] as const,
    ]),
  ),
  'Rebuild(command).command': [
    'packages/reprise/src/recovery/rebuild.test.ts',
    'a command that ends well without creating it has not rebuilt it',
  ],
  'Rebuild(command).creates': [
    'packages/reprise/src/recovery/rebuild.test.ts',
    'made where it is not there; not again where it is',
  ],
  'components.*(files).allow_empty': ['test/conformance/kinds-files.test.ts', 'allow_empty: true'],
  'components.*(sqlite).allow_empty': ['packages/reprise/src/capture/capture.test.ts', 'allow_empty: true'],
  'components.*(postgres).allow_empty': ['packages/reprise/src/capture/capture.test.ts', 'allow_empty: true'],
  'components.*(postgres).databases': ['test/integration/postgres.test.ts', "databases: ['nowhere']"],
  'components.*(postgres).jobs': ['packages/reprise/src/kinds/postgres/load.test.ts', 'jobs: 1'],
};

/** Each key of something that is refused as it stands. */
function whole(
  prefix: string,
  at: string,
  value: object,
  without: readonly string[] = [],
): Readonly<Record<string, readonly [string, unknown]>> {
  return Object.fromEntries(
    Object.keys(value)
      .filter((k) => !without.includes(k))
      .map((k) => [`${prefix}.${k}`, [at, value]]),
  );
}

/** Of hosts, services, rebuilds and kinds that this version cannot act on: `plan check` says so, with the line. */
const refused: Readonly<Record<string, readonly [at: string, to: unknown]>> = {
  ...whole('hosts.*(ssh)', 'hosts.far', { kind: 'ssh', title: 'far', address: 'far', user: 'u', port: 22 }),
  ...whole('services.*(compose)', 'services.other', {
    kind: 'compose',
    host: 'local',
    project: 'p',
    file: '/c.yml',
    service: 's',
    ready: { argv: ['true'] },
  }),
  ...whole('services.*(systemd)', 'services.other', {
    kind: 'systemd',
    host: 'local',
    unit: 'u.service',
    ready: { argv: ['true'] },
  }),
  ...whole('Rebuild(image)', 'components.web.rebuild', { from: 'image', image: 'i' }),
  ...whole('Rebuild(git)', 'components.web.rebuild', { from: 'git', url: 'u', ref: 'r', into: '/i' }),
  ...whole('Rebuild(compose)', 'components.web.rebuild', {
    from: 'compose',
    file: '/c.yml',
    services: ['s'],
  }),
  ...whole('components.*(volume)', 'components.vol', { kind: 'volume', volume: 'v', excludes: ['e'] }, [
    'kind',
  ]),
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plan-keys-'));
  chmodSync(folder, 0o777);
  for (const name of ['files', 'extra']) mkdirSync(join(folder, name));
  for (const name of ['a.txt', 'b.txt', 'c.md', 'compose.yml', 'd.bin'])
    writeFileSync(join(folder, 'files', name), name);
  for (const name of ['db.sqlite', 'other.sqlite']) writeFileSync(join(folder, name), 'SQLite format 3');
  for (const name of ['pgbin', 'pgbin2']) {
    mkdirSync(join(folder, name));
    for (const tool of ['psql', 'pg_dump', 'pg_dumpall', 'pg_restore'])
      writeFileSync(join(folder, name, tool), `#!/bin/sh\necho "${tool} (PostgreSQL) 17.2"\n`, {
        mode: 0o755,
      });
  }
  writeFileSync(join(folder, 'secret'), 'of-the-file\n', { mode: 0o600 });
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const said = 'echo "$* [$RESTIC_REPOSITORY] [$RESTIC_REST_USERNAME] $(cat $RESTIC_PASSWORD_FILE)"';
  const version =
    '[ "$1" = version ] && echo "restic 0.18.0 compiled with go1.24.1 on linux/amd64" && exit 0';
  writeFileSync(join(bin, 'restic'), `#!/bin/sh\n${version}\n${said} >>${join(folder, 'log')}\nexit 1\n`, {
    mode: 0o755,
  });
  process.env['PATH'] = `${bin}:${process.env['PATH'] ?? ''}`;
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The plan with another value at a dotted path. */
function changed(at: string, to: unknown): unknown {
  const plan = JSON.parse(JSON.stringify(basePlan(folder))) as Record<string, unknown>;
  const steps = at.split('.');
  const last = steps.pop() ?? '';
  const holder = steps.reduce((o, k) => o[k] as Record<string, unknown>, plan);
  if (to === absent) delete holder[last];
  else holder[last] = JSON.parse(JSON.stringify(to).replaceAll('{folder}', folder));
  return plan;
}
async function seen(plan: unknown, look: Look): Promise<string> {
  const { plan: resolved, problems } = load(plan);
  const text =
    resolved === undefined
      ? JSON.stringify(problems.map(({ code, path, params }) => [code, path, params]))
      : JSON.stringify(await look(resolved, folder));
  return text.replaceAll(/"(ms|tries)":\d+/g, '""');
}

/** What is seen of the base plan, twice: nothing but the plan may change it. */
const usuals = new Map<Look, Promise<string>>();
async function usual(look: Look): Promise<string> {
  const twice = async (): Promise<string> => {
    const first = await seen(basePlan(folder), look);
    expect(await seen(basePlan(folder), look)).toBe(first);
    return first;
  };
  const found = usuals.get(look) ?? twice();
  usuals.set(look, found);
  return await found;
}

test('the base plan is one that is carried out', () => {
  expect(load(basePlan(folder)).problems).toEqual([]);
});

test('every key of the schema has an entry, and every entry is a key', () => {
  const known = [...Object.keys(table), ...Object.keys(elsewhereShown), ...Object.keys(refused)];
  expect(known.toSorted()).toEqual([...planKeys()].toSorted());
});

test.for(Object.entries(table))(
  'the plan’s key %s changes what is seen',
  async ([, [at, to, look = words]]) => {
    expect(await seen(changed(at, to), look)).not.toBe(await usual(look));
  },
);

test.for(Object.entries(elsewhereShown))('the plan’s key %s has its test', ([, [file, text]]) => {
  expect(readFileSync(join(import.meta.dirname, '..', file), 'utf8')).toContain(text);
});

test.for(Object.entries(refused))(
  'the plan’s key %s is refused where it would be acted on',
  async ([, [at, to]]) => {
    expect(await usual(words)).not.toContain('plan.unsupported');
    expect(await seen(changed(at, to), words)).toContain('"unable","plan.unsupported"');
  },
);
