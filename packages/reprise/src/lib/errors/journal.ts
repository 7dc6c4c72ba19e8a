import { error } from './define.ts';

export const journalErrors = {
  'journal.absent': error(
    2,
    (p: { path: string }) => [
      `There is no journal at ${p.path}: nothing was set up here, or this machine lost its state.`,
      'reprise init, or after a loss: reprise bootstrap <repository>',
    ],
    (p) => [
      `Aucun journal dans ${p.path} : rien n’a été mis en place ici, ou cette machine a perdu son état.`,
      'reprise init, ou après une perte : reprise bootstrap <dépôt>',
    ],
  ),
  'journal.unknown-run': error(
    2,
    (p: { run: string }) => [
      `The journal has no run ${p.run}.`,
      'reprise journal show --type run.started, which lists all',
    ],
    (p) => [
      `Le journal n’a pas d’exécution ${p.run}.`,
      'reprise journal show --type run.started, qui les liste toutes',
    ],
  ),
  'journal.exists': error(
    4,
    (p: { path: string }) => [
      `There is already a journal at ${p.path}; it is not written over.`,
      'reprise status, or choose another REPRISE_HOME',
    ],
    (p) => [
      `Un journal existe déjà dans ${p.path} ; il n’est pas écrasé.`,
      'reprise status, ou choisissez un autre REPRISE_HOME',
    ],
  ),
  'journal.damaged': error(
    1,
    (p: { path: string; why: string }) => [
      `The journal ${p.path} is damaged (${p.why}). The repositories hold a copy of it.`,
      'reprise bootstrap <repository>',
    ],
    (p) => [
      `Le journal ${p.path} est endommagé (${p.why}). Les dépôts en contiennent une copie.`,
      'reprise bootstrap <dépôt>',
    ],
  ),
  'journal.full': error(
    1,
    (p: { path: string }) => [
      `The journal ${p.path} cannot grow: its file system is full. Nothing further was done.`,
      'Make room there, then: reprise resume',
    ],
    (p) => [
      `Le journal ${p.path} ne peut plus grandir : son système de fichiers est plein. Rien d’autre n’a été fait.`,
      'Libérez de la place, puis : reprise resume',
    ],
  ),
  'journal.busy': error(
    4,
    (p: { path: string; seconds: number }) => [
      `The journal ${p.path} was being written by another process for more than ${p.seconds} s.`,
      'reprise status',
    ],
    (p) => [
      `Le journal ${p.path} est resté occupé par un autre processus pendant plus de ${p.seconds} s.`,
      'reprise status',
    ],
  ),
  'journal.not-writable': error(
    1,
    (p: { path: string; why: string }) => [
      `The journal ${p.path} cannot be opened or written: ${p.why}`,
      'reprise doctor',
    ],
    (p) => [`Le journal ${p.path} ne peut être ni ouvert ni écrit : ${p.why}`, 'reprise doctor'],
  ),
  'journal.read-only': error(
    1,
    (p: { type: string }) => [
      `The journal was opened for reading; ${p.type} was not written.`,
      'This is a defect of Reprise: reprise doctor',
    ],
    (p) => [
      `Le journal est ouvert en lecture ; ${p.type} n’a pas été écrit.`,
      'C’est un défaut de Reprise : reprise doctor',
    ],
  ),
  'journal.other-system': error(
    2,
    (p: { path: string; expected: string; found: string }) => [
      `The journal ${p.path} belongs to the system ${p.found}; the plan says ${p.expected}.`,
      'Give each plan its own REPRISE_HOME.',
    ],
    (p) => [
      `Le journal ${p.path} appartient au système ${p.found} ; le plan indique ${p.expected}.`,
      'Donnez à chaque plan son propre REPRISE_HOME.',
    ],
  ),
  'journal.superseded': error(
    4,
    (p: { installation: string; epoch: number; repository: string }) => [
      `Another installation took over from this one (${p.installation}, epoch ${p.epoch}, seen in ${p.repository}): what is captured here from now on is a fork.`,
      'reprise bootstrap <repository> to follow it, or go on knowingly: reprise backup --fork',
    ],
    (p) => [
      `Une autre installation a pris la suite de celle-ci (${p.installation}, époque ${p.epoch}, vue dans ${p.repository}) : ce qui est capturé ici désormais est une bifurcation.`,
      'reprise bootstrap <dépôt> pour la suivre, ou continuer en connaissance de cause : reprise backup --fork',
    ],
  ),
  'journal.put-back': error(
    4,
    (p: { repository: string; seq: number }) => [
      `${p.repository} holds another history of this installation (up to entry ${p.seq}): this machine was put back to an earlier moment, or its journal was changed.`,
      'reprise journal verify, then: reprise bootstrap <repository>',
    ],
    (p) => [
      `${p.repository} contient une autre histoire de cette installation (jusqu’à l’entrée ${p.seq}) : cette machine a été ramenée à un moment antérieur, ou son journal a été modifié.`,
      'reprise journal verify, puis : reprise bootstrap <dépôt>',
    ],
  ),
  'journal.not-canonical': error(
    1,
    (p: { path: string; why: string }) => [
      `A journal entry cannot hold ${p.why} (at ${p.path}).`,
      'This is a defect of Reprise: reprise doctor',
    ],
    (p) => [
      `Une entrée du journal ne peut pas contenir ceci : ${p.why} (à ${p.path}).`,
      'C’est un défaut de Reprise : reprise doctor',
    ],
  ),
  'journal.body': error(
    1,
    (p: { type: string; path: string; why: string }) => [
      `A journal entry ${p.type} was not written: ${p.path}: ${p.why}`,
      'This is a defect of Reprise: reprise doctor',
    ],
    (p) => [
      `Une entrée ${p.type} du journal n’a pas été écrite : ${p.path} : ${p.why}`,
      'C’est un défaut de Reprise : reprise doctor',
    ],
  ),
  'journal.entry-too-long': error(
    1,
    (p: { type: string; bytes: number; limit: number }) => [
      `A journal entry ${p.type} of ${p.bytes} bytes was not written: ${p.limit} is the most.`,
      'Split the component into several (for example one for each database).',
    ],
    (p) => [
      `Une entrée ${p.type} de ${p.bytes} octets n’a pas été écrite : le maximum est ${p.limit}.`,
      'Découpez le composant en plusieurs (par exemple un par base de données).',
    ],
  ),
  'journal.unreadable': error(
    1,
    (p: { where: string; why: string }) => [
      `${p.where} cannot be read as a journal: ${p.why}. It is not used.`,
      'reprise journal verify',
    ],
    (p) => [
      `${p.where} n’est pas lisible comme un journal : ${p.why}. Il n’est pas utilisé.`,
      'reprise journal verify',
    ],
  ),
  'journal.newer': error(
    2,
    (p: { where: string; v: string }) => [
      `${p.where} was written by a newer Reprise (format ${p.v}).`,
      'Update Reprise on this machine.',
    ],
    (p) => [
      `${p.where} a été écrit par une version plus récente de Reprise (format ${p.v}).`,
      'Mettez Reprise à jour sur cette machine.',
    ],
  ),
  'state.cut': error(
    1,
    (p: { where: string; signed: number; found: number }) => [
      `The state ${p.where} is cut: its journal was signed up to entry ${p.signed}, but only ${p.found} are there.`,
      'Choose another state: reprise bootstrap <repository> --state <snapshot>',
    ],
    (p) => [
      `L’état ${p.where} est tronqué : son journal est signé jusqu’à l’entrée ${p.signed}, mais il n’y en a que ${p.found}.`,
      'Choisissez un autre état : reprise bootstrap <dépôt> --state <instantané>',
    ],
  ),
  'state.rewritten': error(
    1,
    (p: { where: string; seq: number; why: string }) => [
      `The state ${p.where} was changed after it was signed: ${p.why}${p.seq === 0 ? '' : ` at entry ${p.seq}`}.`,
      'Treat it as an intrusion; choose another state: reprise bootstrap <repository> --state <snapshot>',
    ],
    (p) => [
      `L’état ${p.where} a été modifié après sa signature : ${p.why}${p.seq === 0 ? '' : ` à l’entrée ${p.seq}`}.`,
      'Considérez cela comme une intrusion ; choisissez un autre état : reprise bootstrap <dépôt> --state <instantané>',
    ],
  ),
  'state.forked': error(
    1,
    (p: { where: string; installation: string; epoch: number; seq: number }) => [
      `The state ${p.where} does not continue the journal that it holds: installation ${p.installation}, epoch ${p.epoch} names another predecessor than entry ${p.seq}.`,
      'Choose another state: reprise bootstrap <repository> --state <snapshot>',
    ],
    (p) => [
      `L’état ${p.where} ne prolonge pas le journal qu’il contient : l’installation ${p.installation}, époque ${p.epoch}, désigne un autre prédécesseur que l’entrée ${p.seq}.`,
      'Choisissez un autre état : reprise bootstrap <dépôt> --state <instantané>',
    ],
  ),
  'state.foreign': error(
    1,
    (p: { where: string; why: string }) => [
      `The state ${p.where} was not made by an installation that the recovery key vouches for: ${p.why}. It is not used.`,
      'reprise bootstrap <repository> lists the others; check the recovery key against the kit.',
    ],
    (p) => [
      `L’état ${p.where} n’a pas été produit par une installation que la clé de secours garantit : ${p.why}. Il n’est pas utilisé.`,
      'reprise bootstrap <dépôt> liste les autres ; comparez la clé de secours à celle de la trousse.',
    ],
  ),
  'state.unreadable': error(
    1,
    (p: { where: string; why: string }) => [
      `The state ${p.where} cannot be read: ${p.why}. It is not used.`,
      'Choose another state: reprise bootstrap <repository> --state <snapshot>',
    ],
    (p) => [
      `L’état ${p.where} est illisible : ${p.why}. Il n’est pas utilisé.`,
      'Choisissez un autre état : reprise bootstrap <dépôt> --state <instantané>',
    ],
  ),
} as const;
