import { recipeText } from '../i18n/steps.ts';
import { error } from './define.ts';

export const runsErrors = {
  'run.locked': error(
    4,
    (p: { what: string; run: string; pid: number }) => [
      `${p.what} is in use by run ${p.run} (process ${p.pid}).`,
      'Wait until it has finished: reprise status',
    ],
    (p) => [
      `${p.what} est utilisé par l’exécution ${p.run} (processus ${p.pid}).`,
      'Attendez qu’elle se termine : reprise status',
    ],
  ),
  'run.interrupted': error(
    130,
    (p: { run: string }) => [`Run ${p.run} was interrupted.`, 'reprise resume'],
    (p) => [`L’exécution ${p.run} a été interrompue.`, 'reprise resume'],
  ),
  'run.plan-changed': error(
    4,
    (p: { run: string; recipe: string }) => [
      `The plan was changed after run ${p.run} (${recipeText(p.recipe, 'en')}) began; it cannot go on under another plan.`,
      'reprise resume --abandon',
    ],
    (p) => [
      `Le plan a changé depuis le début de l’exécution ${p.run} (${recipeText(p.recipe, 'fr')}) ; elle ne peut pas continuer avec un autre plan.`,
      'reprise resume --abandon',
    ],
  ),
  'run.approval-missing': error(
    4,
    (p: { run: string; step: string; text: string }) => [
      `Run ${p.run} waits for a person at step ${p.step}: ${p.text}`,
      `Do it, then type the same command again with: --done ${p.step}`,
    ],
    (p) => [
      `L’exécution ${p.run} attend une personne à l’étape ${p.step} : ${p.text}`,
      `Faites-le, puis relancez la même commande avec : --done ${p.step}`,
    ],
  ),
  'host.unsupported': error(
    3,
    (p: { host: string; kind: string }) => [
      `Host ${p.host} is of kind ${p.kind}, which this version cannot act on.`,
      'reprise plan check',
    ],
    (p) => [
      `L’hôte ${p.host} est de type ${p.kind}, que cette version ne sait pas gérer.`,
      'reprise plan check',
    ],
  ),
  'run.unknown-name': error(
    2,
    (p: { name: string; known: string }) => [
      `The plan has no component or group named ${p.name}; it has: ${p.known}.`,
      'reprise plan explain',
    ],
    (p) => [
      `Le plan n’a ni composant ni groupe nommé ${p.name} ; il a : ${p.known}.`,
      'reprise plan explain',
    ],
  ),
  'run.unknown-repository': error(
    2,
    (p: { name: string; known: string }) => [
      `The plan has no repository named ${p.name}; it has: ${p.known}.`,
      'reprise plan explain',
    ],
    (p) => [`Le plan n’a pas de dépôt nommé ${p.name} ; il a : ${p.known}.`, 'reprise plan explain'],
  ),
  'run.unknown-recipe': error(
    4,
    (p: { run: string; recipe: string }) => [
      `Run ${p.run} is a “${p.recipe}”, which this version of Reprise does not know; it cannot be carried on here.`,
      'reprise resume --abandon',
    ],
    (p) => [
      `L’exécution ${p.run} est un « ${p.recipe} », que cette version de Reprise ne connaît pas ; elle ne peut pas continuer ici.`,
      'reprise resume --abandon',
    ],
  ),
  'run.unknown-protection': error(
    2,
    (p: { name: string; known: string }) => [
      `The plan has no protection named ${p.name}; it has: ${p.known}.`,
      'reprise plan explain',
    ],
    (p) => [`Le plan n’a pas de protection nommée ${p.name} ; il a : ${p.known}.`, 'reprise plan explain'],
  ),
  'run.unprotected': error(
    2,
    (p: { name: string }) => [
      `${p.name} is in no protection, so the plan does not say where its capture goes.`,
      'Name a protection under `captures` in the plan, then: reprise backup',
    ],
    (p) => [
      `${p.name} n’a pas de protection : le plan ne dit pas où va sa capture.`,
      'Indiquez une protection dans `captures` du plan, puis : reprise backup',
    ],
  ),
  'run.unexpected': error(
    1,
    (p: { step: string; message: string }) => [
      `Step ${p.step} ended with an error that Reprise does not know: ${p.message}`,
      'reprise doctor',
    ],
    (p) => [
      `L’étape ${p.step} s’est terminée par une erreur que Reprise ne connaît pas : ${p.message}`,
      'reprise doctor',
    ],
  ),
} as const;
