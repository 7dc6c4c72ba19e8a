import { finding } from './define.ts';
import { d, j } from './durations.ts';

/** What would show that a recovery works. */
export const planProofFindings = {
  'plan.checks': finding<{ checks: number }>(
    (p) => [
      p.checks === 0
        ? `${p.subject} has no check: nobody could say whether its recovery worked.`
        : `${p.subject} has ${p.checks} ${p.checks === 1 ? 'check' : 'checks'}.`,
      null,
    ],
    (p) => [
      p.checks === 0
        ? `${p.subject} n’a aucun contrôle : personne ne pourrait dire si sa reprise a réussi.`
        : `${p.subject} a ${p.checks} ${p.checks === 1 ? 'contrôle' : 'contrôles'}.`,
      null,
    ],
  ),
  'plan.check-duration': finding<{ check: string; max_ms: number; rto_ms: number }>(
    (p) => [
      `The check “${p.check}” of ${p.subject} may take ${d(p.max_ms)}, longer than the RTO of ${d(p.rto_ms)}: it could pass after the objective was missed. Shorten its max_duration.`,
      null,
    ],
    (p) => [
      `Le contrôle « ${p.check} » de ${p.subject} peut durer ${j(p.max_ms)}, plus que le RTO (DMIA) de ${j(p.rto_ms)} : il pourrait réussir une fois l’objectif déjà manqué. Raccourcissez son max_duration.`,
      null,
    ],
  ),
  'plan.drilled': finding<{ last: string | null; every_ms: number | null }>(
    (p) => [
      p.last === null
        ? `${p.subject} was never drilled: nothing shows that it can be recovered.`
        : p.every_ms === null
          ? `${p.subject} was last drilled on ${p.last}; how often it should be is not said.`
          : `${p.subject} was last drilled on ${p.last}; wanted every ${d(p.every_ms)}.`,
      null,
    ],
    (p) => [
      p.last === null
        ? `${p.subject} n’a jamais fait l’objet d’un exercice : rien ne montre qu’on sait le reprendre.`
        : p.every_ms === null
          ? `Dernier exercice de ${p.subject} : ${p.last} ; la fréquence voulue n’est pas indiquée.`
          : `Dernier exercice de ${p.subject} : ${p.last} ; il en faut un tous les ${j(p.every_ms)}.`,
      null,
    ],
  ),
} as const;
