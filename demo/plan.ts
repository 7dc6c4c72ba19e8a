import { join } from 'node:path';

import type { Setting } from './setting.ts';

const words = {
  en: {
    title: 'CEREDIS: recovery plan (demonstration)',
    tiers: 'How much may be lost (rpo), and how soon it must be back (rto).',
    repositories:
      'restic repositories, each with its own keys. In the demonstration another file system plays the other site.',
    services:
      'What can be started, stopped, paused and asked. Variables under `place` follow a recovery elsewhere.',
    scores: 'Assessments and the functions that work them out',
    deposits: 'Who deposited which file',
    uploads: 'The files that the rows of `deposits` name',
    config: 'Settings and secrets',
    probe: 'a profile can be worked out again',
    all: 'every row is back',
    files: 'the files are back',
    answers: 'the portfolio answers',
    groups: 'Rows and files are captured together, while the portfolio writes nothing.',
  },
  fr: {
    title: 'CEREDIS : plan de reprise (démonstration)',
    tiers: 'Combien on peut perdre (rpo, PDMA), et sous quel délai cela doit revenir (rto, DMIA).',
    repositories:
      'Dépôts restic, chacun avec ses propres clés. Dans la démonstration un autre système de fichiers joue l’autre site.',
    services:
      'Ce qui peut être démarré, arrêté, suspendu, interrogé. Les variables sous `place` suivent une reprise ailleurs.',
    scores: 'Les évaluations et les fonctions qui les calculent',
    deposits: 'Qui a déposé quel fichier',
    uploads: 'Les fichiers que nomment les lignes de `deposits`',
    config: 'Réglages et secrets',
    probe: 'un profil peut être recalculé',
    all: 'toutes les lignes sont revenues',
    files: 'les fichiers sont revenus',
    answers: 'le portfolio répond',
    groups: 'Lignes et fichiers sont capturés ensemble, pendant que le portfolio n’écrit rien.',
  },
} as const;

/** The whole plan. `profile`: what the probe gives for AGENT_TEST before the loss. */
export function planText(s: Setting, profile: string): string {
  const t = words[s.language];
  const pg = (program: string): string => join(s.pgBin, program);
  // PostgreSQL refuses to run as root: then its files and its processes are those of an unprivileged user.
  const as = s.pgUser === undefined ? '' : `, user: ${s.pgUser}`;
  const [own, become] =
    s.pgUser === undefined
      ? ['', '']
      : [`-o ${s.pgUser} -g $(id -gn ${s.pgUser}) `, `runuser -u ${s.pgUser} -- `];
  const portfolio = (what: string): string =>
    `{argv: [${s.node}, --no-warnings, ${join(import.meta.dirname, 'portfolio.mjs')}, ${what}]}`;
  return `version: 1
system: ceredis
language: ${s.language}
document: {title: "${t.title}"}

# ${t.tiers}
objectives: {rpo: 24h, rto: 8h}
tiers:
  critical: {rpo: 24h, rto: 4h}
  settings: {rpo: 24h, rto: 1h}

# ${t.repositories}
repositories:
  primary: {url: ${s.primary}, retention: {last: 3, daily: 30}}
  copy: {url: ${s.copy}, role: copy, off_site: true, media: other, retention: {last: 3, daily: 30}}
protections:
  twice-a-day: {schedule: "0 2,14 * * *", timezone: Europe/Paris, repositories: [primary, copy]}

# ${t.services}
services:
  postgres:
    kind: command
    start: {argv: [sh, -c, '${pg('pg_ctl')} -D "$PGDATA" -l "$PGDATA/log" -w -o "-p $PGPORT -k $PGSOCKET" start']${as}}
    stop: {argv: [sh, -c, 'test ! -s "$PGDATA/postmaster.pid" || ${pg('pg_ctl')} -D "$PGDATA" -m fast -w stop']${as}}
    ready: {argv: [sh, -c, '${pg('pg_isready')} -q -h "$PGSOCKET" -p "$PGPORT"']${as}}
    place: {PGDATA: {path: ${s.pgData}}, PGSOCKET: {path: ${s.pgSocket}}, PGPORT: {port: ${s.pgPort}}}
  portfolio:
    kind: command
    start: ${portfolio('start')}
    stop: ${portfolio('stop')}
    pause: ${portfolio('pause')}
    resume: ${portfolio('resume')}
    state: ${portfolio('state')}
    ready: ${portfolio('ready')}
    place: {PORTFOLIO: {path: ${s.portfolio}}, PORTFOLIO_PORT: {port: ${s.portfolioPort}}}

components:
  config:
    title: "${t.config}"
    kind: files
    tier: settings
    path: ${s.config}
    captures: [twice-a-day]
    checks: [{name: "${t.files}", kind: files, path: ${s.config}, contains: [.env, traefik/acme.json]}]
  scores:
    title: "${t.scores}"
    kind: postgres
    tier: critical
    service: postgres
    captures: [twice-a-day]
    connection: {host: ${s.pgSocket}, port: ${s.pgPort}, user: ${s.pgSuperuser}}${s.pgUser === undefined ? '' : `\n    run_as: ${s.pgUser}`}
    databases: [ceredis]
    bin: ${s.pgBin}
    rebuild:
      from: command
      creates: ${s.pgData}/PG_VERSION
      command:
        argv:
          - sh
          - -c
          - >-
            install -d "$(dirname "$PGDATA")" && install -d ${own}-m 0700 "$PGDATA" && install -d ${own}-m 0755 "$PGSOCKET" &&
            ${become}${pg('initdb')} --no-sync -D "$PGDATA" -U ${s.pgSuperuser} --auth-local=peer
            --auth-host=scram-sha-256 -E UTF8 --locale=C.UTF-8 > /dev/null
    checks:
      - {name: "${t.all}", kind: rows, database: ceredis, table: public.evidence}
      - {name: "${t.probe}", kind: sql, database: ceredis, query: "SELECT recalc_full_ceredis('AGENT_TEST')", expect: "${profile}"}
  deposits:
    title: "${t.deposits}"
    kind: sqlite
    tier: critical
    service: portfolio
    depends_on: [config, scores]
    path: ${s.portfolio}/portfolio.db
    checks:
      - {name: "${t.all}", kind: rows, table: deposits}
      - {name: "${t.answers}", kind: http, url: "http://127.0.0.1:${s.portfolioPort}/", contains: deposits}
  uploads:
    title: "${t.uploads}"
    kind: files
    tier: critical
    service: portfolio
    path: ${s.portfolio}/uploads
    checks: [{name: "${t.files}", kind: files, path: ${s.portfolio}/uploads, min: 100}]

# ${t.groups}
groups:
  portfolio-data: {components: [deposits, uploads], captures: [twice-a-day], hold: {services: [portfolio], how: pause, max: 60s}}
`;
}
