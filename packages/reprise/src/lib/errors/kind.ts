import { error } from './define.ts';
import { postgresErrors } from './postgres.ts';

export const kindErrors = {
  ...postgresErrors,
  // Every kind.
  'kind.not-vacant': error(
    4,
    (p: { component: string; found: string }) => [
      `${p.component} was not restored: something is there already (${p.found}). Nothing was changed.`,
      `reprise recover --replace ${p.component}`,
    ],
    (p) => [
      `${p.component} n’a pas été restauré : la place n’est pas libre (${p.found}). Rien n’a été modifié.`,
      `reprise recover --replace ${p.component}`,
    ],
  ),
  'kind.damaged': error(
    1,
    (p: { component: string; point: string; why: string }) => [
      `Point ${p.point} of ${p.component} is damaged: ${p.why} Nothing was put in place.`,
      `Choose an older point: reprise points ${p.component}`,
    ],
    (p) => [
      `Le point ${p.point} de ${p.component} est endommagé : ${p.why} Rien n’a été mis en place.`,
      `Choisissez un point plus ancien : reprise points ${p.component}`,
    ],
  ),
  // files
  'files.root-missing': error(
    1,
    (p: { component: string; path: string }) => [
      `${p.path} of ${p.component} is not a folder, or is not there any more: no point was made.`,
      `Is something not mounted? ls -la ${p.path}`,
    ],
    (p) => [
      `${p.path} (${p.component}) n’est pas un dossier ou n’existe plus : aucun point n’a été créé.`,
      `Un montage manque-t-il ? ls -la ${p.path}`,
    ],
  ),
  'files.empty': error(
    1,
    (p: { component: string; path: string; before: number | null }) => [
      `${p.path} of ${p.component} is empty${p.before === null ? '' : `; the newest point has ${p.before} files`}: no point was made.`,
      `Is something not mounted? If it may be empty: allow_empty: true for ${p.component} in the plan.`,
    ],
    (p) => [
      `${p.path} (${p.component}) est vide${p.before === null ? '' : ` ; le dernier point contient ${p.before} fichiers`} : aucun point n’a été créé.`,
      `Un montage manque-t-il ? S’il peut être vide : allow_empty: true pour ${p.component} dans le plan.`,
    ],
  ),
  'files.unnameable': error(
    1,
    (p: { component: string; path: string }) => [
      `${p.path} of ${p.component} has a name that is not UTF-8 and cannot be asked for one by one: no point was made.`,
      'Name its folder in includes instead.',
    ],
    (p) => [
      `${p.path} (${p.component}) a un nom qui n’est pas en UTF-8 et ne peut être désigné seul : aucun point n’a été créé.`,
      'Nommez plutôt son dossier dans includes.',
    ],
  ),
  'files.mounted': error(
    4,
    (p: { component: string; path: string }) => [
      `${p.path} of ${p.component} is a mount point: it cannot be renamed aside. Nothing was changed.`,
      `Empty it, or mount something empty there, then the same command again.`,
    ],
    (p) => [
      `${p.path} (${p.component}) est un point de montage : impossible de le renommer. Rien n’a été modifié.`,
      'Videz-le, ou montez-y un volume vide, puis relancez la même commande.',
    ],
  ),
  // sqlite
  'sqlite.failed': error(
    1,
    (p: { path: string; why: string }) => [
      `SQLite could not work on ${p.path}: ${p.why}`,
      `sqlite3 ${p.path} 'PRAGMA integrity_check'`,
    ],
    (p) => [
      `SQLite n’a pas pu travailler sur ${p.path} : ${p.why}`,
      `sqlite3 ${p.path} 'PRAGMA integrity_check'`,
    ],
  ),
  'sqlite.busy': error(
    1,
    (p: { path: string; seconds: number }) => [
      `${p.path} stayed locked by another program for ${p.seconds} s.`,
      `Find who holds it (fuser ${p.path}), or raise busy_timeout in the plan.`,
    ],
    (p) => [
      `${p.path} est resté verrouillé par un autre programme pendant ${p.seconds} s.`,
      `Cherchez lequel (fuser ${p.path}), ou augmentez busy_timeout dans le plan.`,
    ],
  ),
  'sqlite.database': error(
    2,
    (p: { path: string; database: string }) => [
      `${p.path} is one database; a check asks it for ${p.database}.`,
      'Remove `database` from that check in the plan.',
    ],
    (p) => [
      `${p.path} est une seule base ; un contrôle y demande ${p.database}.`,
      'Retirez `database` de ce contrôle dans le plan.',
    ],
  ),
  'sqlite.not-one-value': error(
    1,
    (p: { path: string; query: string }) => [
      `This query of ${p.path} gives more than one row or column: ${p.query}`,
      'Let it give one value: SELECT count(*) …',
    ],
    (p) => [
      `Cette requête sur ${p.path} donne plus d’une ligne ou colonne : ${p.query}`,
      'Qu’elle donne une seule valeur : SELECT count(*) …',
    ],
  ),
} as const;
