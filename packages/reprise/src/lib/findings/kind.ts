import { finding } from './define.ts';
import { postgresFindings } from './postgres.ts';

export const kindFindings = {
  ...postgresFindings,
  // files
  'files.root': finding<{ path: string }>(
    (p) => [
      p.verdict === 'pass' ? `${p.path} is there.` : `${p.path} is not a folder, or is not there.`,
      null,
    ],
    (p) => [
      p.verdict === 'pass' ? `${p.path} est là.` : `${p.path} n’est pas un dossier ou n’existe pas.`,
      null,
    ],
  ),
  'files.empty': finding<{ path: string }>(
    (p) => [
      p.verdict === 'pass'
        ? `${p.path} has something to capture.`
        : `${p.path} has nothing to capture; if that is right: allow_empty: true.`,
      null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? `${p.path} a du contenu à capturer.`
        : `${p.path} n’a rien à capturer ; si c’est normal : allow_empty: true.`,
      null,
    ],
  ),
  'files.include-missing': finding<{ path: string; include: string }>(
    (p) => [`Nothing in ${p.path} is called ${p.include}, which includes names.`, null],
    (p) => [`Rien dans ${p.path} ne s’appelle ${p.include}, que nomme includes.`, null],
  ),
  'files.shrunk': finding<{ files: number; before: number }>(
    (p) => [
      `${p.files} files, where the newest point has ${p.before}.`,
      'That the others were removed on purpose.',
    ],
    (p) => [
      `${p.files} fichiers, contre ${p.before} dans le dernier point.`,
      'Que les autres ont été supprimés volontairement.',
    ],
  ),
  'files.still': finding<{ changed: number }>(
    (p) =>
      p.changed === 0
        ? ['Nothing changed in the folder while it was captured.', null]
        : [
            `${p.changed} entries changed while the folder was captured.`,
            'That files written at that moment are whole: hold their service in a group.',
          ],
    (p) =>
      p.changed === 0
        ? ['Rien n’a changé dans le dossier pendant la capture.', null]
        : [
            `${p.changed} entrées ont changé pendant la capture du dossier.`,
            'Que les fichiers écrits à ce moment sont entiers : mettez leur service au repos dans un groupe.',
          ],
  ),
  'files.sockets': finding<{ sockets: number }>(
    (p) => [`${p.sockets} sockets are not stored: their programs make them anew.`, null],
    (p) => [`${p.sockets} sockets ne sont pas stockés : leurs programmes les recréent.`, null],
  ),
  'files.kept': finding<{ paths: string }>(
    (p) => [
      `Reprise’s own files stayed as they are (${p.paths}); what the point has in their place is beside them, with its time in the name. All else was compared before it was put between them.`,
      'That nothing was changed there since.',
    ],
    (p) => [
      `Les fichiers de Reprise sont restés tels quels (${p.paths}) ; ceux du point sont à côté, avec sa date dans le nom. Tout le reste a été comparé avant d’être mis en place.`,
      'Que rien n’y a été modifié depuis.',
    ],
  ),
  'files.tree': finding<{ files: number; recorded: number }>(
    (p) =>
      p.verdict === 'pass'
        ? [
            `${p.files} files with the names, sizes and times that were recorded.`,
            'ACLs and extended attributes.',
          ]
        : p.verdict === 'unable'
          ? [
              `The folder was written to during its capture: its ${p.files} files cannot be compared in full.`,
              null,
            ]
          : [
              `${p.files} files are not the ${p.recorded} that were recorded: names, sizes or times differ.`,
              null,
            ],
    (p) =>
      p.verdict === 'pass'
        ? [
            `${p.files} fichiers, avec les noms, tailles et dates enregistrés.`,
            'Les ACL et attributs étendus.',
          ]
        : p.verdict === 'unable'
          ? [
              `Le dossier était en cours d’écriture pendant la capture : ses ${p.files} fichiers ne peuvent être comparés entièrement.`,
              null,
            ]
          : [
              `${p.files} fichiers ne sont pas les ${p.recorded} enregistrés : noms, tailles ou dates diffèrent.`,
              null,
            ],
  ),
  'files.rights': finding<{ files: number }>(
    (p) => [
      p.verdict === 'pass'
        ? 'Owners, groups and modes are as recorded.'
        : 'Owners, groups or modes are not as recorded.',
      p.verdict === 'pass' ? 'ACLs and extended attributes.' : null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? 'Propriétaires, groupes et droits sont ceux enregistrés.'
        : 'Propriétaires, groupes ou droits ne sont pas ceux enregistrés.',
      p.verdict === 'pass' ? 'Les ACL et attributs étendus.' : null,
    ],
  ),
  'files.folder': finding<{ path: string; what: string }>(
    (p) => [
      p.verdict === 'unable'
        ? `The extended attributes of ${p.path} itself cannot be read on this machine. Install the package attr.`
        : `${p.path} itself has not the ${p.what === 'mtime' ? 'time of change that was' : 'extended attributes that were'} recorded.`,
      null,
    ],
    (p) => [
      p.verdict === 'unable'
        ? `Les attributs étendus de ${p.path} lui-même ne sont pas lisibles sur cette machine. Installez le paquet attr.`
        : `${p.path} lui-même n’a pas ${p.what === 'mtime' ? 'la date de modification enregistrée' : 'les attributs étendus enregistrés'}.`,
      null,
    ],
  ),
  'files.content': finding<{ bytes: number }>(
    (p) => [
      p.verdict === 'pass'
        ? `${p.bytes} bytes with the SHA-256 that was recorded.`
        : 'Content differs from what was recorded (SHA-256).',
      null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? `${p.bytes} octets dont le SHA-256 est celui enregistré.`
        : 'Le contenu diffère de ce qui était enregistré (SHA-256).',
      null,
    ],
  ),
  'files.half': finding<{ path: string }>(
    (p) => [`${p.path} is half restored.`, null],
    (p) => [`${p.path} n’est restauré qu’à moitié.`, null],
  ),
  'files.recorded': finding<{ part: string }>(
    (p) => [
      p.verdict === 'pass'
        ? 'The folder was recorded as empty.'
        : `The point records nothing that ${p.part} could be compared with.`,
      null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? 'Le dossier avait été enregistré vide.'
        : `Le point n’enregistre rien à quoi comparer ${p.part}.`,
      null,
    ],
  ),
  // sqlite
  'sqlite.file': finding<{ path: string }>(
    (p) => [
      p.verdict === 'pass'
        ? `${p.path} is a SQLite database.`
        : `${p.path} is not a SQLite database, or is not there.`,
      null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? `${p.path} est une base SQLite.`
        : `${p.path} n’est pas une base SQLite ou n’existe pas.`,
      null,
    ],
  ),
  'sqlite.tool': finding<{ version: string; needed: string }>(
    (p) => [
      p.verdict === 'pass'
        ? `sqlite3 ${p.version}.`
        : `sqlite3 ${p.version} is too old: ${p.needed} is needed.`,
      null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? `sqlite3 ${p.version}.`
        : `sqlite3 ${p.version} est trop ancien : il faut ${p.needed}.`,
      null,
    ],
  ),
  'sqlite.integrity': finding<{ result: string; bytes?: number; of?: number }>(
    (p) => [
      p.verdict === 'pass'
        ? 'integrity_check: ok.'
        : p.verdict === 'unable'
          ? `integrity_check could not run: ${p.result}`
          : `integrity_check: ${p.result}`,
      p.verdict === 'pass' ? 'That the rows are the right ones.' : null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? 'integrity_check : ok.'
        : p.verdict === 'unable'
          ? `integrity_check n’a pas pu s’exécuter : ${p.result}`
          : `integrity_check : ${p.of === undefined ? p.result : `${p.bytes} octets sur ${p.of}`}`,
      p.verdict === 'pass' ? 'Que les lignes sont les bonnes.' : null,
    ],
  ),
  'sqlite.schema': finding<{ tables: number }>(
    (p) => [
      p.verdict === 'pass'
        ? `${p.tables} tables, schema as recorded.`
        : 'The schema is not the one recorded.',
      null,
    ],
    (p) => [
      p.verdict === 'pass' ? `${p.tables} tables, schéma conforme.` : 'Le schéma n’est pas celui enregistré.',
      null,
    ],
  ),
  'sqlite.rows': finding<{ table: string; rows: number | null; recorded: number | null }>(
    (p) => [
      p.verdict === 'pass'
        ? `${p.table}: ${p.rows} rows.`
        : p.verdict === 'unable'
          ? `${p.table}: its rows cannot be counted.`
          : `${p.table}: ${p.rows ?? 'no'} rows; ${p.recorded ?? 'none'} were recorded.`,
      null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? `${p.table} : ${p.rows} lignes.`
        : p.verdict === 'unable'
          ? `${p.table} : lignes impossibles à compter.`
          : `${p.table} : ${p.rows ?? 'aucune'} lignes ; ${p.recorded ?? 'aucune'} enregistrées.`,
      null,
    ],
  ),
  'sqlite.counted': finding<{ tables: number; rows: number }>(
    (p) => [`${p.rows} rows in ${p.tables} tables, as recorded.`, 'That their values are the right ones.'],
    (p) => [
      `${p.rows} lignes dans ${p.tables} tables, comme enregistré.`,
      'Que leurs valeurs sont les bonnes.',
    ],
  ),
  'sqlite.foreign-keys': finding<{ violations: number | null; recorded: number | null }>(
    (p) => [
      p.verdict === 'pass'
        ? `foreign_key_check: ${p.violations} violations, as recorded.`
        : `foreign_key_check: ${p.violations ?? '?'} violations; ${p.recorded ?? '?'} were recorded.`,
      null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? `foreign_key_check : ${p.violations} violations, comme enregistré.`
        : `foreign_key_check : ${p.violations ?? '?'} violations ; ${p.recorded ?? '?'} enregistrées.`,
      null,
    ],
  ),
  'sqlite.identity': finding<{ what: string; found: number; recorded: number }>(
    (p) => [`${p.what} is ${p.found}; ${p.recorded} was recorded.`, null],
    (p) => [`${p.what} vaut ${p.found} ; ${p.recorded} enregistré.`, null],
  ),
  'sqlite.rights': finding<{ path: string; found: string; recorded: string }>(
    (p) => [
      p.verdict === 'pass'
        ? `Owner and mode of ${p.path} are as recorded.`
        : `Owner and mode of ${p.path} are ${p.found}, not ${p.recorded}.`,
      null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? `Propriétaire et droits de ${p.path} conformes.`
        : `Propriétaire et droits de ${p.path} : ${p.found} au lieu de ${p.recorded}.`,
      null,
    ],
  ),
  // products
  'product.references': finding<{ rows: number; missing: number; first: string }>(
    (p) => [
      p.verdict === 'pass'
        ? `All ${p.rows} files that rows refer to are there.`
        : p.verdict === 'unable'
          ? 'No row refers to a file: nothing could be judged.'
          : `${p.missing} of ${p.rows} files that rows refer to are missing: ${p.first}`,
      p.verdict === 'pass' ? 'That their content is right.' : null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? `Les ${p.rows} fichiers auxquels des lignes renvoient sont là.`
        : p.verdict === 'unable'
          ? 'Aucune ligne ne renvoie à un fichier : rien à juger.'
          : `${p.missing} des ${p.rows} fichiers auxquels des lignes renvoient manquent : ${p.first}`,
      p.verdict === 'pass' ? 'Que leur contenu est le bon.' : null,
    ],
  ),
} as const;
