import { error } from './define.ts';

interface Where {
  readonly repository: string;
  /** Without credentials. */
  readonly url: string;
}
/** `by-address`: typed from a kit, on a machine that has no plan to name it and look into. */
interface Asked extends Where {
  readonly asked?: 'by-address';
}
interface What extends Where {
  /** What restic said, without secrets. */
  readonly what: string;
}
interface PartOf {
  readonly repository: string;
  /** File name in the repository, or root of the tree. */
  readonly part: string;
}

export const repositoryErrors = {
  'repository.no-key': error(
    1,
    (p: { repository: string; file: string }) => [
      `This machine has no key of ${p.repository}: ${p.file} is not there.`,
      'reprise init',
    ],
    (p) => [`Cette machine n’a pas de clé de ${p.repository} : ${p.file} n’existe pas.`, 'reprise init'],
  ),
  'repository.absent': error(
    1,
    (p: Asked) =>
      p.asked === 'by-address'
        ? [
            `There is no repository at ${p.url}.`,
            'Compare the address with the one in the kit, letter by letter (is its disk mounted?), then the same command again.',
          ]
        : [
            `There is no repository ${p.repository} at ${p.url}.`,
            'Is its disk mounted, is its address right? To make a new one there: reprise init',
          ],
    (p) =>
      p.asked === 'by-address'
        ? [
            `Il n’y a pas de dépôt à l’adresse ${p.url}.`,
            'Comparez l’adresse à celle de la trousse, lettre par lettre (son disque est-il monté ?), puis relancez la même commande.',
          ]
        : [
            `Il n’y a pas de dépôt ${p.repository} à l’adresse ${p.url}.`,
            'Son disque est-il monté, son adresse est-elle juste ? Pour en créer un nouveau : reprise init',
          ],
  ),
  'repository.exists': error(
    4,
    (p: Where) => [
      `There is already a repository at ${p.url} (${p.repository}): it was left as it is.`,
      'reprise bootstrap <repository>, to take it over; or name another place in the plan.',
    ],
    (p) => [
      `Il y a déjà un dépôt à l’adresse ${p.url} (${p.repository}) : il n’a pas été touché.`,
      'reprise bootstrap <dépôt>, pour le reprendre ; ou indiquez un autre endroit dans le plan.',
    ],
  ),
  'repository.wrong-password': error(
    1,
    (p: Asked) =>
      p.asked === 'by-address'
        ? [
            `The recovery key is typed rightly, and does not open the repository at ${p.url}: it is another system’s, or an older one.`,
            'See which kit the key belongs to, and take that kit’s address; or the key of the kit that names this one. Then the same command again.',
          ]
        : [
            `The password does not open the repository ${p.repository} (${p.url}).`,
            'reprise kit check, with the recovery key',
          ],
    (p) =>
      p.asked === 'by-address'
        ? [
            `La clé de secours est bien tapée et n’ouvre pas le dépôt à l’adresse ${p.url} : c’est celle d’un autre système, ou une ancienne.`,
            'Voyez de quelle trousse vient la clé et prenez l’adresse de cette trousse ; ou la clé de la trousse qui cite ce dépôt. Puis relancez la même commande.',
          ]
        : [
            `Le mot de passe n’ouvre pas le dépôt ${p.repository} (${p.url}).`,
            'reprise kit check, avec la clé de secours',
          ],
  ),
  'repository.denied': error(
    1,
    (p: What) => [
      `${p.url} (${p.repository}) refused this identity: ${p.what}`,
      'Check the credentials of this repository in the plan, then: reprise doctor',
    ],
    (p) => [
      `${p.url} (${p.repository}) a refusé cette identité : ${p.what}`,
      'Vérifiez les identifiants de ce dépôt dans le plan, puis : reprise doctor',
    ],
  ),
  'repository.append-only': error(
    4,
    (p: Where) => [
      `${p.url} (${p.repository}) accepts additions only from this identity: nothing was removed.`,
      'reprise maintain, with the maintainer’s identity',
    ],
    (p) => [
      `${p.url} (${p.repository}) n’accepte que des ajouts de cette identité : rien n’a été supprimé.`,
      'reprise maintain, avec l’identité de maintenance',
    ],
  ),
  'repository.locked': error(
    4,
    (p: Where & { readonly who: string }) => [
      `The repository ${p.repository} (${p.url}) is in use: ${p.who}.`,
      'Wait until it is free; reprise due --run tries again.',
    ],
    (p) => [
      `Le dépôt ${p.repository} (${p.url}) est utilisé : ${p.who}.`,
      'Attendez qu’il soit libre ; reprise due --run réessaiera.',
    ],
  ),
  'repository.interrupted': error(
    130,
    (p: Where) => [`restic was interrupted while it worked on ${p.repository} (${p.url}).`, 'reprise resume'],
    (p) => [`restic a été interrompu pendant son travail sur ${p.repository} (${p.url}).`, 'reprise resume'],
  ),
  'repository.unreachable': error(
    1,
    (p: What) => [
      `The repository ${p.repository} (${p.url}) does not answer: ${p.what}`,
      'Check the network and the server, then type the command again.',
    ],
    (p) => [
      `Le dépôt ${p.repository} (${p.url}) ne répond pas : ${p.what}`,
      'Vérifiez le réseau et le serveur, puis relancez la commande.',
    ],
  ),
  'repository.full': error(
    1,
    (p: Where) => [
      `There is no room left in the repository ${p.repository} (${p.url}): no point was made.`,
      'Make room there, or: reprise maintain',
    ],
    (p) => [
      `Il n’y a plus de place dans le dépôt ${p.repository} (${p.url}) : aucun point n’a été créé.`,
      'Libérez de la place, ou : reprise maintain',
    ],
  ),
  'repository.target-full': error(
    1,
    (p: { readonly path: string; readonly snapshot: string }) => [
      `${p.path} is full: snapshot ${p.snapshot} was not restored whole.`,
      'Make room there, then type the command again.',
    ],
    (p) => [
      `${p.path} est plein : l’instantané ${p.snapshot} n’a pas été restauré en entier.`,
      'Libérez de la place, puis relancez la commande.',
    ],
  ),
  'repository.damaged': error(
    1,
    (p: { readonly repository: string; readonly what: string }) => [
      `The repository ${p.repository} is damaged: ${p.what}`,
      'reprise points, to choose a copy elsewhere; reprise verify --read-data 1/1, to see what else is lost',
    ],
    (p) => [
      `Le dépôt ${p.repository} est endommagé : ${p.what}`,
      'reprise points, pour choisir une copie ailleurs ; reprise verify --read-data 1/1, pour voir ce qui manque d’autre',
    ],
  ),
  'repository.too-old': error(
    1,
    (p: { readonly found: string; readonly needed: string }) => [
      `restic ${p.found} is too old; ${p.needed} or newer is needed.`,
      'reprise doctor',
    ],
    (p) => [`restic ${p.found} est trop ancien ; il faut ${p.needed} ou plus récent.`, 'reprise doctor'],
  ),
  'repository.snapshot-missing': error(
    1,
    (p: { readonly repository: string; readonly what: string }) => [
      `Not in the repository ${p.repository}: ${p.what}`,
      'reprise catalogue rebuild',
    ],
    (p) => [`Absent du dépôt ${p.repository} : ${p.what}`, 'reprise catalogue rebuild'],
  ),
  'repository.empty-stream': error(
    1,
    (p: PartOf) => [
      `Nothing was given to store as ${p.part} in ${p.repository}: the tool ended without writing a byte. No point was made.`,
      'Run the tool by hand to see why, then: reprise backup',
    ],
    (p) => [
      `Rien n’a été donné à stocker comme ${p.part} dans ${p.repository} : l’outil s’est terminé sans écrire un octet. Aucun point n’a été créé.`,
      'Lancez l’outil à la main pour comprendre, puis : reprise backup',
    ],
  ),
  'repository.producer-failed': error(
    1,
    (p: PartOf & { readonly what: string }) => [
      `The tool that gives ${p.part} failed, nothing of it was kept: ${p.what}`,
      'Run the tool by hand to see why, then: reprise backup',
    ],
    (p) => [
      `L’outil qui fournit ${p.part} a échoué, rien n’en a été gardé : ${p.what}`,
      'Lancez l’outil à la main pour comprendre, puis : reprise backup',
    ],
  ),
  'repository.incomplete': error(
    1,
    (p: PartOf & { readonly what: string }) => [
      `${p.part} could not be read whole, so no point was made: ${p.what}`,
      'Mend what could not be read, or exclude it in the plan, then: reprise backup',
    ],
    (p) => [
      `${p.part} n’a pas pu être lu en entier, aucun point n’a donc été créé : ${p.what}`,
      'Corrigez ce qui n’a pas pu être lu, ou excluez-le dans le plan, puis : reprise backup',
    ],
  ),
  'repository.short': error(
    1,
    (p: PartOf & { readonly given: number; readonly stored: number }) => [
      `${p.given} bytes of ${p.part} were given to ${p.repository}, it says it stored ${p.stored}: no point was made.`,
      'reprise doctor',
    ],
    (p) => [
      `${p.given} octets de ${p.part} ont été donnés à ${p.repository}, qui dit en avoir stocké ${p.stored} : aucun point n’a été créé.`,
      'reprise doctor',
    ],
  ),
  'repository.two-accounts': error(
    2,
    (p: { readonly from: string; readonly to: string; readonly variable: string }) => [
      `A copy from ${p.from} to ${p.to} needs two values of ${p.variable}; restic has one set of credentials for both sides.`,
      'Reach one of the two through an rclone remote (rclone:…) in the plan.',
    ],
    (p) => [
      `Une copie de ${p.from} vers ${p.to} demande deux valeurs de ${p.variable} ; restic n’a qu’un jeu d’identifiants pour les deux côtés.`,
      'Passez par un « remote » rclone (rclone:…) pour l’un des deux dans le plan.',
    ],
  ),
  'repository.failed': error(
    1,
    (p: What) => [`restic failed on ${p.repository} (${p.url}): ${p.what}`, 'reprise doctor'],
    (p) => [`restic a échoué sur ${p.repository} (${p.url}) : ${p.what}`, 'reprise doctor'],
  ),
} as const;
