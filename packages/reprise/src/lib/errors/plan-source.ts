import { error } from './define.ts';

/** What the YAML reader refuses, by its own code; French beside the reader's English. */
const french: Readonly<Record<string, string>> = {
  ALIAS_PROPS: 'un alias ne peut avoir ni ancre ni étiquette',
  BAD_ALIAS: 'alias mal formé',
  BAD_DIRECTIVE: 'directive inconnue',
  BAD_DQ_ESCAPE: 'séquence d’échappement inconnue entre guillemets doubles',
  BAD_INDENT: 'indentation incohérente',
  BAD_PROP_ORDER: 'ancre ou étiquette au mauvais endroit',
  BAD_SCALAR_START: 'un texte ne peut pas commencer ainsi : mettez-le entre guillemets',
  BLOCK_AS_IMPLICIT_KEY:
    'deux clés sur la même ligne : mettez la valeur entre guillemets si elle contient « : »',
  BLOCK_IN_FLOW: 'un bloc ne peut pas se trouver entre crochets ou accolades',
  KEY_OVER_1024_CHARS: 'clé de plus de 1024 caractères',
  MISSING_CHAR: 'il manque un caractère (guillemet, crochet, accolade, deux-points, espace…)',
  MULTILINE_IMPLICIT_KEY: 'une clé doit tenir sur une ligne ; manque-t-il « : » ?',
  MULTIPLE_ANCHORS: 'une seule ancre par valeur',
  MULTIPLE_TAGS: 'une seule étiquette par valeur',
  TAB_AS_INDENT: 'une tabulation ne peut pas servir d’indentation : utilisez des espaces',
  TAG_RESOLVE_FAILED: 'étiquette (!) inconnue',
  UNEXPECTED_TOKEN: 'caractères inattendus',
};

/** The text of a plan, before its keys are looked at. */
export const planSourceErrors = {
  'plan.too-large': error(
    2,
    (p: { what: 'bytes' | 'tokens'; max: number }) => [
      p.what === 'bytes'
        ? `A plan has at most ${p.max} bytes; this file has more.`
        : `A plan has at most ${p.max} YAML elements; this file has more.`,
      'Is this the right file? reprise plan check --plan <file>',
    ],
    (p) => [
      p.what === 'bytes'
        ? `Un plan compte au plus ${p.max} octets ; ce fichier en a davantage.`
        : `Un plan compte au plus ${p.max} éléments YAML ; ce fichier en a davantage.`,
      'Est-ce le bon fichier ? reprise plan check --plan <fichier>',
    ],
  ),
  'plan.not-utf8': error(
    2,
    () => ['The file is not UTF-8 text from here on.', 'Save it as UTF-8: iconv -f … -t UTF-8'],
    () => [
      'À partir d’ici, le fichier n’est pas du texte UTF-8.',
      'Enregistrez-le en UTF-8 : iconv -f … -t UTF-8',
    ],
  ),
  'plan.empty': error(
    2,
    () => ['The plan is empty.', 'reprise init'],
    () => ['Le plan est vide.', 'reprise init'],
  ),
  'plan.several-documents': error(
    2,
    () => [
      'A second YAML document begins here; a plan is one document.',
      'Remove the line --- and what follows it.',
    ],
    () => [
      'Un second document YAML commence ici ; un plan est un seul document.',
      'Supprimez la ligne --- et ce qui la suit.',
    ],
  ),
  'plan.too-deep': error(
    2,
    (p: { max: number }) => [`Nested deeper than ${p.max} levels.`, 'reprise plan schema'],
    (p) => [`Plus de ${p.max} niveaux imbriqués.`, 'reprise plan schema'],
  ),
  'plan.yaml': error(
    2,
    (p: { rule: string; detail: string }) => [
      `YAML: ${p.detail}`,
      'Compare indentation and quotes with the lines around; between { } and [ ] write "${NAME}" with quotes.',
    ],
    (p) => [
      `YAML : ${french[p.rule] ?? p.detail}`,
      'Comparez indentation et guillemets avec les lignes voisines ; entre { } et [ ], écrivez "${NOM}" avec des guillemets.',
    ],
  ),
  'plan.duplicate-key': error(
    2,
    (p: { key: string; line: number }) => [
      `The key "${p.key}" is already on line ${p.line}.`,
      'Keep one of the two, or merge them.',
    ],
    (p) => [`La clé « ${p.key} » figure déjà ligne ${p.line}.`, 'Gardez l’une des deux, ou fusionnez-les.'],
  ),
  'plan.key-not-text': error(
    2,
    () => ['A key must be plain text.', 'Put it between quotes.'],
    () => ['Une clé doit être un texte simple.', 'Mettez-la entre guillemets.'],
  ),
  'plan.alias-unknown': error(
    2,
    (p: { name: string }) => [
      `*${p.name} refers to no anchor before it.`,
      `Write &${p.name} where it is defined, above.`,
    ],
    (p) => [
      `*${p.name} ne renvoie à aucune ancre qui précède.`,
      `Écrivez &${p.name} à l’endroit de sa définition, au-dessus.`,
    ],
  ),
  'plan.alias-cycle': error(
    2,
    (p: { name: string }) => [`*${p.name} contains itself.`, 'Write the value out.'],
    (p) => [`*${p.name} se contient lui-même.`, 'Écrivez la valeur en toutes lettres.'],
  ),
  'plan.alias-bomb': error(
    2,
    (p: { max: number }) => [
      `Aliases of this file expand to more than ${p.max} values.`,
      'Write the values out.',
    ],
    (p) => [
      `Les alias de ce fichier donnent plus de ${p.max} valeurs.`,
      'Écrivez les valeurs en toutes lettres.',
    ],
  ),
  'plan.variable-missing': error(
    2,
    (p: { name: string }) => [
      `The environment variable ${p.name} is not set.`,
      `export ${p.name}=… (or write $\${${p.name}} for the text itself)`,
    ],
    (p) => [
      `La variable d’environnement ${p.name} n’est pas définie.`,
      `export ${p.name}=… (ou écrivez $\${${p.name}} pour le texte lui-même)`,
    ],
  ),
  'plan.variable-syntax': error(
    2,
    (p: { text: string }) => [
      `"${p.text}" is not \${NAME}.`,
      'Write $${ where ${ is meant as text, for instance in shell commands.',
    ],
    (p) => [
      `« ${p.text} » n’est pas de la forme \${NOM}.`,
      'Écrivez $${ quand ${ est du texte, par exemple dans une commande du shell.',
    ],
  ),
} as const;
