import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Runbook } from '@reprise/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openApp, requirePlan, type App } from '../../packages/reprise/src/app.ts';
import { createInstallation } from '../../packages/reprise/src/journal/installation.ts';
import { systemClock } from '../../packages/reprise/src/lib/clock.ts';
import { newRecoveryKey, rootOf } from '../../packages/reprise/src/lib/recovery-key.ts';
import { backup } from '../../packages/reprise/src/runs/backup.ts';
import { execute, type RunOutcome } from '../../packages/reprise/src/runs/engine.ts';
import { recordOf, writeEvidence } from '../../packages/reprise/src/runs/evidence.ts';
import { recover } from '../../packages/reprise/src/runs/recover.ts';
import { runRecover } from '../../packages/reprise/src/runs/recovery-command.ts';
import { counted } from '../../packages/reprise/src/runs/repositories.ts';
import { recoverRunbook, runbookExit } from '../../packages/reprise/src/runs/runbook.ts';
import type { Recipe } from '../../packages/reprise/src/runs/step.ts';

/** SQLite, a folder and an HTTP server that reads both, on the local host, with two restic repositories. */
let folder: string;
let app: App;
const signal = AbortSignal.timeout(110_000);
const live = (path = ''): string => join(folder, 'live', path);

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
};

const serverScript = `
const { createServer } = require('node:http');
const { existsSync } = require('node:fs');
createServer((_, r) => { r.statusCode = existsSync(process.env.DATA + '/uploads/a.txt') ? 200 : 500; r.end('shop'); })
  .listen(Number(process.env.PORT), '127.0.0.1');
`;

const planText = (port: number): string => `
version: 1
system: shop
language: fr
objectives: {rpo: 1h, rto: 5m}
tiers: {gold: {rpo: 1h, rto: 2m}}
repositories:
  main: {url: ${folder}/main}
  off: {url: ${folder}/off, role: copy}
protections:
  daily: {schedule: "0 3 * * *", repositories: [main, off]}
recovery: {scratch: ${folder}/scratch}
services:
  app:
    kind: command
    place: {DATA: {path: ${live()}}, PORT: {port: ${port}}}
    start: {argv: [sh, -c, 'mkdir -p "$DATA"; ${process.execPath} ${folder}/server.cjs >/dev/null 2>&1 & echo $! > "$DATA/pid"']}
    stop: {argv: [sh, -c, 'kill "$(cat "$DATA/pid")"; rm -f "$DATA/pid"']}
    ready: {argv: [sh, -c, 'test -s "$DATA/pid" && kill -0 "$(cat "$DATA/pid")"']}
groups:
  shop: {components: [orders, uploads], captures: [daily]}
components:
  orders:
    kind: sqlite
    path: ${live('orders.db')}
    tier: gold
    service: app
    checks:
      - {kind: rows, name: orders, table: orders}
      - {kind: sql, name: newest, query: "select max(id) from orders", expect: "500"}
  uploads:
    kind: files
    path: ${live('uploads')}
    tier: gold
    service: app
    depends_on: [orders]
    checks:
      - {kind: files, name: uploads, path: ${live('uploads')}, min: 2, contains: [deep/b.txt]}
      - {kind: http, name: page, url: "http://127.0.0.1:${port}/", contains: shop}
`;

const sqlite = (file: string, sql: string): string =>
  execFileSync('sqlite3', [file, sql], { encoding: 'utf8' }).trim();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'recovery-'));
  mkdirSync(live('uploads/deep'), { recursive: true });
  writeFileSync(live('uploads/a.txt'), 'a', { mode: 0o640 });
  writeFileSync(live('uploads/deep/b.txt'), 'b');
  sqlite(
    live('orders.db'),
    'pragma journal_mode=wal; create table orders(id integer primary key, file text); with recursive n(i) as (select 1 union all select i+1 from n where i<500) insert into orders select i, i from n;',
  );
  writeFileSync(join(folder, 'server.cjs'), serverScript);
  const planFile = join(folder, 'reprise.yaml');
  const home = join(folder, 'home');
  writeFileSync(planFile, planText(await freePort()));
  const options = { planFile, home, env: process.env, language: 'en' as const, log: () => {} };
  await requirePlan(options);
  const root = rootOf(newRecoveryKey());
  await createInstallation({ home, clock: systemClock, system: 'shop', role: 'writer', version: '0', root });
  for (const name of ['main', 'off'])
    writeFileSync(join(home, 'keys', `repository-${name}`), `${name}-password`, { mode: 0o600 });
  app = await openApp(options, 'write');
  const main = app.repository('main', 'writer', null);
  await main.init(signal);
  await app.repository('off', 'writer', null).init(signal, main);
});
const service = () =>
  app.service('app', { kind: 'in-situ', label: 'in-situ', path: (p) => p, port: (p) => p }, null);
afterAll(async () => {
  await service()
    .stop(AbortSignal.timeout(9000))
    .catch(() => {});
  for (const pid of readdirSync(folder).includes('elsewhere')
    ? [join(folder, 'elsewhere', live(), 'pid')]
    : [])
    if (existsSync(pid)) process.kill(Number(readFileSync(pid, 'utf8')));
  await app[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const carryOut = async (recipe: Recipe): Promise<RunOutcome> =>
  await execute(
    recipe,
    { journal: app.journal, clock: app.clock, home: app.home, plan: app.plan.hash, slots: 2, log: () => {} },
    signal,
  );
const args = (more: object = {}) => ({
  scenario: null,
  until: null,
  lost_at: null,
  requested_at: new Date().toISOString(),
  place: 'in-situ',
  replace: {},
  ...more,
});
const said = (outcome: RunOutcome): unknown =>
  outcome.steps.filter((s) => s.error !== null).map((s) => [s.step, s.error?.message]);

test.each([
  ['/proc/nothing/x', 'place.unusable'],
  ['/sys/x', 'place.unusable'],
  ['{folder}', 'place.holds-live'],
  ['{folder}/main/data', 'place.inside-live'],
  ['{folder}/live/uploads/x', 'place.inside-live'],
])('--to directory:%s is refused before a run begins: %s', async (root, code) => {
  const wanted = args({ place: `directory:${root.replace('{folder}', folder)}` });
  const runs = app.journal.runs().length;
  await expect(runRecover(app, wanted, {}, signal)).rejects.toMatchObject({ code });
  await expect(recoverRunbook(app, wanted, signal)).rejects.toMatchObject({ code });
  expect(app.journal.runs()).toHaveLength(runs);
});

test('a group is backed up, lost with its primary repository, and recovered from the copy', async () => {
  const made = await carryOut(backup(app, { names: [], protection: null }, counted(app).open));
  expect(said(made)).toEqual([]);
  expect(
    app
      .points()
      .map((p) => p.component)
      .toSorted(),
  ).toEqual(['orders', 'uploads']);

  const elsewhere = await carryOut(recover(app, args({ place: `directory:${folder}/elsewhere` })));
  expect(said(elsewhere)).toEqual([]);
  expect(elsewhere.exit).toBe(0);
  const moved = Number(readFileSync(join(folder, 'elsewhere', live('pid')), 'utf8'));
  expect(process.kill(moved, 0)).toBe(true); // its own server, on its own port, goes on
  expect(sqlite(join(folder, 'elsewhere', live('orders.db')), 'select count(*) from orders')).toBe('500');

  const refused = await carryOut(recover(app, args()));
  expect(refused.exit).toBe(4);

  // One folder is lost, all else is alive and in service: nothing is touched, and the commands are said.
  rmSync(live('uploads'), { recursive: true });
  await service().start(signal);
  const partly = await carryOut(recover(app, args()));
  expect(partly.exit).toBe(4);
  expect(existsSync(live('uploads'))).toBe(false);
  expect((await service().ready(signal)).verdict).toBe('pass');
  const hint = partly.steps.find((s) => s.error !== null)?.error?.text('en').hint;
  expect(hint).toContain('reprise restore uploads (the rest of group shop');
  expect(hint).toContain('reprise recover --replace orders');
  await service().stop(signal);

  rmSync(live(), { recursive: true });
  rmSync(join(folder, 'main'), { recursive: true });
  const runbook = Runbook.parse(await recoverRunbook(app, args(), signal));
  expect(runbookExit(runbook)).toBe(0);
  expect(runbook.predicted?.basis).toBe('measured');

  const { exit, run, ...outcome } = await carryOut(recover(app, args({ lost_at: new Date().toISOString() })));
  expect(said({ exit, run, ...outcome })).toEqual([]);
  expect(exit).toBe(0);
  expect(sqlite(live('orders.db'), 'select count(*) from orders')).toBe('500');
  expect(statSync(live('uploads/a.txt')).mode & 0o777).toBe(0o640);
  const record = recordOf(app, run);
  for (const c of record.components) {
    expect(c).toMatchObject({
      state: 'in-service',
      repository: 'off',
      rpo: { verdict: 'met' },
      rto: { verdict: 'met' },
    });
    expect(c.rto?.actual_ms).toBeGreaterThan(0);
  }
  expect(record.whole).toMatchObject({ rpo: { verdict: 'met' }, rto: { verdict: 'met' } });
  const files = await writeEvidence(app, record, signal);
  expect(readFileSync(files.markdown, 'utf8')).toContain('| uploads | en service |');
});
