import { messages } from './define.ts';

/** What `restore` and `recover` say on the terminal. Values come ready to print. */
export const recoveryMessages = messages(
  {
    'runbook.title': (p: { system: string; place: string }) =>
      `Runbook for ${p.system}, place: ${p.place}. Nothing is changed.`,
    'runbook.rebuild': (p: { component: string }) => `rebuild ${p.component} with its command`,
    'runbook.restore': (p: { component: string; point: string; age: string; bytes: string; from: string }) =>
      `restore ${p.component} from ${p.point} (${p.age} old, ${p.bytes}, from ${p.from})`,
    'runbook.no-data': (p: { component: string }) => `${p.component} has no data of its own`,
    'runbook.check': (p: { component: string }) => `start and check ${p.component}`,
    'runbook.decision': (p: { title: string; owner: string }) => `a person decides (${p.owner}): ${p.title}`,
    'runbook.command': (p: { title: string }) => `command: ${p.title}`,
    'runbook.anybody': 'anybody',
    'runbook.would.restore': 'the place is vacant',
    'runbook.would.put-aside': (p: { found: string }) => `put aside first: ${p.found}`,
    'runbook.would.refuse': (p: { found: string; component: string }) =>
      `WOULD BE REFUSED: ${p.found} (--replace ${p.component})`,
    'runbook.would.unknown': 'cannot be seen now',
    'runbook.scratch': (p: { bytes: string }) => `working room: ${p.bytes}`,
    'runbook.time': (p: { time: string }) => `about ${p.time}, as measured before`,
    'runbook.time.extrapolated': (p: { time: string }) => `about ${p.time}, extrapolated from size and rate`,
    'runbook.time.unknown': 'time not known: never measured',
    'runbook.whole': (p: { time: string }) => `Whole recovery: ${p.time}.`,
    'runbook.spread': (p: { spread: string }) => `The data of these points is ${p.spread} apart.`,
    'runbook.refused': (p: { message: string; hint: string }) =>
      `Carried out now, this would be refused. ${p.message}\n  → ${p.hint}`,
    'recovery.left-stopped': (p: { service: string; components: string; command: string }) =>
      `Service ${p.service} was running, was stopped for ${p.components} and was NOT started again: not everything in it is back. Mend what failed, then: ${p.command}`,
    'recovery.left-aside': (p: { component: string; where: string; command: string | null }) =>
      `What was in the place of ${p.component} is whole in ${p.where}: its point did not come back.${p.command === null ? '' : ` To put it back, while nothing is in its place: ${p.command}`}`,
    'recovery.restored': (p: { component: string; point: string; asOf: string }) =>
      `${p.component} is back as of ${p.asOf} (point ${p.point}).`,
    'table.component': 'component',
    'table.rpo': 'RPO objective',
    'table.rpo-actual': 'RPO actual',
    'table.rto': 'RTO objective',
    'table.rto-actual': 'RTO actual',
    'table.verdict': 'verdict',
    'table.whole': 'whole system',
  },
  {
    'runbook.title': (p) => `Procédure de reprise de ${p.system}, lieu : ${p.place}. Rien n’est modifié.`,
    'runbook.rebuild': (p) => `reconstruire ${p.component} avec sa commande`,
    'runbook.restore': (p) =>
      `restaurer ${p.component} depuis ${p.point} (âge ${p.age}, ${p.bytes}, depuis ${p.from})`,
    'runbook.no-data': (p) => `${p.component} n’a pas de données propres`,
    'runbook.check': (p) => `démarrer et contrôler ${p.component}`,
    'runbook.decision': (p) => `une personne décide (${p.owner}) : ${p.title}`,
    'runbook.command': (p) => `commande : ${p.title}`,
    'runbook.anybody': 'n’importe qui',
    'runbook.would.restore': 'l’emplacement est vide',
    'runbook.would.put-aside': (p) => `mettre de côté d’abord : ${p.found}`,
    'runbook.would.refuse': (p) => `SERAIT REFUSÉ : ${p.found} (--replace ${p.component})`,
    'runbook.would.unknown': 'invisible pour l’instant',
    'runbook.scratch': (p) => `place de travail : ${p.bytes}`,
    'runbook.time': (p) => `environ ${p.time}, d’après les mesures`,
    'runbook.time.extrapolated': (p) => `environ ${p.time}, extrapolé de la taille et du débit`,
    'runbook.time.unknown': 'durée inconnue : jamais mesurée',
    'runbook.whole': (p) => `Reprise entière : ${p.time}.`,
    'runbook.spread': (p) => `Les données de ces points sont écartées de ${p.spread}.`,
    'runbook.refused': (p) => `Lancée maintenant, elle serait refusée. ${p.message}\n  → ${p.hint}`,
    'recovery.left-stopped': (p) =>
      `Le service ${p.service} tournait, a été arrêté pour ${p.components} et N’A PAS été redémarré : tout ce qu’il contient n’est pas revenu. Corrigez ce qui a échoué, puis : ${p.command}`,
    'recovery.left-aside': (p) =>
      `Ce qui était à la place de ${p.component} est entier dans ${p.where} : son point n’est pas revenu.${p.command === null ? '' : ` Pour le remettre, tant que rien n’est à sa place : ${p.command}`}`,
    'recovery.restored': (p) => `${p.component} est revenu à son état du ${p.asOf} (point ${p.point}).`,
    'table.component': 'composant',
    'table.rpo': 'RPO (PDMA) objectif',
    'table.rpo-actual': 'RPO (PDMA) mesuré',
    'table.rto': 'RTO (DMIA) objectif',
    'table.rto-actual': 'RTO (DMIA) mesuré',
    'table.verdict': 'verdict',
    'table.whole': 'système entier',
  },
);
