import { finding } from './define.ts';

export const catalogueFindings = {
  'catalogue.state-refused': finding<{ code: string; repository: string }>(
    (p) => [
      `A state in ${p.repository} is not used (${p.code}): it is not proven to be one of ours, or not whole.`,
      'Not who put it there.',
    ],
    (p) => [
      `Un état de ${p.repository} n’est pas utilisé (${p.code}) : rien ne prouve qu’il est des nôtres, ou il n’est pas entier.`,
      'Pas qui l’a mis là.',
    ],
  ),
  'catalogue.lost': finding<{ repository: string; part: string }>(
    (p) => [
      `${p.subject} can no longer be restored from ${p.repository}: its part ${p.part} is gone, though nobody of ours gave it up.`,
      null,
    ],
    (p) => [
      `${p.subject} ne peut plus être restauré depuis ${p.repository} : sa partie ${p.part} a disparu, sans que l’un des nôtres y ait renoncé.`,
      null,
    ],
  ),
  'retention.clock': finding<{ why: 'future' | 'stale'; point: string; age_ms: number | null }>(
    (p) => [
      p.verdict === 'pass'
        ? `The clock agrees with the points in ${p.subject}.`
        : p.why === 'future'
          ? `Nothing was forgotten in ${p.subject}: ${p.point} is dated in the future, so a clock is wrong.`
          : `Nothing was forgotten in ${p.subject}: its newest point ${p.point} is too old for the schedule; the clock may have jumped, or nothing was captured.`,
      null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? `L’horloge concorde avec les points de ${p.subject}.`
        : p.why === 'future'
          ? `Rien n’a été oublié dans ${p.subject} : ${p.point} est daté dans le futur, une horloge est donc fausse.`
          : `Rien n’a été oublié dans ${p.subject} : son point le plus récent ${p.point} est trop ancien pour la planification ; l’horloge a pu sauter, ou rien n’a été capturé.`,
      null,
    ],
  ),
} as const;
