import { messages } from './define.ts';

/** The recovery kit: read on paper, under stress, perhaps by somebody who has never heard of Reprise. */
export const kitMessages = messages(
  {
    'kit.title': (p: { system: string }) => `RECOVERY KIT: ${p.system}`,
    'kit.made': (p: { at: string; installation: string }) =>
      `Made ${p.at} by installation ${p.installation}. Print it again after each change of the plan.`,
    'kit.classification': (p: { text: string }) => `Classification: ${p.text}`,
    'kit.key': 'The recovery key (opens every repository below; write it here by hand, or keep it apart)',
    'kit.key.blank':
      '    _____ - _____ - _____ - _____ - _____ - _____ - _____ - _____\n\n    Type `reprise kit check` once a quarter to prove that it still opens everything.',
    'kit.with-reprise': 'With Reprise: on an empty machine, any one of these',
    'kit.with-reprise.then':
      '  then, to see what will be done, and to do it:\n    reprise recover --dry-run\n    reprise recover',
    'kit.repositories': 'Where the data is',
    'kit.repository': (p: { name: string; url: string; role: string; offSite: boolean }) =>
      `    ${p.name}: ${p.url} (${p.role}${p.offSite ? ', off-site' : ''})`,
    'kit.role.primary': 'primary',
    'kit.role.copy': 'copy',
    'kit.secrets': 'Where the other secrets are (their values are not in this kit)',
    'kit.secrets.machine': (p: { path: string }) =>
      `    machine keys: ${p.path} (lost with the machine; the recovery key replaces them)`,
    'kit.command': 'command',
    'kit.restic': 'Without Reprise: restic and the tools of each engine',
    'kit.restic.how': [
      'Get restic 0.17 or newer: `apt-get install restic`, or the one file from https://github.com/restic/restic/releases',
      'restic asks for the password of the repository: that is the recovery key, with its dashes, in capitals.',
      'Credentials of a remote repository go into the environment (AWS_ACCESS_KEY_ID, RESTIC_REST_PASSWORD, …).',
      'Snapshots of a newer day: restic -r <address> snapshots --tag part',
    ].join('\n'),
    'kit.component': (p: { component: string; kind: string }) => `Component ${p.component} (${p.kind})`,
    'kit.no-point': '    No recovery point yet. Type: reprise backup',
    'kit.rebuilt': '    No data of its own: it is rebuilt from its image, sources or command (see the plan).',
    'kit.point': (p: { point: string; asOf: string }) => `Newest point: ${p.point}, data as of ${p.asOf}`,
    'kit.from': (p: { repository: string }) => `From repository ${p.repository}:`,
    'kit.people': 'Who to call',
  },
  {
    'kit.title': (p) => `TROUSSE DE SECOURS : ${p.system}`,
    'kit.made': (p) =>
      `Établie le ${p.at} par l’installation ${p.installation}. À réimprimer après chaque changement du plan.`,
    'kit.classification': (p) => `Classification : ${p.text}`,
    'kit.key':
      'La clé de secours (ouvre chaque dépôt ci-dessous ; à écrire ici à la main, ou à garder à part)',
    'kit.key.blank':
      '    _____ - _____ - _____ - _____ - _____ - _____ - _____ - _____\n\n    Tapez `reprise kit check` une fois par trimestre pour prouver qu’elle ouvre toujours tout.',
    'kit.with-reprise': 'Avec Reprise : sur une machine vide, l’une de ces commandes',
    'kit.with-reprise.then':
      '  puis, pour voir ce qui sera fait, et pour le faire :\n    reprise recover --dry-run\n    reprise recover',
    'kit.repositories': 'Où sont les données',
    'kit.repository': (p) => `    ${p.name} : ${p.url} (${p.role}${p.offSite ? ', hors site' : ''})`,
    'kit.role.primary': 'principal',
    'kit.role.copy': 'copie',
    'kit.secrets': 'Où sont les autres secrets (leurs valeurs ne sont pas dans cette trousse)',
    'kit.secrets.machine': (p) =>
      `    clés de machine : ${p.path} (perdues avec la machine ; la clé de secours les remplace)`,
    'kit.command': 'commande',
    'kit.restic': 'Sans Reprise : restic et les outils de chaque moteur',
    'kit.restic.how': [
      'Obtenez restic 0.17 ou plus récent : `apt-get install restic`, ou le fichier unique de https://github.com/restic/restic/releases',
      'restic demande le mot de passe du dépôt : c’est la clé de secours, avec ses tirets, en majuscules.',
      'Les identifiants d’un dépôt distant vont dans l’environnement (AWS_ACCESS_KEY_ID, RESTIC_REST_PASSWORD, …).',
      'Instantanés d’un jour plus récent : restic -r <adresse> snapshots --tag part',
    ].join('\n'),
    'kit.component': (p) => `Composant ${p.component} (${p.kind})`,
    'kit.no-point': '    Pas encore de point de restauration. Tapez : reprise backup',
    'kit.rebuilt':
      '    Pas de données propres : il est reconstruit depuis son image, ses sources ou sa commande (voir le plan).',
    'kit.point': (p) => `Point le plus récent : ${p.point}, données du ${p.asOf}`,
    'kit.from': (p) => `Depuis le dépôt ${p.repository} :`,
    'kit.people': 'Qui appeler',
  },
);
