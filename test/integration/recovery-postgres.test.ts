import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { openApp, type App } from '../../packages/reprise/src/app.ts';
import { createInstallation } from '../../packages/reprise/src/journal/installation.ts';
import { systemClock } from '../../packages/reprise/src/lib/clock.ts';
import { newRecoveryKey, rootOf } from '../../packages/reprise/src/lib/recovery-key.ts';
import { inSitu } from '../../packages/reprise/src/recovery/place.ts';
import { runBackup } from '../../packages/reprise/src/runs/backup-command.ts';
import { recordOf } from '../../packages/reprise/src/runs/evidence.ts';
import { runRecover } from '../../packages/reprise/src/runs/recovery-command.ts';
import { freePort } from '../testbed/freePort.ts';

/** A PostgreSQL that the plan itself makes, starts and fills again after kill -9 and the loss of its data. */
let folder: string;
let app: App;
let port: number;
const signal = AbortSignal.timeout(110_000);
const bin = '/usr/lib/postgresql/15/bin';
const user = process.getuid?.() === 0 ? ', user: postgres' : '';
const owner = process.getuid?.() === 0 ? '-o postgres ' : '';
const drop = process.getuid?.() === 0 ? 'runuser -u postgres -- ' : '';

const planText = (): string => `
version: 1
system: shop
tiers: {gold: {rpo: 1h, rto: 2m}}
repositories:
  main: {url: ${folder}/main}
protections:
  daily: {schedule: "0 3 * * *", repositories: [main]}
recovery: {scratch: ${folder}/scratch}
services:
  pg:
    kind: command
    place: {PGDATA: {path: ${folder}/pg}, PGPORT: {port: ${port}}}
    start: {argv: [sh, -c, '${bin}/pg_ctl -D "$PGDATA" -w -l "$PGDATA/log" -o "-p $PGPORT -k $PGDATA" start']${user}}
    stop: {argv: [sh, -c, '${bin}/pg_ctl -D "$PGDATA" -w -m fast stop']${user}}
    ready: {argv: [sh, -c, '${bin}/pg_isready -q -h 127.0.0.1 -p "$PGPORT"']${user}}
components:
  db:
    kind: postgres
    tier: gold
    service: pg
    captures: [daily]
    bin: ${bin}
    connection: {host: 127.0.0.1, port: ${port}}
    rebuild:
      from: command
      creates: ${folder}/pg
      command: {argv: [sh, -c, 'install -d ${owner}-m 0700 "$PGDATA" && ${drop}${bin}/initdb -D "$PGDATA" -A trust -U postgres -E UTF8 --no-sync >/dev/null']}
    checks:
      - {kind: rows, name: users, table: users, database: shop}
      - {kind: tcp, name: listens, port: ${port}}
`;
const sql = (at: number, database: string, text: string): string =>
  execFileSync(
    `${bin}/psql`,
    ['-XAtq', '-h', '127.0.0.1', '-p', String(at), '-U', 'postgres', '-d', database, '-c', text],
    {
      encoding: 'utf8',
    },
  ).trim();
const service = () => app.service('pg', inSitu, null);
const args = (more: object = {}) => ({
  scenario: null,
  until: null,
  lost_at: null,
  requested_at: new Date().toISOString(),
  place: 'in-situ',
  replace: {},
  ...more,
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'recovery-pg-'));
  chmodSync(folder, 0o755);
  port = await freePort();
  const [planFile, home] = [join(folder, 'reprise.yaml'), join(folder, 'home')];
  writeFileSync(planFile, planText());
  const root = rootOf(newRecoveryKey());
  await createInstallation({ home, clock: systemClock, system: 'shop', role: 'writer', version: '0', root });
  writeFileSync(join(home, 'keys', 'repository-main'), 'password', { mode: 0o600 });
  app = await openApp({ planFile, home, env: process.env, language: 'en', log: () => {} }, 'write');
  await app.repository('main', 'writer', null).init(signal);
  const rebuild = app.plan.components.get('db')?.common.rebuild;
  if (rebuild?.from !== 'command') throw new TypeError('no rebuild');
  execFileSync(rebuild.command.argv[0], rebuild.command.argv.slice(1), {
    env: { ...process.env, PGDATA: join(folder, 'pg') },
  });
  await service().start(signal);
  sql(port, 'postgres', 'create database shop');
  sql(
    port,
    'shop',
    'create table users as select i as id, md5(i::text) as name from generate_series(1, 1000) i',
  );
});
afterAll(async () => {
  await service()
    .stop(AbortSignal.timeout(20_000))
    .catch(() => {});
  await app[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

test('the server is made anew by the plan and filled; a live one is refused, or put aside with consent', async () => {
  expect((await runBackup(app, { names: [], protection: null }, signal)).exit).toBe(0);

  const refused = await runRecover(app, args(), {}, signal);
  expect(refused.exit).toBe(4);
  expect(refused.record.components[0]).toMatchObject({ state: 'refused', error: { code: 'place.occupied' } });
  expect(sql(port, 'shop', 'select count(*) from users')).toBe('1000');

  await service().stop(signal);
  rmSync(join(folder, 'pg'), { recursive: true });
  const back = await runRecover(app, args({ lost_at: new Date().toISOString() }), {}, signal);
  expect(back.run.steps.filter((s) => s.error !== null)).toEqual([]);
  expect(back.exit).toBe(0);
  expect(back.record.components[0]).toMatchObject({
    state: 'in-service',
    rpo: { verdict: 'met' },
    rto: { verdict: 'met' },
  });
  expect(sql(port, 'shop', 'select count(*) from users')).toBe('1000');

  sql(port, 'shop', 'delete from users where id > 10');
  const replaced = await runRecover(app, args({ replace: { db: 'flag' } }), {}, signal);
  expect(replaced.run.steps.filter((s) => s.error !== null)).toEqual([]);
  expect(sql(port, 'shop', 'select count(*) from users')).toBe('1000');
  const aside = recordOf(app, replaced.run.run).components[0]?.consent?.renamed ?? '';
  expect(sql(port, aside.split(', ')[0] ?? '', 'select count(*) from users')).toBe('10');
});
