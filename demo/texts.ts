import type { Setting } from './setting.ts';

export type Language = 'fr' | 'en';

/** Everything that the demonstration itself says; the rest is Reprise's. */
const en = {
  title: 'Reprise: a whole system is lost, and comes back',
  intro: (dir: string) =>
    `Everything happens in ${dir}; nothing else of this machine is touched. Lines with $ are what a person types.`,
  other: {
    memory: (path: string) => `The second repository is on another file system (memory): ${path}`,
    mounted: (path: string) => `The second repository is on another file system (mounted for this): ${path}`,
    none: (path: string) =>
      `Only one file system is to be had here, so the second repository is merely in another folder: ${path}. A real one must be on another machine.`,
  } satisfies Record<Setting['otherFileSystem'], (path: string) => string>,
  system: 'The system: a database server, an application with rows and files, settings',
  made: {
    database: (user: string, rows: string) =>
      `PostgreSQL, run by ${user}: ${rows} rows, foreign keys, recalc_full_ceredis('AGENT_TEST')`,
    portfolio: (rows: number, inLog: number) =>
      `Portfolio: ${rows} rows in SQLite that name ${rows} files; ${inLog} of the rows are in its write-ahead log only`,
    config: 'Settings: .env with the database password, certificates; readable by their owner alone',
    plan: (path: string) => `The plan of it all: ${path}`,
  },
  protect: 'Protect it',
  key: 'The recovery key is noted, as on paper; from here on the demonstration types it where it is asked for.',
  more: '25 more rows and 3 more files are written after the backup: these nobody can bring back.',
  disaster: 'The disaster',
  destroyed: (dir: string) =>
    `kill -9 of the servers, then ${dir} is deleted: data, files, settings, the primary repository, the plan, Reprise's own state and keys.`,
  left: 'What is left: the second repository, and the recovery key on paper.',
  recover: 'A new, empty machine',
  primaryLost: '(Exit code 3: the primary repository is gone, and Reprise says so. The copy suffices.)',
  typedKey: '(the recovery key is typed)',
  checks: 'Is it really back? The demonstration compares with what it saw before the backup',
  check: {
    rows: (n: string) => `database: ${n} rows, digest of every table, role with its password`,
    login: 'the application logs in with the password of the restored .env',
    profile: (value: string) => `recalc_full_ceredis('AGENT_TEST') = ${value}`,
    deposits: (n: number) => `portfolio: ${n} rows, every file that a row names is there`,
    uploads: (n: number) => `uploads: ${n} files and folders: content, owner, mode, time`,
    config: (n: number) => `settings: ${n} files and folders: content, owner, mode, time`,
    answers: 'the portfolio answers over HTTP',
    lost: 'what was written after the backup is lost, no more and no less',
  },
  objectives: 'Promised and measured',
  nulls: 'every promise has a measurement, and is kept',
  done: (seconds: number) => `Done in ${seconds} s. Nothing is left running.`,
  failed: 'NOT as it should be:',
  evidence: (path: string) => `Evidence, signed:   ${path}`,
  next: 'What to try next:',
  tries: (s: { work: string; reprise: string; dir: string }): readonly string[] => [
    `cd ${s.work}`,
    `${s.reprise} status            # the first screen`,
    `${s.reprise} journal verify    # nobody changed the record`,
    `${s.reprise} kit               # how to restore without Reprise`,
    `${s.reprise} restore config --to directory:${s.dir}/elsewhere`,
    `${s.reprise} init              # in a folder of yours: a plan for your own system`,
    `rm -rf ${s.dir}    # when you are done`,
  ],
  interrupted: 'Interrupted: everything that was started is stopped, the folder is removed.',
  kept: (dir: string) => `Everything is stopped. For a look at what went wrong: ${dir}`,
};

const fr: typeof en = {
  title: 'Reprise : un système entier est perdu, et revient',
  intro: (dir) =>
    `Tout se passe dans ${dir} ; rien d’autre de cette machine n’est touché. Les lignes avec $ sont ce qu’une personne tape.`,
  other: {
    memory: (path) => `Le second dépôt est sur un autre système de fichiers (en mémoire) : ${path}`,
    mounted: (path) =>
      `Le second dépôt est sur un autre système de fichiers (monté pour l’occasion) : ${path}`,
    none: (path) =>
      `Il n’y a ici qu’un système de fichiers : le second dépôt n’est que dans un autre dossier, ${path}. Un vrai doit être sur une autre machine.`,
  },
  system: 'Le système : un serveur de base de données, une application avec lignes et fichiers, des réglages',
  made: {
    database: (user, rows) =>
      `PostgreSQL, sous l’utilisateur ${user} : ${rows} lignes, clés étrangères, recalc_full_ceredis('AGENT_TEST')`,
    portfolio: (rows, inLog) =>
      `Portfolio : ${rows} lignes dans SQLite qui nomment ${rows} fichiers ; ${inLog} des lignes ne sont que dans son journal (WAL)`,
    config:
      'Réglages : .env avec le mot de passe de la base, certificats ; lisibles par leur seul propriétaire',
    plan: (path) => `Le plan de tout cela : ${path}`,
  },
  protect: 'Le protéger',
  key: 'La clé de secours est notée, comme sur papier ; à partir d’ici la démonstration la saisit là où elle est demandée.',
  more: '25 lignes et 3 fichiers de plus sont écrits après la sauvegarde : ceux-là, personne ne les ramènera.',
  disaster: 'Le sinistre',
  destroyed: (dir) =>
    `kill -9 des serveurs, puis ${dir} est effacé : données, fichiers, réglages, dépôt principal, plan, état et clés de Reprise.`,
  left: 'Ce qui reste : le second dépôt, et la clé de secours sur papier.',
  recover: 'Une machine neuve et vide',
  primaryLost: '(Code 3 : le dépôt principal a disparu, et Reprise le dit. La copie suffit.)',
  typedKey: '(la clé de secours est saisie)',
  checks: 'Est-ce vraiment revenu ? La démonstration compare avec ce qu’elle avait vu avant la sauvegarde',
  check: {
    rows: (n) => `base : ${n} lignes, empreinte de chaque table, rôle avec son mot de passe`,
    login: 'l’application se connecte avec le mot de passe du .env restauré',
    profile: (value) => `recalc_full_ceredis('AGENT_TEST') = ${value}`,
    deposits: (n) => `portfolio : ${n} lignes, chaque fichier nommé par une ligne est là`,
    uploads: (n) => `fichiers déposés : ${n} fichiers et dossiers : contenu, propriétaire, droits, date`,
    config: (n) => `réglages : ${n} fichiers et dossiers : contenu, propriétaire, droits, date`,
    answers: 'le portfolio répond en HTTP',
    lost: 'ce qui a été écrit après la sauvegarde est perdu, ni plus ni moins',
  },
  objectives: 'Promis et mesuré',
  nulls: 'chaque promesse a sa mesure, et est tenue',
  done: (seconds) => `Terminé en ${seconds} s. Plus rien ne tourne.`,
  failed: 'PAS comme il faudrait :',
  evidence: (path) => `Preuves, signées :   ${path}`,
  next: 'Pour continuer :',
  tries: (s) => [
    `cd ${s.work}`,
    `${s.reprise} status            # le premier écran`,
    `${s.reprise} journal verify    # personne n’a changé le journal`,
    `${s.reprise} kit               # comment restaurer sans Reprise`,
    `${s.reprise} restore config --to directory:${s.dir}/ailleurs`,
    `${s.reprise} init              # dans un dossier à vous : un plan pour votre propre système`,
    `rm -rf ${s.dir}    # quand vous aurez fini`,
  ],
  interrupted: 'Interrompu : tout ce qui avait été démarré est arrêté, le dossier est supprimé.',
  kept: (dir) => `Tout est arrêté. Pour voir ce qui n’a pas marché : ${dir}`,
};

export const texts = { en, fr };
