import { error } from './define.ts';

/** Of the kind postgres; spread into `kind.ts`. */
export const postgresErrors = {
  'postgres.unreachable': error(
    1,
    (p: { where: string; database: string; why: string }) => [
      `PostgreSQL does not let ${p.where} into database ${p.database}: ${p.why}`,
      'Check that the server runs, and connection and run_as in the plan: reprise doctor',
    ],
    (p) => [
      `PostgreSQL ne laisse pas ${p.where} entrer dans la base ${p.database} : ${p.why}`,
      'Vérifiez que le serveur tourne, puis connection et run_as dans le plan : reprise doctor',
    ],
  ),
  'postgres.sql': error(
    1,
    (p: { where: string; database: string; why: string }) => [
      `PostgreSQL refused a statement of ${p.where} in database ${p.database}: ${p.why}`,
      'reprise doctor',
    ],
    (p) => [
      `PostgreSQL a refusé une instruction de ${p.where} dans la base ${p.database} : ${p.why}`,
      'reprise doctor',
    ],
  ),
  'postgres.query': error(
    1,
    (p: { component: string; database: string }) => [
      `A query of a check of ${p.component} (database ${p.database}) gives more than one row or column.`,
      'Let it give one value: SELECT count(*) …',
    ],
    (p) => [
      `Une requête de contrôle de ${p.component} (base ${p.database}) donne plus d’une ligne ou colonne.`,
      'Qu’elle donne une seule valeur : SELECT count(*) …',
    ],
  ),
  'postgres.tool': error(
    1,
    (p: { tool: string; subject: string; why: string }) => [
      `${p.tool} failed for ${p.subject} (${p.why}).`,
      'reprise doctor',
    ],
    (p) => [`${p.tool} a échoué pour ${p.subject} (${p.why}).`, 'reprise doctor'],
  ),
  'postgres.password': error(
    2,
    (p: { component: string }) => [
      `The password of ${p.component} has a line break in it: the PostgreSQL tools cannot read it from a file.`,
      'Does its file end with an empty line? Otherwise choose another password: ALTER ROLE … PASSWORD …',
    ],
    (p) => [
      `Le mot de passe de ${p.component} contient un saut de ligne : les outils de PostgreSQL ne peuvent pas le lire dans un fichier.`,
      'Son fichier finit-il par une ligne vide ? Sinon, choisissez-en un autre : ALTER ROLE … PASSWORD …',
    ],
  ),
  'postgres.no-database': error(
    1,
    (p: { where: string; database: string }) => [
      p.database === '*'
        ? `${p.where} has no database that users made: there is nothing to capture.`
        : `${p.where} has no database ${p.database}, which the plan names.`,
      'psql -l',
    ],
    (p) => [
      p.database === '*'
        ? `${p.where} n’a aucune base créée par un utilisateur : il n’y a rien à capturer.`
        : `${p.where} n’a pas de base ${p.database}, que le plan nomme.`,
      'psql -l',
    ],
  ),
  'postgres.rewritten': error(
    1,
    (p: { component: string; table: string }) => [
      `Table ${p.table} of ${p.component} was truncated or rewritten (ALTER TABLE) while it was captured, and looked empty: no point was made.`,
      'Wait until the migration is over, then: reprise backup',
    ],
    (p) => [
      `La table ${p.table} de ${p.component} a été vidée ou réécrite (ALTER TABLE) pendant la capture, et paraissait vide : aucun point n’a été créé.`,
      'Attendez la fin de la migration, puis : reprise backup',
    ],
  ),
  'postgres.until': error(
    2,
    (p: { component: string }) => [
      `${p.component} was captured with pg_dump: such a point is one moment, and cannot be brought forward to a time.`,
      `Choose a point instead: reprise points ${p.component}, then --point <id>`,
    ],
    (p) => [
      `${p.component} a été capturé avec pg_dump : un tel point est un instant, et ne peut être avancé jusqu’à une heure donnée.`,
      `Choisissez plutôt un point : reprise points ${p.component}, puis --point <id>`,
    ],
  ),
  'postgres.not-in-point': error(
    1,
    (p: { component: string; point: string; database: string }) => [
      `Point ${p.point} of ${p.component} has no database ${p.database}, which the plan names. Nothing was changed.`,
      `Choose another point (reprise points ${p.component}), or take the name out of databases.`,
    ],
    (p) => [
      `Le point ${p.point} de ${p.component} n’a pas de base ${p.database}, que le plan nomme. Rien n’a été modifié.`,
      `Choisissez un autre point (reprise points ${p.component}), ou retirez ce nom de databases.`,
    ],
  ),
  'postgres.occupied': error(
    4,
    (p: { component: string; database: string }) => [
      `Database ${p.database} of ${p.component} is there and holds something: it was left alone.`,
      `reprise recover --replace ${p.component}`,
    ],
    (p) => [
      `La base ${p.database} de ${p.component} existe et contient quelque chose : elle n’a pas été touchée.`,
      `reprise recover --replace ${p.component}`,
    ],
  ),
  'postgres.globals-cut': error(
    1,
    (p: { component: string }) => [
      `The roles of this point of ${p.component} are cut: what pg_dumpall writes last is missing.`,
      `Choose another point: reprise points ${p.component}`,
    ],
    (p) => [
      `Les rôles de ce point de ${p.component} sont tronqués : la fin que pg_dumpall écrit toujours manque.`,
      `Choisissez un autre point : reprise points ${p.component}`,
    ],
  ),
  'postgres.own-role': error(
    2,
    (p: { component: string; role: string }) => [
      `The plan restores ${p.component} as role ${p.role}, which was no superuser when it was captured: it would lose its rights half-way.`,
      'Restore as another superuser: connection.user in the plan.',
    ],
    (p) => [
      `Le plan restaure ${p.component} avec le rôle ${p.role}, qui n’était pas superutilisateur lors de la capture : il perdrait ses droits en chemin.`,
      'Restaurez avec un autre superutilisateur : connection.user dans le plan.',
    ],
  ),
  'postgres.restored-less': error(
    1,
    (p: { component: string; database: string; tables: number; expected: number }) => [
      `After the restore, database ${p.database} of ${p.component} has ${p.tables} tables instead of ${p.expected}, although pg_restore reported success.`,
      `Run pg_restore by hand (reprise kit), or choose another point: reprise points ${p.component}`,
    ],
    (p) => [
      `Après la restauration, la base ${p.database} de ${p.component} a ${p.tables} tables au lieu de ${p.expected}, alors que pg_restore annonce un succès.`,
      `Lancez pg_restore à la main (reprise kit), ou choisissez un autre point : reprise points ${p.component}`,
    ],
  ),
} as const;
