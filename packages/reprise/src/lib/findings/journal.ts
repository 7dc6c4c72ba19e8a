import { codeText } from '../i18n/codes.ts';
import { finding } from './define.ts';

const notProvenIntact = [
  'That its end is still there: only heads kept in repositories prove that.',
  'Que sa fin est toujours là : seules les têtes conservées dans les dépôts le prouvent.',
] as const;

export const journalFindings = {
  'journal.intact': finding<{ entries: number }>(
    (p) => [
      `${p.entries} entries, each in its place in the chain, every epoch certified.`,
      notProvenIntact[0],
    ],
    (p) => [
      `${p.entries} entrées, chacune à sa place dans la chaîne, chaque époque certifiée.`,
      notProvenIntact[1],
    ],
  ),
  'journal.rewritten': finding<{ seq: number; why: string }>(
    (p) => [
      `Entry ${p.seq} is not what was written, or is not where it was (${p.why}): the journal was changed, or the disk damaged it.`,
      null,
    ],
    (p) => [
      `L’entrée ${p.seq} n’est pas ce qui avait été écrit, ou n’est plus à sa place (${p.why}) : le journal a été modifié ou le disque l’a endommagé.`,
      null,
    ],
  ),
  'journal.certified': finding<{ why: string }>(
    (p) => [
      p.verdict === 'pass'
        ? 'The signing key is the one that the recovery key vouched for.'
        : `The signing key is not shown to be the one that the recovery key vouched for (${codeText(p.why, 'en')}).`,
      'That nobody else holds the key: root on this machine can sign.',
    ],
    (p) => [
      p.verdict === 'pass'
        ? 'La clé de signature est celle que la clé de secours garantit.'
        : `Rien ne montre que la clé de signature est celle que la clé de secours garantit (${codeText(p.why, 'fr')}).`,
      'Que personne d’autre n’a la clé : root sur cette machine peut signer.',
    ],
  ),
  'journal.anchored': finding<{ anchors: number; outside: number }>(
    (p) => [
      p.verdict === 'pass'
        ? `${p.anchors} recorded heads agree with the journal, ${p.outside} of them read from repositories.`
        : `No head of this journal was read from a repository: a cut tail would not be noticed.`,
      p.verdict === 'pass' ? 'Entries after the newest head in a repository.' : null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? `${p.anchors} têtes enregistrées concordent avec le journal, dont ${p.outside} lues dans des dépôts.`
        : 'Aucune tête de ce journal n’a été lue dans un dépôt : une fin coupée passerait inaperçue.',
      p.verdict === 'pass' ? 'Les entrées postérieures à la dernière tête d’un dépôt.' : null,
    ],
  ),
  'journal.cut': finding<{ repository: string; anchor: number; head: number }>(
    (p) => [
      `The journal ends at entry ${p.head}, but ${p.repository} holds its signed head at entry ${p.anchor}: the end was cut off, or this machine was put back to an earlier moment.`,
      null,
    ],
    (p) => [
      `Le journal s’arrête à l’entrée ${p.head}, mais ${p.repository} contient sa tête signée à l’entrée ${p.anchor} : la fin a été coupée, ou cette machine a été ramenée à un moment antérieur.`,
      null,
    ],
  ),
  'journal.contradicted': finding<{ repository: string; seq: number }>(
    (p) => [
      `Entry ${p.seq} is another one than the signed head in ${p.repository} says: the journal was rewritten, or this machine was put back to an earlier moment and went on from there.`,
      null,
    ],
    (p) => [
      `L’entrée ${p.seq} n’est pas celle qu’indique la tête signée dans ${p.repository} : le journal a été réécrit, ou cette machine a été ramenée à un moment antérieur et a continué à partir de là.`,
      null,
    ],
  ),
  'journal.forked': finding<{ installation: string; epoch: number; after: number }>(
    (p) => [
      `Installation ${p.installation} (epoch ${p.epoch}) took over after entry ${p.after}: what was recorded here since is a fork${p.verdict === 'pass' ? ', knowingly' : ''}.`,
      null,
    ],
    (p) => [
      `L’installation ${p.installation} (époque ${p.epoch}) a pris la suite après l’entrée ${p.after} : ce qui est enregistré ici depuis est une bifurcation${p.verdict === 'pass' ? ', acceptée' : ''}.`,
      null,
    ],
  ),
} as const;
