import { plural } from '../i18n/define.ts';
import type { Language } from '../language.ts';
import { finding } from './define.ts';

/** Of the kind postgres; spread into `kind.ts`. */
const counted = (language: Language, { tables, rows }: { tables: number; rows: number }): string =>
  language === 'en'
    ? `${tables} ${plural('en', tables, 'table', 'tables')}, ${rows} ${plural('en', rows, 'row', 'rows')}`
    : `${tables} ${plural('fr', tables, 'table', 'tables')}, ${rows} ${plural('fr', rows, 'ligne', 'lignes')}`;

export const postgresFindings = {
  // Before a capture.
  'postgres.tool': finding<{ tool: string }>(
    (p) => [`${p.tool} is missing or does not run. Install the package postgresql-client.`, null],
    (p) => [`${p.tool} manque ou ne démarre pas. Installez le paquet postgresql-client.`, null],
  ),
  'postgres.connect': finding<{ where: string; why: string }>(
    (p) => [`PostgreSQL does not answer ${p.where}: ${p.why}`, null],
    (p) => [`PostgreSQL ne répond pas à ${p.where} : ${p.why}`, null],
  ),
  'postgres.versions': finding<{ tools: string; server: string; major: number }>(
    (p) => [
      p.verdict === 'pass'
        ? `The tools (${p.tools}) can dump the server (${p.server}).`
        : `The server (${p.server}) is newer than the tools (${p.tools}). Install the package postgresql-client-${p.major}, or name its directory: bin in the plan.`,
      null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? `Les outils (${p.tools}) savent sauvegarder le serveur (${p.server}).`
        : `Le serveur (${p.server}) est plus récent que les outils (${p.tools}). Installez le paquet postgresql-client-${p.major}, ou indiquez son dossier : bin dans le plan.`,
      null,
    ],
  ),
  'postgres.rights': finding<{ role: string; database?: string; unreadable?: string; more?: number }>(
    (p) =>
      p.verdict === 'pass'
        ? [`Role ${p.role} may read every row.`, null]
        : p.verdict === 'fail'
          ? [
              `Role ${p.role} may not read all of database ${p.database}: ${p.unreadable}${p.more ? ` and ${p.more} more` : ''}. Give it pg_read_all_data and BYPASSRLS, or SELECT.`,
              null,
            ]
          : [
              `Role ${p.role} is no superuser and lacks pg_read_all_data with BYPASSRLS: a table that it may not read fails the capture.`,
              'That every table can be read.',
            ],
    (p) =>
      p.verdict === 'pass'
        ? [`Le rôle ${p.role} peut lire toutes les lignes.`, null]
        : p.verdict === 'fail'
          ? [
              `Le rôle ${p.role} ne peut pas tout lire dans la base ${p.database} : ${p.unreadable}${p.more ? ` et ${p.more} de plus` : ''}. Donnez-lui pg_read_all_data et BYPASSRLS, ou SELECT.`,
              null,
            ]
          : [
              `Le rôle ${p.role} n’est pas superutilisateur et n’a pas pg_read_all_data avec BYPASSRLS : une table qu’il ne peut lire fera échouer la capture.`,
              'Que toutes les tables soient lisibles.',
            ],
  ),
  'postgres.closed': finding<{ database: string }>(
    (p) => [
      `Database ${p.database} allows no connection (ALLOW_CONNECTIONS false): nobody can capture it.`,
      p.verdict === 'fail'
        ? null
        : 'That its data could be brought back. Allow connections, or name in databases, in the plan, those that are meant.',
    ],
    (p) => [
      `La base ${p.database} n’accepte aucune connexion (ALLOW_CONNECTIONS false) : personne ne peut la capturer.`,
      p.verdict === 'fail'
        ? null
        : 'Que ses données puissent revenir. Autorisez les connexions, ou nommez dans databases, dans le plan, les bases voulues.',
    ],
  ),
  'postgres.database': finding<{ database: string }>(
    (p) => [`Database ${p.database} ${p.verdict === 'pass' ? 'is there' : 'is not there'}.`, null],
    (p) => [`La base ${p.database} ${p.verdict === 'pass' ? 'existe' : 'n’existe pas'}.`, null],
  ),

  // Of a capture.
  'postgres.no-passwords': finding(
    () => [
      'The roles were captured without their passwords: only a superuser may read them.',
      'That people can log in after a restore: passwords must be set again.',
    ],
    () => [
      'Les rôles ont été capturés sans leurs mots de passe : seul un superutilisateur peut les lire.',
      'Que l’on puisse se connecter après une restauration : les mots de passe devront être redéfinis.',
    ],
  ),
  'postgres.no-columns': finding<{ database: string; table: string }>(
    (p) => [
      `pg_dump keeps no rows of ${p.table} (database ${p.database}): it has no columns, or only generated ones.`,
      'That its rows come back.',
    ],
    (p) => [
      `pg_dump ne garde aucune ligne de ${p.table} (base ${p.database}) : elle n’a pas de colonne, ou seulement des colonnes générées.`,
      'Que ses lignes reviennent.',
    ],
  ),

  // Of what is stored.
  'postgres.archive-read': finding<{ database: string; tables: number; rows: number }>(
    (p) => [
      `The dump of database ${p.database} was read to its end: ${counted('en', p)}, as counted at capture.`,
      'That a server accepts it: only a restore or a drill proves that.',
    ],
    (p) => [
      `La sauvegarde de la base ${p.database} a été lue jusqu’au bout : ${counted('fr', p)}, comme comptées à la capture.`,
      'Qu’un serveur l’accepte : seuls une restauration ou un exercice le prouvent.',
    ],
  ),
  'postgres.archive-broken': finding<{ database: string; why: string }>(
    (p) => [`The dump of database ${p.database} cannot be read to its end: ${p.why}`, null],
    (p) => [`La sauvegarde de la base ${p.database} ne peut être lue jusqu’au bout : ${p.why}`, null],
  ),
  'postgres.archive-other': finding<{ database: string; found: string }>(
    (p) => [`What is stored for database ${p.database} is the dump of another database: "${p.found}".`, null],
    (p) => [
      `Ce qui est stocké pour la base ${p.database} est la sauvegarde d’une autre : « ${p.found} ».`,
      null,
    ],
  ),
  'postgres.archive-time': finding<{ database: string; made: string; as_of: string }>(
    (p) => [
      `The dump of database ${p.database} was made at ${p.made === '' ? 'an unknown time' : p.made}, not for this point (${p.as_of}).`,
      null,
    ],
    (p) => [
      `La sauvegarde de la base ${p.database} date de ${p.made === '' ? 'on ne sait quand' : p.made}, pas de ce point (${p.as_of}).`,
      null,
    ],
  ),
  'postgres.archive-table': finding<{ database: string; table: string }>(
    (p) => [`The dump of database ${p.database} lacks table ${p.table}.`, null],
    (p) => [`La table ${p.table} manque dans la sauvegarde de la base ${p.database}.`, null],
  ),
  'postgres.archive-rows': finding<{ database: string; table: string; recorded: number; found: number }>(
    (p) => [
      `The dump of database ${p.database} has ${p.found} rows of ${p.table}; ${p.recorded} were counted at capture.`,
      null,
    ],
    (p) => [
      `La sauvegarde de la base ${p.database} a ${p.found} lignes de ${p.table} ; ${p.recorded} ont été comptées à la capture.`,
      null,
    ],
  ),
  'postgres.archive-objects': finding<{ database: string; what: string; recorded: number; found: number }>(
    (p) => [
      `The dump of database ${p.database} has ${p.found} ${p.what}; ${p.recorded} were counted at capture.`,
      null,
    ],
    (p) => [
      `La sauvegarde de la base ${p.database} a ${p.found} objets (${p.what}) ; ${p.recorded} ont été comptés à la capture.`,
      null,
    ],
  ),
  'postgres.globals-read': finding<{ roles: number }>(
    (p) => [`The roles were read to their end: ${p.roles}.`, 'That their passwords are those in use today.'],
    (p) => [
      `Les rôles ont été lus jusqu’au bout : ${p.roles}.`,
      'Que leurs mots de passe sont ceux d’aujourd’hui.',
    ],
  ),
  'postgres.globals-cut': finding(
    () => ['The roles are cut, damaged, or not what pg_dumpall writes.', null],
    () => ['Les rôles sont tronqués, endommagés, ou ne viennent pas de pg_dumpall.', null],
  ),
  'postgres.globals-role': finding<{ role: string }>(
    (p) => [`Role ${p.role} was there at capture and is not in what was stored.`, null],
    (p) => [`Le rôle ${p.role} existait à la capture et manque dans ce qui a été stocké.`, null],
  ),

  // Before a restore.
  'postgres.parallel': finding<{ bytes: number; jobs: number }>(
    (p) => [`Restored by ${p.jobs} connections; needs ${p.bytes} bytes for working files.`, null],
    (p) => [`Restauration par ${p.jobs} connexions ; ${p.bytes} octets de fichiers de travail.`, null],
  ),
  'postgres.streamed': finding<{ database: string; jobs: number }>(
    (p) => [
      `${p.database} is mostly one table: its rows are loaded while they are read, without working files; indexes by ${p.jobs} connections.`,
      null,
    ],
    (p) => [
      `${p.database} tient surtout dans une table : ses lignes sont chargées au fil de la lecture, sans fichier de travail ; les index par ${p.jobs} connexions.`,
      null,
    ],
  ),
  'postgres.serial': finding<{ bytes: number }>(
    (p) => [
      p.verdict === 'pass'
        ? 'Restored by one connection, as the plan says (jobs: 1).'
        : `There is no room for ${p.bytes} bytes of working files: restored by one connection, which takes longer.`,
      null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? 'Restauration par une seule connexion, comme le dit le plan (jobs: 1).'
        : `Il n’y a pas la place pour ${p.bytes} octets de fichiers de travail : restauration par une seule connexion, plus lente.`,
      null,
    ],
  ),

  'postgres.roles-kept': finding<{ roles: string; neighbours: string }>(
    (p) =>
      p.verdict === 'pass'
        ? [
            `Roles that are on the server already are left as they are, because other databases live there (${p.neighbours}): ${p.roles}.`,
            'That these roles have the passwords, rights and settings of the point.',
          ]
        : [
            `These roles have other rights than recorded; they are left as they are, because other databases live on the server (${p.neighbours}): ${p.roles}.`,
            'Which rights are the right ones.',
          ],
    (p) =>
      p.verdict === 'pass'
        ? [
            `Les rôles déjà présents sur le serveur restent tels quels, car d’autres bases y vivent (${p.neighbours}) : ${p.roles}.`,
            'Que ces rôles ont les mots de passe, droits et réglages du point.',
          ]
        : [
            `Ces rôles n’ont pas les droits d’alors ; ils restent tels quels, car d’autres bases vivent sur le serveur (${p.neighbours}) : ${p.roles}.`,
            'Quels droits sont les bons.',
          ],
  ),

  // A server against what was recorded.
  'postgres.matches': finding<{ database: string; tables: number; rows: number }>(
    (p) => [
      `Database ${p.database} is as recorded: ${counted('en', p)}.`,
      'That the rows hold the same values: they were counted.',
    ],
    (p) => [
      `La base ${p.database} est conforme : ${counted('fr', p)}.`,
      'Que les lignes ont les mêmes valeurs : elles ont été comptées.',
    ],
  ),
  'postgres.differs': finding<{ database: string; what: string; recorded: string; found: string }>(
    (p) => [`Database ${p.database}, ${p.what}: ${p.recorded} recorded, ${p.found} found.`, null],
    (p) => [`Base ${p.database}, ${p.what} : ${p.recorded} à la capture, ${p.found} maintenant.`, null],
  ),
  'postgres.roles': finding<{ roles: number; role: string }>(
    (p) => [
      p.verdict === 'pass'
        ? `The ${p.roles} recorded roles are there.`
        : `Role ${p.role} is missing, or has other rights than recorded.`,
      p.verdict === 'pass' ? 'That their passwords work.' : null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? `Les ${p.roles} rôles de la capture sont là.`
        : `Le rôle ${p.role} manque, ou n’a pas les droits d’alors.`,
      p.verdict === 'pass' ? 'Que leurs mots de passe fonctionnent.' : null,
    ],
  ),
} as const;
