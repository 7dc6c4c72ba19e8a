import { error, quoted } from './define.ts';

const doingInFrench: Readonly<Record<string, string>> = {
  read: 'lire',
  write: 'écrire',
  stat: 'examiner',
  list: 'lister',
  mkdir: 'créer',
  rename: 'renommer',
  remove: 'supprimer',
  free: 'mesurer la place libre de',
  claim: 'réserver de la place dans',
  cd: 'entrer dans',
};

export const hostErrors = {
  'process.missing': error(
    1,
    (p: { program: string; host: string }) => [
      `The program ${p.program} was not found on ${p.host}.`,
      'reprise doctor',
    ],
    (p) => [`Le programme ${p.program} est introuvable sur ${p.host}.`, 'reprise doctor'],
  ),
  'process.failed': error(
    1,
    (p: { program: string; how: string; stderr: string }) => [
      `${p.program} failed (${p.how}): ${p.stderr}`,
      'reprise doctor',
    ],
    (p) => [`${p.program} a échoué (${p.how})${quoted(p.stderr)}`, 'reprise doctor'],
  ),
  'process.output': error(
    1,
    (p: { program: string; limit: number }) => [
      `${p.program} wrote more than the ${p.limit} bytes that can be an answer.`,
      'Run the command by hand and look at what it prints.',
    ],
    (p) => [
      `${p.program} a écrit plus que les ${p.limit} octets que peut compter une réponse.`,
      'Lancez la commande à la main et regardez ce qu’elle affiche.',
    ],
  ),
  'process.orphans': error(
    4,
    (p: { run: string; pids: string }) => [
      `Processes of run ${p.run} go on and could not be ended: ${p.pids}.`,
      `As root: kill -9 ${p.pids}, then: reprise resume`,
    ],
    (p) => [
      `Des processus de l’exécution ${p.run} continuent et n’ont pas pu être arrêtés : ${p.pids}.`,
      `En tant que root : kill -9 ${p.pids}, puis : reprise resume`,
    ],
  ),
  'user.missing': error(
    1,
    (p: { user: string; host: string }) => [
      `There is no user ${p.user} on ${p.host}.`,
      'Create it, or correct `user` in the plan.',
    ],
    (p) => [
      `L’utilisateur ${p.user} n’existe pas sur ${p.host}.`,
      'Créez-le, ou corrigez `user` dans le plan.',
    ],
  ),
  'user.forbidden': error(
    1,
    (p: { user: string; self: string; host: string }) => [
      `${p.self} may not run commands as ${p.user} on ${p.host}: only root can change to another user.`,
      'Run the same command with sudo, or as that user.',
    ],
    (p) => [
      `${p.self} ne peut pas lancer de commande au nom de ${p.user} sur ${p.host} : seul root peut changer d’utilisateur.`,
      'Relancez la même commande avec sudo, ou au nom de cet utilisateur.',
    ],
  ),
  'path.failed': error(
    1,
    (p: { path: string; doing: string; why: string }) => [
      `${p.doing} ${p.path}: ${p.why}`,
      'Look at the path and at the rights of the user that runs Reprise: ls -ld',
    ],
    (p) => [
      `${doingInFrench[p.doing] ?? p.doing} ${p.path} : ${p.why}`,
      'Vérifiez le chemin et les droits de l’utilisateur qui lance Reprise : ls -ld',
    ],
  ),
  'path.mounted': error(
    4,
    (p: { path: string; mount: string }) => [
      `${p.path} is not removed: another file system is mounted at ${p.mount}, and removing would reach into it.`,
      `umount ${p.mount}`,
    ],
    (p) => [
      `${p.path} n’est pas supprimé : un autre système de fichiers est monté sur ${p.mount}, la suppression l’atteindrait.`,
      `umount ${p.mount}`,
    ],
  ),
  'scratch.full': error(
    1,
    (p: { path: string; needed: number; free: number }) => [
      `${p.path} has ${p.free} bytes free; ${p.needed} are needed for working files.`,
      'Make room there, or name another place: recovery.scratch in the plan.',
    ],
    (p) => [
      `Il reste ${p.free} octets dans ${p.path} ; il en faut ${p.needed} pour les fichiers de travail.`,
      'Libérez de la place, ou indiquez un autre endroit : recovery.scratch dans le plan.',
    ],
  ),
  'scratch.foreign': error(
    1,
    (p: { readonly path: string }) => [
      `The folder for working files ${p.path} belongs to another user, or others may write in it: what lies there could be read or exchanged.`,
      `Look who made it (ls -ld ${p.path}), remove it, or name another in the plan: recovery: {scratch: …}`,
    ],
    (p) => [
      `Le dossier de travail ${p.path} appartient à un autre utilisateur, ou d’autres peuvent y écrire : son contenu pourrait être lu ou remplacé.`,
      `Regardez qui l’a créé (ls -ld ${p.path}), supprimez-le, ou indiquez-en un autre dans le plan : recovery: {scratch: …}`,
    ],
  ),
  'scratch.unreachable': error(
    1,
    (p: { path: string; user: string }) => [
      `${p.user} cannot reach the folder for working files ${p.path}: a folder above it is closed to that user.`,
      'Name a place that the user can reach: recovery.scratch in the plan (for example /var/tmp/reprise).',
    ],
    (p) => [
      `${p.user} ne peut pas atteindre le dossier de travail ${p.path} : un dossier parent lui est fermé.`,
      'Indiquez un endroit accessible à cet utilisateur : recovery.scratch dans le plan (par exemple /var/tmp/reprise).',
    ],
  ),
  'secret.missing': error(
    2,
    (p: { ref: string; why: string }) => [`The secret ${p.ref} could not be had: ${p.why}`, 'reprise doctor'],
    (p) => [`Le secret ${p.ref} n’a pas pu être obtenu : ${p.why}`, 'reprise doctor'],
  ),
  'secret.exposed': error(
    4,
    (p: { path: string; mode: string }) => [
      `The secret file ${p.path} can be read by others (mode ${p.mode}).`,
      `chmod 600 ${p.path}`,
    ],
    (p) => [`Le fichier secret ${p.path} est lisible par d’autres (mode ${p.mode}).`, `chmod 600 ${p.path}`],
  ),
  'guardian.failed': error(
    1,
    (p: { why: string }) => [
      `Nothing was stopped: the process that would bring the services back could not be started (${p.why}).`,
      'reprise doctor',
    ],
    (p) => [
      `Rien n’a été arrêté : le processus qui doit relancer les services n’a pas pu démarrer (${p.why}).`,
      'reprise doctor',
    ],
  ),
} as const;
