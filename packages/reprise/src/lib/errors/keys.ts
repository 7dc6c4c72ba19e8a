import { error } from './define.ts';

export const keysErrors = {
  'keys.absent': error(
    1,
    (p: { path: string }) => [
      `The signing key ${p.path} is missing: nothing can be signed by this installation.`,
      'reprise bootstrap <repository> (the recovery key makes a new one valid)',
    ],
    (p) => [
      `La clé de signature ${p.path} est absente : cette installation ne peut plus rien signer.`,
      'reprise bootstrap <dépôt> (la clé de secours en valide une nouvelle)',
    ],
  ),
  'keys.unsafe': error(
    4,
    (p: { path: string; mode: string }) => [
      `The key ${p.path} can be read by others (mode ${p.mode}); it is not used.`,
      `chmod 600 ${p.path}`,
    ],
    (p) => [
      `La clé ${p.path} est lisible par d’autres (mode ${p.mode}) ; elle n’est pas utilisée.`,
      `chmod 600 ${p.path}`,
    ],
  ),
  'keys.unreadable': error(
    1,
    (p: { path: string }) => [
      `The key ${p.path} is not an Ed25519 key in PEM form.`,
      'reprise bootstrap <repository> (the recovery key makes a new one valid)',
    ],
    (p) => [
      `La clé ${p.path} n’est pas une clé Ed25519 au format PEM.`,
      'reprise bootstrap <dépôt> (la clé de secours en valide une nouvelle)',
    ],
  ),
  'keys.other': error(
    1,
    (p: { path: string }) => [
      `The key ${p.path} is not the one that this installation was certified with.`,
      'reprise bootstrap <repository>',
    ],
    (p) => [
      `La clé ${p.path} n’est pas celle pour laquelle cette installation a été certifiée.`,
      'reprise bootstrap <dépôt>',
    ],
  ),
  'keys.recovery-key-length': error(
    2,
    (p: { found: number; expected: number }) => [
      `The recovery key has ${p.expected} characters (without dashes and spaces); ${p.found} were typed.`,
      'Type it again from the recovery kit.',
    ],
    (p) => [
      `La clé de secours compte ${p.expected} caractères (sans tirets ni espaces) ; ${p.found} ont été saisis.`,
      'Saisissez-la de nouveau d’après la trousse de secours.',
    ],
  ),
  'keys.recovery-key-character': error(
    2,
    (p: { group: number; place: number }) => [
      `Group ${p.group} of the recovery key has a character at place ${p.place} that no recovery key has (digits and letters without I, L, O, U).`,
      'Type it again from the recovery kit.',
    ],
    (p) => [
      `Le groupe ${p.group} de la clé de secours a, en position ${p.place}, un caractère qu’aucune clé de secours ne contient (chiffres et lettres sauf I, L, O, U).`,
      'Saisissez-la de nouveau d’après la trousse de secours.',
    ],
  ),
  'keys.recovery-key-typo': error(
    2,
    (p: { groups: string; of: number }) => [
      `The recovery key was mistyped: look at group ${p.groups} of ${p.of}.`,
      'Compare with the recovery kit and type it again.',
    ],
    (p) => [
      `La clé de secours comporte une faute de frappe : voyez le groupe ${p.groups} sur ${p.of}.`,
      'Comparez avec la trousse de secours et saisissez-la de nouveau.',
    ],
  ),
} as const;
