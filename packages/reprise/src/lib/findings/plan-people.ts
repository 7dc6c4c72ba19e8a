import { finding } from './define.ts';

const missingFr: Readonly<Record<string, string>> = { name: 'nom', phone: 'téléphone', email: 'courriel' };

export const planPeopleFindings = {
  'plan.role': finding<{ why: 'none' | 'no-primary' | 'same' | 'filled' }>(
    (p) => [
      {
        none: 'The plan names no role: nobody knows who acts.',
        'no-primary': `Nobody has the role ${p.subject}.`,
        same: `The role ${p.subject} has the same person as primary and secondary.`,
        filled: `The role ${p.subject} is filled.`,
      }[p.why],
      null,
    ],
    (p) => [
      {
        none: 'Le plan ne nomme aucun rôle : personne ne sait qui agit.',
        'no-primary': `Personne ne tient le rôle ${p.subject}.`,
        same: `Le rôle ${p.subject} a la même personne comme titulaire et comme suppléant.`,
        filled: `Le rôle ${p.subject} est pourvu.`,
      }[p.why],
      null,
    ],
  ),
  'plan.person': finding<{ missing: string }>(
    (p) => [
      p.missing === ''
        ? `${p.subject} can be reached.`
        : `Missing or never filled in for ${p.subject}: ${p.missing.split(' ').join(', ')}.`,
      p.missing === '' ? 'That somebody answers.' : null,
    ],
    (p) => [
      p.missing === ''
        ? `${p.subject} est joignable.`
        : `Manquant ou jamais rempli pour ${p.subject} : ${p.missing
            .split(' ')
            .map((m) => missingFr[m] ?? m)
            .join(', ')}.`,
      p.missing === '' ? 'Que quelqu’un réponde.' : null,
    ],
  ),
  'plan.approvers': finding<{ names: string }>(
    (p) => [
      p.verdict === 'pass' ? `Approved by: ${p.names}.` : 'Nobody approves the plan (document.approvers).',
      p.verdict === 'pass' ? 'That they did: this version records no signature.' : null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? `Approbation par : ${p.names}.`
        : 'Personne n’approuve le plan (document.approvers).',
      p.verdict === 'pass' ? 'Qu’ils l’ont fait : cette version n’enregistre pas de signature.' : null,
    ],
  ),
  'plan.review': finding<{ reviewed: string | null; due: string | null }>(
    (p) => [
      p.due === null
        ? 'When the plan was reviewed, or how often it should be, is not said (document.reviewed, document.review_every).'
        : p.verdict === 'unable'
          ? `The plan says it was reviewed on ${p.reviewed}, which is still to come.`
          : `Last reviewed on ${p.reviewed}; the next review ${p.verdict === 'fail' ? 'was' : 'is'} due on ${p.due}.`,
      null,
    ],
    (p) => [
      p.due === null
        ? 'La date de la dernière révision du plan, ou sa fréquence, n’est pas indiquée (document.reviewed, document.review_every).'
        : p.verdict === 'unable'
          ? `Le plan se dit révisé le ${p.reviewed}, qui est encore à venir.`
          : `Dernière révision le ${p.reviewed} ; la suivante ${p.verdict === 'fail' ? 'était' : 'est'} attendue le ${p.due}.`,
      null,
    ],
  ),
} as const;
