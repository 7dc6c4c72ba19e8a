import { finding } from './define.ts';

export const serviceFindings = {
  'service.ready': finding<{ how: string }>(
    (p) => [
      {
        pass: `${p.subject} answers.`,
        fail: `${p.subject} does not answer (${p.how}).`,
        unable: `${p.subject} could not be asked (${p.how}).`,
      }[p.verdict],
      p.verdict === 'pass' ? 'Only that its ready command exits 0, not that its data is right.' : null,
    ],
    (p) => [
      {
        pass: `${p.subject} répond.`,
        fail: `${p.subject} ne répond pas (${p.how}).`,
        unable: `${p.subject} n’a pas pu être interrogé (${p.how}).`,
      }[p.verdict],
      p.verdict === 'pass'
        ? 'Seulement que sa commande ready se termine par 0, pas que ses données sont justes.'
        : null,
    ],
  ),
  'service.unasked': finding<object>(
    () => ['No service is named in the plan: nobody can be asked.', null],
    () => ['Le plan ne nomme aucun service : personne à interroger.', null],
  ),
} as const;
