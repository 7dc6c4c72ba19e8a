import { finding } from './define.ts';

const anew = (run: string): string => `reprise report recovery ${run}`;
const rebuild = 'reprise catalogue rebuild';

/** What `report recovery --check` finds; the subject is the run. */
export const evidenceFindings = {
  'record.signed': finding<{ found: string }>(
    (p) => {
      if (p.verdict === 'pass') return ['The signature holds: the record is as it was signed.', null];
      if (p.verdict === 'unable')
        return [
          `The record is not signed: nothing shows who made it. → ${anew(p.subject)} --write, where the installation has its key`,
          null,
        ];
      return p.found === 'twice'
        ? [
            `The file has a field twice, and readers would not all take the same one: no record of ours does. → ${anew(p.subject)}`,
            null,
          ]
        : [
            `The signature does not hold: the record was changed after it was signed, or its signature was. → ${anew(p.subject)}`,
            null,
          ];
    },
    (p) => {
      if (p.verdict === 'pass')
        return ['La signature est valable : le procès-verbal est resté tel qu’il a été signé.', null];
      if (p.verdict === 'unable')
        return [
          `Le procès-verbal n’est pas signé : rien ne montre qui l’a établi. → ${anew(p.subject)} --write, là où l’installation a sa clé`,
          null,
        ];
      return p.found === 'twice'
        ? [
            `Le fichier contient deux fois le même champ, et tous les lecteurs n’en retiendraient pas la même valeur : aucun de nos procès-verbaux n’est ainsi fait. → ${anew(p.subject)}`,
            null,
          ]
        : [
            `La signature n’est pas valable : le procès-verbal, ou sa signature, a été modifié après coup. → ${anew(p.subject)}`,
            null,
          ];
    },
  ),
  'record.key': finding<{ installation: string; epoch: number }>(
    (p) => {
      const whose = `installation ${p.installation}, epoch ${p.epoch}`;
      if (p.verdict === 'pass')
        return [
          `The key that the record names is the one that the recovery key vouched for: that of ${whose}.`,
          'That nobody else holds the key: root on that machine can sign.',
        ];
      return p.verdict === 'fail'
        ? [`The key that the record names is not that of ${whose}. → ${anew(p.subject)}`, null]
        : [`This journal does not know ${whose} (yet), nor its key. → ${rebuild}`, null];
    },
    (p) => {
      const whose = `l’installation ${p.installation}, époque ${p.epoch}`;
      if (p.verdict === 'pass')
        return [
          `La clé qu’indique le procès-verbal est bien celle que la clé de secours garantit : celle de ${whose}.`,
          'Que personne d’autre n’a la clé : root sur cette machine peut signer.',
        ];
      return p.verdict === 'fail'
        ? [`La clé qu’indique le procès-verbal n’est pas celle de ${whose}. → ${anew(p.subject)}`, null]
        : [`Ce journal ne connaît pas (encore) ${whose}, ni sa clé. → ${rebuild}`, null];
    },
  ),
  'record.head': finding<{ installation: string; epoch: number; seq: number; last: number }>(
    (p) => {
      if (p.verdict === 'pass')
        return [`The last entry that the record rests on (${p.seq}) is in this journal, unchanged.`, null];
      if (p.verdict === 'unable')
        return [
          `The record rests on the journal of installation ${p.installation}, epoch ${p.epoch}, up to entry ${p.seq}; this journal does not have that entry (yet). → ${rebuild}`,
          null,
        ];
      return p.last < p.seq
        ? [
            `The record rests on entry ${p.seq}, but the journal of this very installation ends at entry ${p.last}: its end was cut off, this machine was put back to an earlier moment, or the record is not from it. → reprise journal verify`,
            null,
          ]
        : [
            `Entry ${p.seq}, which the record rests on, is another one in this journal: the record is not from it, or one of the two was rewritten. → reprise journal verify`,
            null,
          ];
    },
    (p) => {
      if (p.verdict === 'pass')
        return [
          `La dernière entrée sur laquelle repose le procès-verbal (${p.seq}) est bien dans ce journal, inchangée.`,
          null,
        ];
      if (p.verdict === 'unable')
        return [
          `Le procès-verbal repose sur le journal de l’installation ${p.installation}, époque ${p.epoch}, jusqu’à l’entrée ${p.seq} ; ce journal-ci ne contient pas (encore) cette entrée. → ${rebuild}`,
          null,
        ];
      return p.last < p.seq
        ? [
            `Le procès-verbal repose sur l’entrée ${p.seq}, mais le journal de cette même installation s’arrête à l’entrée ${p.last} : sa fin a été coupée, cette machine a été ramenée à un moment antérieur, ou le procès-verbal ne vient pas d’elle. → reprise journal verify`,
            null,
          ]
        : [
            `L’entrée ${p.seq}, sur laquelle repose le procès-verbal, est une autre dans ce journal : il n’en est pas tiré, ou l’un des deux a été réécrit. → reprise journal verify`,
            null,
          ];
    },
  ),
  'record.says': finding<{ found: string; fields: string; more: boolean }>(
    (p) => {
      const fields = `${p.fields}${p.more ? ', …' : ''}`;
      if (p.verdict === 'pass')
        return [
          'The record says what the journal says of this run.',
          'What became of the run after the record was made; that the end of the journal is still there (reprise journal verify).',
        ];
      if (p.verdict === 'fail')
        return [
          `The journal says something else of this run; what differs: ${fields}. → ${anew(p.subject)}`,
          null,
        ];
      if (p.found === 'newer')
        return [
          `What this version of Reprise knows of the record agrees with the journal; it does not know: ${fields}. → Update Reprise on this machine.`,
          null,
        ];
      return p.found === 'partly'
        ? [
            `This journal does not have all entries of this run (yet); what differs so far: ${fields}. → ${rebuild}`,
            null,
          ]
        : [`This journal has nothing of run ${p.subject} (yet). → ${rebuild}`, null];
    },
    (p) => {
      const fields = `${p.fields}${p.more ? ', …' : ''}`;
      if (p.verdict === 'pass')
        return [
          'Le procès-verbal dit ce que le journal dit de cette exécution.',
          'Ce que l’exécution est devenue après l’établissement du procès-verbal ; que la fin du journal est toujours là (reprise journal verify).',
        ];
      if (p.verdict === 'fail')
        return [
          `Le journal dit autre chose de cette exécution ; ce qui diffère : ${fields}. → ${anew(p.subject)}`,
          null,
        ];
      if (p.found === 'newer')
        return [
          `Ce que cette version de Reprise connaît du procès-verbal concorde avec le journal ; elle ne connaît pas : ${fields}. → Mettez Reprise à jour sur cette machine.`,
          null,
        ];
      return p.found === 'partly'
        ? [
            `Ce journal ne contient pas (encore) toutes les entrées de cette exécution ; ce qui diffère pour l’instant : ${fields}. → ${rebuild}`,
            null,
          ]
        : [`Ce journal ne contient (encore) rien sur l’exécution ${p.subject}. → ${rebuild}`, null];
    },
  ),
  'record.system': finding<{ system: string; here: string }>(
    (p) => [
      `The record is of the system ${p.system}, this journal of ${p.here}. → the same command with the plan of ${p.system}: --plan <file>`,
      null,
    ],
    (p) => [
      `Le procès-verbal concerne le système ${p.system}, ce journal le système ${p.here}. → la même commande avec le plan de ${p.system} : --plan <fichier>`,
      null,
    ],
  ),
} as const;
