import { messages } from './define.ts';

/**
 * What runs say of themselves while they work: steps, levels, what a kind does on the way. Values come ready to print.
 */
export const runMessages = messages(
  {
    'level.stored': 'stored',
    'level.read': 'read back',
    'level.parsed': 'parsed',
    'level.drilled': 'drilled',
    'recipe.backup': 'backup',
    'recipe.maintain': 'maintenance',
    'recipe.verify': 'verification',
    'recipe.restore': 'restore',
    'recipe.recover': 'recovery',
    'recipe.state.open': 'under way',
    'recipe.state.interrupted': 'interrupted',
    'recipe.state.failed': 'failed',
    'recipe.state.finished': 'finished',
    'recipe.state.unknown': 'of unknown end',
    'role.writer': 'writer',
    'role.maintainer': 'maintainer',
    'place.in-situ': 'in its own place',
    'place.directory': (p: { path: string }) => `below ${p.path}`,
    'step.look': (p: { of: string }) => `look at ${p.of}`,
    'step.capture': (p: { of: string }) => `capture ${p.of}`,
    'step.check': (p: { of: string }) => `check ${p.of}`,
    'step.state': (p: { of: string }) => (p.of === '' ? 'record in the repositories' : `record in ${p.of}`),
    'step.copy': (p: { of: string }) => `copy to ${p.of}`,
    'step.state-copy': (p: { of: string }) => `record in ${p.of}`,
    'step.state-after': (p: { of: string }) => `record in ${p.of}`,
    'step.decide': (p: { of: string }) => `choose what ${p.of} may forget`,
    'step.revoke': (p: { of: string }) => `take former keys out of ${p.of}`,
    'step.forget': (p: { of: string }) => `forget in ${p.of}`,
    'step.prune': (p: { of: string }) => `reclaim space in ${p.of}`,
    'step.verify': (p: { of: string }) => `verify ${p.of}`,
    'step.packs': (p: { of: string }) => `read packs of ${p.of} back`,
    'step.incident': 'record the incident',
    'step.choose': 'choose the points',
    'step.place': 'prepare the place',
    'step.before': (p: { of: string }) => `look at the service of ${p.of}`,
    'step.rebuild': (p: { of: string }) => `rebuild ${p.of}`,
    'step.restore': (p: { of: string }) => `restore ${p.of}`,
    'step.after': (p: { of: string }) => `start the service of ${p.of} again`,
    'step.decision': (p: { of: string }) => `decision of a person, step ${p.of}`,
    'step.command': (p: { of: string }) => `command, step ${p.of}`,
    'step.system': 'measure the whole system',
    'step.of-in': (p: { what: string; where: string }) => `${p.what} in ${p.where}`,
    'said.of': (p: { what: string; message: string }) => `${p.what}: ${p.message}`,
    'log.transfer': (p: { what: string; size: string; rate: string }) =>
      `  ${p.what}  ${p.size}, ${p.rate}/s`,
    'log.other-copy': (p: { point: string; repository: string; why: string }) =>
      `${p.point} cannot be read from ${p.repository} (${p.why}): the next copy is tried`,
    'log.kept': (p: { here: string; beside: string }) =>
      `${p.here} stays as it is; the point’s is beside it: ${p.beside}`,
    'log.overtaken': (p: { run: string; recipe: string }) =>
      `Run ${p.run} (${p.recipe}) is closed, not carried on: something was recovered or captured after it, and what lies there is no longer its own`,
    'log.left-down': (p: {
      run: string;
      since: string;
      components: string;
      services: string;
      command: string;
    }) =>
      `! A recovery was cut short (run ${p.run}, begun ${p.since}): ${p.components} may be half restored${p.services === '' ? '' : `, and ${p.services} was stopped for it`}. Do not start it by hand. → ${p.command}`,
    'log.connections': (p: { database: string; jobs: number }) =>
      `${p.database}: restored by ${p.jobs} connections`,
    'log.as-it-comes': (p: { database: string; jobs: number }) =>
      `${p.database}: rows are loaded while they are read, indexes by ${p.jobs} connections`,
    'log.one-connection': (p: { database: string }) =>
      `${p.database}: no room for working files, restored by one connection`,
    'log.roles-kept': (p: { roles: string; neighbours: string }) =>
      `roles ${p.roles} left as they are: ${p.neighbours} uses them too`,
    'log.tablespace-absent': (p: { name: string }) =>
      `tablespace ${p.name}: its directory is not on this server, its contents go to the default tablespace`,
    'log.owner-kept': (p: { file: string; owner: string }) => `${p.file} could not be given to ${p.owner}`,
    'log.unread': (p: { repository: string; snapshot: string }) =>
      `snapshot ${p.snapshot} in ${p.repository} cannot be read: passed over`,
    'log.read-unlocked': (p: { repository: string }) =>
      `${p.repository} is being pruned or checked by somebody else: it is read without a lock`,
    'log.unlooked': (p: { what: string; why: string }) => `${p.what} could not be looked at: ${p.why}`,
  },
  {
    'level.stored': 'stocké',
    'level.read': 'relu',
    'level.parsed': 'analysé',
    'level.drilled': 'exercé',
    'recipe.backup': 'sauvegarde',
    'recipe.maintain': 'maintenance',
    'recipe.verify': 'vérification',
    'recipe.restore': 'restauration',
    'recipe.recover': 'reprise',
    'recipe.state.open': 'en cours',
    'recipe.state.interrupted': 'interrompue',
    'recipe.state.failed': 'en échec',
    'recipe.state.finished': 'terminée',
    'recipe.state.unknown': 'de fin inconnue',
    'role.writer': 'écriture',
    'role.maintainer': 'maintenance',
    'place.in-situ': 'à l’emplacement d’origine',
    'place.directory': (p) => `sous ${p.path}`,
    'step.look': (p) => `consulter ${p.of}`,
    'step.capture': (p) => `capturer ${p.of}`,
    'step.check': (p) => `contrôler ${p.of}`,
    'step.state': (p) => (p.of === '' ? 'consigner dans les dépôts' : `consigner dans ${p.of}`),
    'step.copy': (p) => `copier vers ${p.of}`,
    'step.state-copy': (p) => `consigner dans ${p.of}`,
    'step.state-after': (p) => `consigner dans ${p.of}`,
    'step.decide': (p) => `choisir ce que ${p.of} peut oublier`,
    'step.revoke': (p) => `retirer d’anciennes clés de ${p.of}`,
    'step.forget': (p) => `oublier dans ${p.of}`,
    'step.prune': (p) => `récupérer la place dans ${p.of}`,
    'step.verify': (p) => `vérifier ${p.of}`,
    'step.packs': (p) => `relire des paquets de ${p.of}`,
    'step.incident': 'consigner l’incident',
    'step.choose': 'choisir les points',
    'step.place': 'préparer l’emplacement',
    'step.before': (p) => `consulter le service de ${p.of}`,
    'step.rebuild': (p) => `reconstruire ${p.of}`,
    'step.restore': (p) => `restaurer ${p.of}`,
    'step.after': (p) => `relancer le service de ${p.of}`,
    'step.decision': (p) => `décision d’une personne, étape ${p.of}`,
    'step.command': (p) => `commande, étape ${p.of}`,
    'step.system': 'mesurer le système entier',
    'step.of-in': (p) => `${p.what} dans ${p.where}`,
    'said.of': (p) => `${p.what} : ${p.message}`,
    'log.transfer': (p) => `  ${p.what}  ${p.size}, ${p.rate}/s`,
    'log.other-copy': (p) =>
      `${p.point} est illisible dans ${p.repository} (${p.why}) : la copie suivante est essayée`,
    'log.kept': (p) => `${p.here} reste tel quel ; celui du point est à côté : ${p.beside}`,
    'log.overtaken': (p) =>
      `L’exécution ${p.run} (${p.recipe}) est close sans être poursuivie : une reprise ou une capture a eu lieu depuis, et ce qui s’y trouve n’est plus à elle`,
    'log.left-down': (p) =>
      `! Une reprise s’est arrêtée en chemin (exécution ${p.run}, commencée ${p.since}) : ${p.components} peut n’être restauré qu’à moitié${p.services === '' ? '' : `, et ${p.services} a été arrêté pour cela`}. Ne le démarrez pas à la main. → ${p.command}`,
    'log.connections': (p) => `${p.database} : restauration par ${p.jobs} connexions`,
    'log.as-it-comes': (p) =>
      `${p.database} : lignes chargées au fil de la lecture, index par ${p.jobs} connexions`,
    'log.one-connection': (p) =>
      `${p.database} : pas de place pour des fichiers de travail, restauration par une seule connexion`,
    'log.roles-kept': (p) => `rôles ${p.roles} laissés tels quels : ${p.neighbours} les utilise aussi`,
    'log.tablespace-absent': (p) =>
      `tablespace ${p.name} : son dossier n’est pas sur ce serveur, son contenu va dans le tablespace par défaut`,
    'log.owner-kept': (p) => `${p.file} n’a pas pu être donné à ${p.owner}`,
    'log.unread': (p) =>
      `l’instantané ${p.snapshot} de ${p.repository} est illisible : il est laissé de côté`,
    'log.read-unlocked': (p) =>
      `${p.repository} est en cours d’élagage ou de contrôle par un autre : il est lu sans verrou`,
    'log.unlooked': (p) => `${p.what} n’a pas pu être consulté : ${p.why}`,
  },
);
