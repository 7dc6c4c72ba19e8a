import { error } from './define.ts';

/** What helps: to be another user, to mount it for writing, to make room, or to choose another folder. */
export type HomeHelp = 'user' | 'mount' | 'room' | 'other';

type Helps = Readonly<Record<HomeHelp, string>>;

const english = (help: HomeHelp, path: string, owner: string): string =>
  one(help, {
    user: `The same command as the user to whom it belongs (${owner}), or with sudo`,
    mount: `findmnt -T ${path} says what is mounted there; once it is writable (mount -o remount,rw …): the same command`,
    room: `Make room there (df -h ${path}), then: reprise resume`,
    other: `ls -ld ${path} shows what it is; another folder: --home <folder>`,
  });

const french = (help: HomeHelp, path: string, owner: string): string =>
  one(help, {
    user: `La même commande, comme l’utilisateur à qui il appartient (${owner}) ou avec sudo`,
    mount: `findmnt -T ${path} indique ce qui y est monté ; une fois accessible en écriture (mount -o remount,rw …) : la même commande`,
    room: `Libérez de la place (df -h ${path}), puis : reprise resume`,
    other: `ls -ld ${path} montre ce que c’est ; un autre dossier : --home <dossier>`,
  });

/** Where it is not known which of them helps (the reference page, a later version): all of them. */
const one = (help: string, helps: Helps): string =>
  (helps as Readonly<Record<string, string>>)[help] ?? Object.values(helps).join(' · ');

/** The folder of Reprise's own state, `$REPRISE_HOME`. */
export const homeErrors = {
  'home.denied': error(
    1,
    (p: { path: string; user: string; owner: string; why: string }) => [
      `${p.user} cannot look into ${p.path}: ${p.why}. What lies there is as it was; nothing was done.`,
      english('user', p.path, p.owner),
    ],
    (p) => [
      `${p.user} ne peut pas regarder dans ${p.path} : ${p.why}. Ce qui s’y trouve est intact ; rien n’a été fait.`,
      french('user', p.path, p.owner),
    ],
  ),
  'home.not-writable': error(
    1,
    (p: { path: string; owner: string; why: string; help: HomeHelp }) => [
      `Reprise cannot write to ${p.path}, where it keeps its journal and its locks: ${p.why}. Nothing was done.`,
      english(p.help, p.path, p.owner),
    ],
    (p) => [
      `Reprise ne peut pas écrire dans ${p.path}, où sont son journal et ses verrous : ${p.why}. Rien n’a été fait.`,
      french(p.help, p.path, p.owner),
    ],
  ),
} as const;

/** The same words for `doctor`. */
export const homeHelp = { en: english, fr: french } as const;
