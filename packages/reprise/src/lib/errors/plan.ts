import { error } from './define.ts';
import { planNameErrors } from './plan-names.ts';
import { planSourceErrors } from './plan-source.ts';

type Near = { near: string | null };
const meantEn = (p: Near & { known: string }): string =>
  p.near === null ? (p.known === '' ? 'Remove it.' : `Known here: ${p.known}.`) : `Did you mean "${p.near}"?`;
const meantFr = (p: Near & { known: string }): string =>
  p.near === null
    ? p.known === ''
      ? 'Supprimez-le.'
      : `Connus ici : ${p.known}.`
    : `Vouliez-vous dire « ${p.near} » ?`;

/** The form a text must have, by the rule's name (`error:` of the schema). Rules of a kind fall back to the name. */
const forms: Readonly<Record<string, readonly [en: string, fr: string]>> = {
  duration: ['a duration such as 90s, 15m, 24h, 7d or 1h30m', 'une durée comme 90s, 15m, 24h, 7d ou 1h30m'],
  size: ['a size such as 512MiB or 10GiB', 'une taille comme 512MiB ou 10GiB'],
  name: [
    'a name: lower-case letters, digits and dashes, a letter or digit first, 63 at most',
    'un nom : minuscules, chiffres et tirets, une lettre ou un chiffre d’abord, 63 au plus',
  ],
  'env-name': ['the name of an environment variable', 'le nom d’une variable d’environnement'],
  'absolute-path': ['an absolute path (starts with /)', 'un chemin absolu (commence par /)'],
  'not-root': [
    'a folder that can be captured whole: name folders below the root, one component each',
    'un dossier qui puisse être capturé en entier : nommez des dossiers sous la racine, un composant chacun',
  ],
  'file-path': ['the path of a file (it ends with /)', 'le chemin d’un fichier (il finit par /)'],
  'path-below': ['a relative path without ..', 'un chemin relatif sans ..'],
  'database-name': ['a database name of 63 bytes at most', 'un nom de base de 63 octets au plus'],
  percentage: ['a percentage such as 99.9%', 'un pourcentage comme 99.9%'],
  date: ['a date such as 2026-01-31', 'une date comme 2026-01-31'],
  url: ['an address such as https://example.org/health', 'une adresse comme https://example.org/health'],
};
const form = (rule: string, language: 0 | 1): string => forms[rule]?.[language] ?? rule;
const types: Readonly<Record<string, readonly [en: string, fr: string]>> = {
  string: ['text', 'un texte'],
  number: ['a number', 'un nombre'],
  int: ['a whole number', 'un nombre entier'],
  boolean: ['true or false', 'true ou false'],
  object: ['keys with values', 'des clés avec des valeurs'],
  record: ['names with values', 'des noms avec des valeurs'],
  array: ['a list', 'une liste'],
  tuple: ['a list', 'une liste'],
  null: ['nothing', 'rien'],
};
const type = (name: string, language: 0 | 1): string => types[name]?.[language] ?? name;

/** Everything that makes a plan unreadable or contradictory in itself: exit 2, with file, line and column beside it. */
export const planErrors = {
  ...planSourceErrors,
  ...planNameErrors,
  'plan.unreadable': error(
    2,
    (p: { file: string; why: string }) => [
      `The plan ${p.file} cannot be read: ${p.why}.`,
      'The plan is elsewhere: --plan <file>. After a loss: reprise bootstrap <repository> (its address is in the recovery kit). For a new system: reprise init',
    ],
    (p) => [
      `Le plan ${p.file} ne peut pas être lu : ${p.why}.`,
      'Le plan est ailleurs : --plan <fichier>. Après une perte : reprise bootstrap <dépôt> (adresse : voir la trousse de secours). Pour un nouveau système : reprise init',
    ],
  ),
  'plan.invalid': error(
    2,
    (p: { file: string; count: number }) => [
      `The plan ${p.file} has ${p.count} ${p.count === 1 ? 'error' : 'errors'}; nothing was done.`,
      'reprise plan check',
    ],
    (p) => [
      `Le plan ${p.file} contient ${p.count} ${p.count < 2 ? 'erreur' : 'erreurs'} ; rien n’a été fait.`,
      'reprise plan check',
    ],
  ),
  'plan.unsupported': error(
    2,
    (p: { what: string; path: string; line: number }) => [
      `This version cannot act on ${p.what} (${p.path}, line ${p.line}).`,
      'reprise plan check',
    ],
    (p) => [
      `Cette version ne sait pas agir sur ${p.what} (${p.path}, ligne ${p.line}).`,
      'reprise plan check',
    ],
  ),
  'plan.unknown-key': error(
    2,
    (p: { key: string; known: string } & Near) => [`Unknown key "${p.key}".`, meantEn(p)],
    (p) => [`Clé inconnue « ${p.key} ».`, meantFr(p)],
  ),
  'plan.missing-key': error(
    2,
    (p: { key: string; expected: string }) => [
      `"${p.key}" is missing (${type(p.expected, 0)}).`,
      `Add a line: ${p.key}: …`,
    ],
    (p) => [`« ${p.key} » manque (${type(p.expected, 1)}).`, `Ajoutez une ligne : ${p.key}: …`],
  ),
  'plan.type': error(
    2,
    (p: { expected: string; got: string }) => [
      `This must be ${type(p.expected, 0)}, not ${type(p.got, 0)}.`,
      p.expected === 'string' ? 'Put it between quotes.' : 'reprise plan schema',
    ],
    (p) => [
      `Il faut ici ${type(p.expected, 1)}, pas ${type(p.got, 1)}.`,
      p.expected === 'string' ? 'Mettez-le entre guillemets.' : 'reprise plan schema',
    ],
  ),
  'plan.value': error(
    2,
    (p: { given: string; known: string } & Near) => [`"${p.given}" is not possible here.`, meantEn(p)],
    (p) => [`« ${p.given} » n’est pas possible ici.`, meantFr(p)],
  ),
  'plan.bound': error(
    2,
    (p: { bound: 'min' | 'max'; limit: number; of: string }) => {
      const unit = p.of === 'string' ? ' characters' : p.of === 'array' ? ' entries' : '';
      return [`${p.bound === 'min' ? 'At least' : 'At most'} ${p.limit}${unit}.`, 'reprise plan schema'];
    },
    (p) => {
      const unit = p.of === 'string' ? ' caractères' : p.of === 'array' ? ' entrées' : '';
      return [`${p.bound === 'min' ? 'Au moins' : 'Au plus'} ${p.limit}${unit}.`, 'reprise plan schema'];
    },
  ),
  'plan.format': error(
    2,
    (p: { rule: string; given: string }) => [
      `"${p.given}" is not ${form(p.rule, 0)}.`,
      'reprise plan schema',
    ],
    (p) => [`« ${p.given} » n’est pas ${form(p.rule, 1)}.`, 'reprise plan schema'],
  ),
  'plan.one-of': error(
    2,
    (p: { forms: string }) => [`This must have one of these forms: ${p.forms}.`, 'reprise plan schema'],
    (p) => [`Il faut ici l’une de ces formes : ${p.forms}.`, 'reprise plan schema'],
  ),
  'plan.other': error(
    2,
    (p: { detail: string }) => [`The schema refuses this: ${p.detail}`, 'reprise plan schema'],
    (p) => [`Le schéma refuse ceci : ${p.detail}`, 'reprise plan schema'],
  ),
  'plan.more': error(
    2,
    (p: { shown: number }) => [
      `There are more errors than the ${p.shown} shown.`,
      'Mend these, then: reprise plan check',
    ],
    (p) => [
      `Il y a plus d’erreurs que les ${p.shown} affichées.`,
      'Corrigez celles-ci, puis : reprise plan check',
    ],
  ),
} as const;
