import { error } from './define.ts';

/** What was wrong with a command line; `what` is quoted as it was typed. */
export type UsageProblem =
  | 'no-command'
  | 'unknown-command'
  | 'unknown-option'
  | 'missing-argument'
  | 'missing-value'
  | 'missing-option'
  | 'too-many'
  | 'invalid'
  | 'conflict';
interface Usage {
  readonly problem: UsageProblem;
  readonly what: string;
  /** The nearest name that exists, if any is near. */
  readonly near: string | null;
  /** The command whose help is worth reading: `reprise restore`. */
  readonly command: string;
}
const usage: Readonly<Record<UsageProblem, readonly [en: (w: string) => string, fr: (w: string) => string]>> =
  {
    'no-command': [() => 'No command was given.', () => 'Aucune commande n’a été donnée.'],
    'unknown-command': [(w) => `There is no command "${w}".`, (w) => `La commande « ${w} » n’existe pas.`],
    'unknown-option': [(w) => `There is no option ${w} here.`, (w) => `L’option ${w} n’existe pas ici.`],
    'missing-argument': [(w) => `The argument <${w}> is missing.`, (w) => `L’argument <${w}> manque.`],
    'missing-value': [(w) => `The option ${w} needs a value.`, (w) => `L’option ${w} attend une valeur.`],
    'missing-option': [(w) => `The option ${w} is required.`, (w) => `L’option ${w} est obligatoire.`],
    'too-many': [
      (w) => `There are more arguments than this command takes: ${w}`,
      (w) => `Il y a plus d’arguments que cette commande n’en prend : ${w}`,
    ],
    invalid: [(w) => `This value is not possible: ${w}`, (w) => `Cette valeur n’est pas possible : ${w}`],
    conflict: [(w) => `These do not go together: ${w}`, (w) => `Ceci ne va pas ensemble : ${w}`],
  };

export const cliErrors = {
  'cli.usage': error(
    2,
    (p: Usage) => [
      `${usage[p.problem][0](p.what)}${p.near === null ? '' : ` Did you mean ${p.near}?`}`,
      `${p.command} --help`,
    ],
    (p) => [
      `${usage[p.problem][1](p.what)}${p.near === null ? '' : ` Vouliez-vous dire ${p.near} ?`}`,
      `${p.command} --help`,
    ],
  ),
  'cli.interrupted': error(
    130,
    () => ['Interrupted.', 'reprise resume'],
    () => ['Interrompu.', 'reprise resume'],
  ),
  'cli.output-lost': error(
    1,
    (p: { why: string }) => [
      `What this command had to say could not be written (${p.why}): it is missing, or cut off.`,
      'Make room where it goes (df -h), then type the command again. What it did besides, it has done: reprise status',
    ],
    (p) => [
      `Ce que cette commande avait à dire n’a pas pu être écrit (${p.why}) : cela manque, ou est coupé.`,
      'Faites de la place là où cela va (df -h), puis retapez la commande. Ce qu’elle a fait par ailleurs est fait : reprise status',
    ],
  ),
  'cli.unexpected': error(
    1,
    (p: { message: string }) => [
      `Reprise failed in a way it does not know: ${p.message}`,
      'Type the same command with -v to see where; then: reprise doctor',
    ],
    (p) => [
      `Reprise a échoué d’une manière qu’il ne connaît pas : ${p.message}`,
      'Relancez la même commande avec -v pour voir où ; puis : reprise doctor',
    ],
  ),
  'cli.no-terminal': error(
    2,
    (p: { what: string; option: string }) => [
      `${p.what} must be typed, and there is no terminal to type it on.`,
      `Give it on standard input, or name a file (0600) that holds it: ${p.option}`,
    ],
    (p) => [
      `${p.what} : à saisir, mais il n’y a pas de terminal.`,
      `Donnez-la sur l’entrée standard, ou indiquez un fichier (0600) qui la contient : ${p.option}`,
    ],
  ),
  'cli.key-file': error(
    2,
    (p: { path: string; why: string }) => [
      `The file ${p.path} cannot serve as recovery key: ${p.why}`,
      `It holds the key and nothing else, and only its owner can read it: ls -l ${p.path}; chmod 600 ${p.path}`,
    ],
    (p) => [
      `Le fichier ${p.path} ne peut pas servir de clé de secours : ${p.why}`,
      `Il contient la clé et rien d’autre, et seul son propriétaire peut le lire : ls -l ${p.path} ; chmod 600 ${p.path}`,
    ],
  ),
  'cli.consent-refused': error(
    4,
    (p: { component: string }) => [
      `What was typed is not ${p.component}: nothing was put aside and nothing was restored.`,
      'Type the component’s exact name to agree.',
    ],
    (p) => [
      `La saisie n’est pas ${p.component} : rien n’a été mis de côté ni restauré.`,
      'Saisissez le nom exact du composant pour accepter.',
    ],
  ),
  'init.needs-yes': error(
    2,
    (p: { file: string; found: string }) => [
      `There is no plan ${p.file}. Found here: ${p.found}. Nothing was written.`,
      'reprise init --yes',
    ],
    (p) => [
      `Il n’y a pas de plan ${p.file}. Trouvé ici : ${p.found}. Rien n’a été écrit.`,
      'reprise init --yes',
    ],
  ),
  'init.nothing-found': error(
    2,
    (p: { roots: string }) => [
      `No PostgreSQL server, SQLite file or folder of files was found in ${p.roots}; a plan needs at least one component.`,
      'reprise init --yes --root /path/of/the/system',
    ],
    (p) => [
      `Ni serveur PostgreSQL, ni fichier SQLite, ni dossier de fichiers dans ${p.roots} ; un plan a besoin d’au moins un composant.`,
      'reprise init --yes --root /chemin/du/système',
    ],
  ),
  'init.other-recovery-key': error(
    4,
    () => [
      'This recovery key is not the one of this installation: what was signed until now would not be accepted.',
      'Type the key of the recovery kit; if nobody ever saw it: reprise init --new-recovery-key',
    ],
    () => [
      'Cette clé de secours n’est pas celle de cette installation : ce qui a été signé jusqu’ici ne serait plus reconnu.',
      'Saisissez la clé de la trousse de secours ; si personne ne l’a jamais vue : reprise init --new-recovery-key',
    ],
  ),
  'init.key-in-use': error(
    4,
    (p: { at: string }) => [
      `The recovery key has been checked (${p.at}): somebody has it, so it is not replaced.`,
      'reprise kit check',
    ],
    (p) => [
      `La clé de secours a été vérifiée (${p.at}) : quelqu’un la possède, elle n’est donc pas remplacée.`,
      'reprise kit check',
    ],
  ),
  'init.foreign-repository': error(
    4,
    (p: { repository: string; url: string }) => [
      `${p.url} (${p.repository}) is a repository already, and the key of this machine does not open it.`,
      'On a new machine: reprise bootstrap <repository>; otherwise name an empty place in the plan.',
    ],
    (p) => [
      `${p.url} (${p.repository}) est déjà un dépôt, et la clé de cette machine ne l’ouvre pas.`,
      'Sur une nouvelle machine : reprise bootstrap <dépôt> ; sinon indiquez un endroit vide dans le plan.',
    ],
  ),
  'bootstrap.no-state': error(
    1,
    (p: { url: string; foreign: number; found: number }) => [
      `${p.url} opens with this recovery key, but holds no state that can be continued (${p.found} found, ${p.foreign} of them not vouched for by this key, or not whole).`,
      'reprise bootstrap <repository> --list, and try another repository of the kit',
    ],
    (p) => [
      `${p.url} s’ouvre avec cette clé de secours, mais ne contient aucun état à continuer (${p.found} trouvés, dont ${p.foreign} que cette clé ne garantit pas ou qui ne sont pas entiers).`,
      'reprise bootstrap <dépôt> --list, et essayez un autre dépôt de la trousse',
    ],
  ),
  'bootstrap.plan-differs': error(
    4,
    (p: { file: string; written: string }) => [
      `There is another plan at ${p.file}; it is not written over. The plan of the repository is in ${p.written}.`,
      `mv ${p.file} ${p.file}.before, then the same command again`,
    ],
    (p) => [
      `Il y a un autre plan dans ${p.file} ; il n’est pas écrasé. Le plan du dépôt est dans ${p.written}.`,
      `mv ${p.file} ${p.file}.before, puis la même commande`,
    ],
  ),
  'bootstrap.not-needed': error(
    4,
    (p: { home: string; installation: string }) => [
      `${p.home} holds a working installation (${p.installation}) that nobody has taken over from: a bootstrap would cut off what it recorded.`,
      'reprise status; to begin anew elsewhere, choose another --home',
    ],
    (p) => [
      `${p.home} contient une installation en état de marche (${p.installation}) dont personne n’a pris la suite : un bootstrap couperait ce qu’elle a consigné.`,
      'reprise status ; pour recommencer ailleurs, choisissez un autre --home',
    ],
  ),
  'points.unknown-component': error(
    2,
    (p: { name: string; known: string }) => [
      `Neither the plan nor the record has a component ${p.name}; there is: ${p.known}.`,
      'reprise points',
    ],
    (p) => [`Ni le plan ni le journal n’ont de composant ${p.name} ; il y a : ${p.known}.`, 'reprise points'],
  ),
  'catalogue.unknown-repository': error(
    2,
    (p: { name: string; known: string }) => [
      `The plan has no repository ${p.name}; it has: ${p.known}.`,
      'reprise plan explain',
    ],
    (p) => [`Le plan n’a pas de dépôt ${p.name} ; il a : ${p.known}.`, 'reprise plan explain'],
  ),
} as const;
