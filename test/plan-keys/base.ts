import { join } from 'node:path';

/** A plan with every key that this version acts on or shows; JSON is YAML. `folder`: where its programs write. */
export function basePlan(folder: string) {
  /** A program that says in `log` what it was, by whom, where and with what. */
  const program = (name: string, then = 'true') => ({
    argv: [
      '/bin/sh',
      '-c',
      `echo "${name} $(id -un) $PWD [$GIVEN] [$SECRET] [$DATA] [$PORT]" >>${folder}/log; ${then}`,
    ],
    user: 'root',
    cwd: '/',
    env: { GIVEN: 'given' },
    secrets: { SECRET: { env: 'FROM_ENV' } },
    timeout: '2s',
  });
  /** What the service is in is a file. */
  const becomes = (state: string): string => `echo ${state} >${folder}/state`;
  const retention = { last: 2, hourly: 2, daily: 2, weekly: 2, monthly: 2, yearly: 2 };
  const objectives = { rpo: '24h', rto: '4h', mtd: '24h', tolerance: '1h', availability: '99.5%' };
  const check = (kind: string, more: object) => ({
    name: `by ${kind}`,
    kind,
    owner: 'admin',
    max_duration: '1s',
    ...more,
  });
  return {
    version: 1,
    system: 'shop',
    language: 'en',
    document: {
      title: 'Recovery plan',
      classification: 'internal',
      version: '1.0',
      owner: 'admin',
      approvers: ['admin'],
      reviewed: '2026-05-01',
      review_every: '180d',
      drill_every: '90d',
      standards: ['ISO 22301'],
    },
    scope: { covers: ['the shop'], excludes: ['the office'] },
    objectives,
    hosts: { local: { kind: 'local', title: 'this machine' } },
    services: {
      app: {
        kind: 'command',
        host: 'local',
        start: program('start', becomes('running')),
        stop: program('stop', becomes('stopped')),
        ready: program('ready', `grep -q running ${folder}/state`),
        state: { argv: ['/bin/cat', `${folder}/state`] },
        pause: program('pause', becomes('paused')),
        resume: program('resume', becomes('running')),
        place: { DATA: { path: '/srv/data' }, PORT: { port: 15_432 } },
      },
      still: { kind: 'none', host: 'local' },
    },
    tiers: { standard: objectives },
    repositories: {
      primary: {
        title: 'here',
        url: join(folder, 'primary'),
        role: 'primary',
        off_site: false,
        media: 'disk',
        writer: {
          url: join(folder, 'primary-w'),
          env: { RESTIC_REST_USERNAME: { env: 'FROM_ENV' } },
          password: { env: 'PASSWORD' },
        },
        maintainer: {
          url: join(folder, 'primary-m'),
          env: { RESTIC_REST_USERNAME: { env: 'FROM_ENV' } },
          password: { env: 'PASSWORD' },
        },
        retention,
      },
      copy: { url: join(folder, 'copy'), role: 'copy', off_site: true, media: 'object' },
    },
    protections: {
      daily: {
        title: 'every night',
        schedule: '0 3 * * *',
        timezone: 'Europe/Paris',
        methods: { sqlite: 'online' },
        repositories: ['primary', 'copy'],
      },
      special: { schedule: '0 5 * * *', repositories: ['primary', 'copy'], keep: retention },
    },
    groups: {
      together: {
        title: 'rows and files',
        components: ['db', 'uploads'],
        order: ['uploads', 'db'],
        captures: ['daily'],
        hold: { services: ['app'], how: 'stop', max: '4m' },
      },
    },
    recovery: { order: ['extra', 'db'], parallel: 2, scratch: join(folder, 'scratch'), scratch_max: '1GiB' },
    scenarios: {
      fire: {
        title: 'Everything burned',
        symptoms: ['nothing answers'],
        severity: 'P1',
        objectives,
        steps: [
          { recover: 'all', title: 'all back', owner: 'admin' },
          { manual: 'call the insurer', owner: 'admin', duration: '10m' },
          { command: program('scenario'), title: 'switch the name', owner: 'admin' },
        ],
      },
    },
    people: {
      ana: { name: 'Ana', phone: '+33 1', email: 'a@example.org', organisation: 'Shop' },
      ben: { name: 'Ben', phone: '+33 2', email: 'b@example.org', organisation: 'Shop' },
    },
    roles: {
      admin: {
        title: 'Administrator',
        primary: 'ana',
        secondary: 'ben',
        responsibilities: ['keeps it running'],
      },
    },
    suppliers: {
      host: { name: 'Host Ltd', contact: '+44', availability: '24/7', sla: '4h', contract: 'C-1' },
    },
    escalation: [{ after: '1h', notify: ['admin'], title: 'tell the board' }],
    components: {
      db: {
        kind: 'sqlite',
        title: 'rows',
        tier: 'standard',
        host: 'local',
        path: join(folder, 'db.sqlite'),
        run_as: 'root',
        busy_timeout: '5s',
        checks: [
          check('sql', { query: 'select 1', expect: '1' }),
          check('rows', { table: 'notes', min: 2 }),
          check('tcp', { host: '127.0.0.1', port: 1 }),
          check('http', { url: 'http://127.0.0.1:1/', status: 204, contains: 'well' }),
          check('command', { command: program('check') }),
          check('files', { path: join(folder, 'files'), min: 1, contains: ['a.txt'] }),
        ],
      },
      uploads: {
        kind: 'files',
        path: join(folder, 'files'),
        includes: ['*.txt', '*.md'],
        excludes: ['b.txt'],
        allow_empty: false,
        one_file_system: true,
        preset: 'none',
        depends_on: ['db'],
      },
      web: {
        kind: 'stateless',
        service: 'app',
        tier: 'standard',
        depends_on: ['db'],
        rebuild: { from: 'command', command: program('rebuild') },
      },
      pg: {
        kind: 'postgres',
        connection: {
          host: '127.0.0.1',
          port: 5433,
          user: 'keeper',
          password: { env: 'PASSWORD' },
          database: 'postgres',
          sslmode: 'require',
        },
        run_as: 'root',
        databases: ['shop'],
        bin: join(folder, 'pgbin'),
        jobs: 2,
        captures: ['special'],
      },
      extra: { kind: 'files', path: join(folder, 'extra'), captures: ['special'] },
    },
  };
}
