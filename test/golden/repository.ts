/**
 * Made the golden repository of this version: `node test/golden/repository.ts test/golden/<version>/repository`.
 * NEVER RUN IT AGAIN FOR A VERSION THAT WAS RELEASED: what users stored with it is what must stay readable, not what
 * today's code would store. A format change gets a folder of its own beside the older ones.
 */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { argv } from 'node:process';
import { DatabaseSync } from 'node:sqlite';

import { startPostgres } from '../testbed/postgres.ts';
import { reprise } from '../testbed/reprise.ts';

const given = argv[2];
if (given === undefined) throw new TypeError('which folder?');
const out = resolve(given);
if (existsSync(out)) throw new Error(`${out} is there: what a version wrote is never written again`);

/** One component of each kind; what differs from machine to machine comes from the environment. */
const plan = `version: 1
system: golden
language: fr
repositories:
  primary: {url: "\${GOLDEN}/repository", retention: {last: 3}}
protections:
  nightly: {schedule: "0 2 * * *", timezone: Europe/Paris, repositories: [primary]}
tiers:
  gold: {rpo: 25h, rto: 1h}
recovery: {scratch: "\${GOLDEN}/scratch"}
components:
  base:
    kind: postgres
    title: Base « boutique »
    tier: gold
    captures: [nightly]
    connection: {host: "\${GOLDEN_PGHOST}", port: "\${GOLDEN_PGPORT}"}
    databases: [boutique]
  notes: {kind: sqlite, tier: gold, path: "\${GOLDEN}/live/notes.db"}
  pieces: {kind: files, tier: gold, path: "\${GOLDEN}/live/pieces", depends_on: [notes]}
  config: {kind: files, tier: gold, preset: secrets, path: "\${GOLDEN}/live/config", captures: [nightly]}
  journal:
    kind: sqlite-with-files
    tier: gold
    database: "\${GOLDEN}/live/journal/data.db"
    files: "\${GOLDEN}/live/journal/storage"
    references: select file from entries
    captures: [nightly]
groups:
  site: {components: [notes, pieces], captures: [nightly]}
`;

const work = mkdtempSync(join(tmpdir(), 'reprise-golden-'));
chmodSync(work, 0o755);
const live = (path: string): string => join(work, 'live', path);
for (const folder of ['live/pieces/é', 'live/config', 'live/journal/storage', 'scratch'])
  mkdirSync(join(work, folder), { recursive: true });
writeFileSync(live('pieces/é/a b\n.txt'), 'an odd name\n', { mode: 0o640 });
writeFileSync(live('pieces/first.txt'), 'upload 1\n');
symlinkSync('first.txt', live('pieces/link'));
writeFileSync(live('config/.env'), 'PASSWORD=golden\n', { mode: 0o600 });
writeFileSync(live('journal/storage/1.bin'), Buffer.alloc(5000, 7));
const sqlite = (path: string, sql: string): void => {
  using db = new DatabaseSync(live(path));
  db.exec(sql);
};
sqlite(
  'notes.db',
  `pragma journal_mode = wal; create table notes (id integer primary key, file text);
   insert into notes (file) values ('first.txt'), ('é/a b')`,
);
sqlite('journal/data.db', "create table entries (file text); insert into entries values ('1.bin')");

await using server = await startPostgres();
await server.psql('create database boutique');
await server.psql(
  `create table articles (id int generated always as identity primary key, nom text not null, "prix €" numeric(9,2));
   insert into articles (nom, "prix €") select 'article n° ' || n, n * 1.5 from generate_series(1, 300) n;
   create function total() returns numeric language sql stable as 'select sum("prix €") from articles';
   create materialized view cher as select * from articles where "prix €" > 400`,
  'boutique',
);

writeFileSync(join(work, 'reprise.yaml'), plan);
const env = { GOLDEN: work, GOLDEN_PGHOST: server.socket, GOLDEN_PGPORT: String(server.port) };
const run = async (...args: string[]): Promise<any> => {
  const ran = await reprise([...args, '--json'], { cwd: work, env });
  if (ran.code !== 0)
    throw new Error(`reprise ${args.join(' ')}: exit ${ran.code}\n${ran.stdout}${ran.stderr}`);
  return ran.json();
};
const { recovery_key } = await run('init', '--yes');
await run('backup');
await run('backup', 'notes'); // a second point of the group
const { points } = await run('points');
const explained = await run('plan', 'explain');

mkdirSync(out, { recursive: true });
cpSync(join(work, 'repository'), join(out, 'repository'), { recursive: true });
writeFileSync(join(out, 'reprise.yaml'), plan);
const expected = {
  recovery_key,
  points: points.map((p: any) => ({
    id: p.id,
    component: p.component,
    kind: p.kind,
    method: p.method,
    as_of: p.as_of,
    level: p.level,
    group: p.group,
    parts: p.copies[0].parts,
    inventory: p.inventory,
  })),
  components: explained.plan.components.map((c: any) => ({
    component: c.component,
    kind: c.kind,
    objectives: c.objectives,
    captures: c.captures.map((one: any) => ({ ...one, next: undefined })),
  })),
};
writeFileSync(join(out, 'expected.json'), `${JSON.stringify(expected, null, 2)}\n`);
rmSync(work, { recursive: true });
