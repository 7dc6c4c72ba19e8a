import { join } from 'node:path';

export interface PlanOptions {
  readonly dir: string;
  readonly bin: string;
  readonly pgPort: number;
  readonly appPort: number;
  readonly node: string;
  readonly app: string;
  /** System user of PostgreSQL; undefined: our own. */
  readonly user: string | undefined;
  readonly copy: boolean;
  /** Components left out, to keep a test quick. */
  readonly without: readonly ('db' | 'config' | 'app')[];
}

/** The plan of the test world: a server, a group of a database file and a folder behind a service, a secret folder. */
export function planText(o: PlanOptions): string {
  const at = (path: string): string => join(o.dir, 'live', path);
  const asUser = o.user === undefined ? '' : `, user: ${o.user}`;
  const pg = (name: string): string => join(o.bin, name);
  const has = (part: 'db' | 'config' | 'app'): boolean => !o.without.includes(part);
  const repositories = o.copy ? '[primary, copy]' : '[primary]';
  return `version: 1
system: world
language: en
repositories:
  primary: {url: ${join(o.dir, 'primary')}, retention: {last: 2, daily: 2}}
${o.copy ? `  copy: {url: ${join(o.dir, 'copy')}, role: copy, off_site: true, retention: {last: 3}}` : ''}
protections:
  nightly: {schedule: "0 2 * * *", timezone: Europe/Paris, repositories: ${repositories}}
tiers:
  gold: {rpo: 25h, rto: 1h, tolerance: 10m}
recovery: {scratch: ${join(o.dir, 'scratch')}}
${has('db') || has('app') ? 'services:' : ''}
${
  has('db')
    ? `  db:
    kind: command
    start: {argv: [sh, -c, '${pg('pg_ctl')} -D "$PGDATA" -l "$PGDATA.log" -w -o "-p $PGPORT -k $PGSOCK -c listen_addresses=127.0.0.1" start']${asUser}}
    stop: {argv: [sh, -c, 'test ! -s "$PGDATA/postmaster.pid" || ${pg('pg_ctl')} -D "$PGDATA" -m fast -w stop']${asUser}}
    ready: {argv: [sh, -c, '${pg('pg_isready')} -q -h "$PGSOCK" -p "$PGPORT"']${asUser}}
    place: {PGDATA: {path: ${at('pg/data')}}, PGSOCK: {path: ${at('pg/s')}}, PGPORT: {port: ${o.pgPort}}}`
    : ''
}
${
  has('app')
    ? `  app:
    kind: command
    start: {argv: [sh, -c, '${o.node} ${o.app} start "$APP_PORT" "$APP_PID"']}
    stop: {argv: [sh, -c, '${o.node} ${o.app} stop "$APP_PID"']}
    ready: {argv: [sh, -c, '${o.node} ${o.app} ready "$APP_PORT"']}
    place: {APP_PID: {path: ${at('app.pid')}}, APP_PORT: {port: ${o.appPort}}}`
    : ''
}
components:
${
  has('db')
    ? `  db:
    kind: postgres
    tier: gold
    service: db
    captures: [nightly]
    connection: {host: ${at('pg/s')}, port: ${o.pgPort}, user: postgres}
    ${o.user === undefined ? '' : `run_as: ${o.user}`}
    databases: [shop]
    bin: ${o.bin}
    rebuild:
      from: command
      command:
        argv: [sh, -c, 'mkdir -p "$PGDATA" "$PGSOCK" && chmod 700 "$PGDATA" && ${pg('initdb')} --no-sync -D "$PGDATA" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >/dev/null && printf "fsync = off\\\\n" >> "$PGDATA/postgresql.conf"']
        ${o.user === undefined ? '' : `user: ${o.user}`}
      creates: ${at('pg/data/PG_VERSION')}
    checks:
      - {name: rows, kind: rows, database: shop, table: public.orders}
      - {name: total, kind: sql, database: shop, query: "select count(*) > 0 from orders"}`
    : ''
}
${
  has('app')
    ? `  notes:
    kind: sqlite
    tier: gold
    service: app
    path: ${at('app/notes.db')}
    checks: [{name: rows, kind: rows, table: notes}]
  uploads:
    kind: files
    tier: gold
    service: app
    path: ${at('app/uploads')}
    checks: [{name: there, kind: files, path: ${at('app/uploads')}, min: 2}]`
    : ''
}
${
  has('config')
    ? `  config:
    kind: files
    tier: gold
    captures: [nightly]
    preset: secrets
    path: ${at('config')}
    checks: [{name: there, kind: files, path: ${at('config')}, contains: [.env]}]`
    : ''
}
${
  has('app')
    ? `groups:
  app: {components: [notes, uploads], captures: [nightly], hold: {services: [app], how: stop, max: 60s}}`
    : ''
}
`;
}
