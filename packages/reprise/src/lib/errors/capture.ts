import type { Finding } from '@reprise/contracts';

import { wordsOf } from '../findings/index.ts';
import { plural } from '../i18n/define.ts';
import { error } from './define.ts';

export const captureErrors = {
  'capture.preflight': error(
    1,
    (p: { component: string; why: Finding }) => [
      `${p.component} was not captured: ${wordsOf(p.why, 'en').message}`,
      'Mend it, then: reprise backup',
    ],
    (p) => [
      `${p.component} n’a pas été capturé : ${wordsOf(p.why, 'fr').message}`,
      'Corrigez, puis : reprise backup',
    ],
  ),
  'capture.nothing': error(
    1,
    (p: { component: string }) => [
      `The capture of ${p.component} gave no data at all: no point was made.`,
      'reprise doctor',
    ],
    (p) => [
      `La capture de ${p.component} n’a donné aucune donnée : aucun point n’a été créé.`,
      'reprise doctor',
    ],
  ),
  'capture.empty': error(
    1,
    (p: { component: string; part: string }) => [
      `Part ${p.part} of ${p.component} is empty: its tool ended without writing anything. No point was made.`,
      'Run the tool by hand to see why, then: reprise backup',
    ],
    (p) => [
      `La partie ${p.part} de ${p.component} est vide : son outil s’est terminé sans rien écrire. Aucun point n’a été créé.`,
      'Lancez l’outil à la main pour comprendre, puis : reprise backup',
    ],
  ),
  'capture.emptied': error(
    1,
    (p: { component: string; database: string | null; before: number; tables: number }) => [
      `${p.database === null ? p.component : `Database ${p.database} of ${p.component}`} holds no row any more; the newest point has ${p.before} in ${p.tables} ${plural('en', p.tables, 'table', 'tables')}: no point was made, older points are untouched.`,
      `Is it the right database? To have the data back: reprise restore ${p.component}. If it may be empty: allow_empty: true for ${p.component} in the plan.`,
    ],
    (p) => [
      `${p.database === null ? p.component : `La base ${p.database} de ${p.component}`} ne contient plus aucune ligne ; le dernier point en a ${p.before} dans ${p.tables} ${plural('fr', p.tables, 'table', 'tables')} : aucun point n’a été créé, les plus anciens sont intacts.`,
      `Est-ce la bonne base ? Pour retrouver les données : reprise restore ${p.component}. Si elle peut être vide : allow_empty: true pour ${p.component} dans le plan.`,
    ],
  ),
  'capture.half-restored': error(
    4,
    (p: { component: string; run: string; command: string }) => [
      `${p.component} was not captured: run ${p.run} began to restore it and did not end, so what is there may be half restored. Older points are untouched.`,
      `${p.command} (finishes it); if what is there is as it should be: reprise resume --abandon`,
    ],
    (p) => [
      `${p.component} n’a pas été capturé : l’exécution ${p.run} a commencé à le restaurer et ne s’est pas terminée ; ce qui s’y trouve n’est peut-être restauré qu’à moitié. Les points plus anciens sont intacts.`,
      `${p.command} (pour la terminer) ; si ce qui s’y trouve est correct : reprise resume --abandon`,
    ],
  ),
  'capture.parts': error(
    1,
    (p: { component: string; part: string }) => [
      `The capture of ${p.component} gave the part ${p.part} twice or under a name that cannot be stored.`,
      'This is a defect of the kind: reprise doctor',
    ],
    (p) => [
      `La capture de ${p.component} a donné deux fois la partie ${p.part}, ou sous un nom impossible à stocker.`,
      'C’est un défaut de l’adaptateur : reprise doctor',
    ],
  ),
  'capture.check-failed': error(
    1,
    (p: { component: string; why: Finding }) => [
      `What was stored of ${p.component} did not pass its check: ${wordsOf(p.why, 'en').message} No point was made; older points are untouched.`,
      'reprise backup',
    ],
    (p) => [
      `Ce qui a été stocké de ${p.component} n’a pas passé son contrôle : ${wordsOf(p.why, 'fr').message} Aucun point n’a été créé ; les points plus anciens sont intacts.`,
      'reprise backup',
    ],
  ),
  'capture.not-copied': error(
    1,
    (p: { point: string; repository: string }) => [
      `restic ended well, but ${p.repository} has no copy of ${p.point}.`,
      'reprise backup',
    ],
    (p) => [
      `restic s’est bien terminé, mais ${p.repository} n’a pas de copie de ${p.point}.`,
      'reprise backup',
    ],
  ),
  'capture.not-at-rest': error(
    1,
    (p: { group: string; service: string; seconds: number }) => [
      `${p.service} was not at rest after ${p.seconds} s, which is all that ${p.group} may be held: it was let go again, and no point was made.`,
      'See what its stop command waits for, or raise groups.<name>.hold.max in the plan.',
    ],
    (p) => [
      `${p.service} n’était pas au repos après ${p.seconds} s, toute la durée pendant laquelle ${p.group} peut être retenu : il a été relancé, et aucun point n’a été créé.`,
      'Regardez ce qu’attend sa commande stop, ou augmentez groups.<nom>.hold.max dans le plan.',
    ],
  ),
  'capture.released': error(
    1,
    (p: { group: string }) => [
      `${p.group} was no longer at rest when its capture ended (the guardian had let go): no point was made.`,
      'Raise groups.<name>.hold.max in the plan, or capture less at once.',
    ],
    (p) => [
      `${p.group} n’était plus au repos à la fin de sa capture (le gardien l’a relancé) : aucun point n’a été créé.`,
      'Augmentez groups.<nom>.hold.max dans le plan, ou capturez moins à la fois.',
    ],
  ),
} as const;
