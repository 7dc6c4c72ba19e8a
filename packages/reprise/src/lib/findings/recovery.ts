import { recoveryErrors } from '../errors/recovery.ts';
import { codeText, withCodesSaid } from '../i18n/codes.ts';
import { words } from '../i18n/index.ts';
import type { Language } from '../language.ts';
import { timeText } from '../quantities.ts';
import { finding } from './define.ts';

/** Values of every check's finding: what was probed, what came, what was expected, what went wrong. */
interface Probe {
  readonly check: string;
  readonly subject_of_probe: string;
  readonly got: string | null;
  readonly expected: string | null;
  readonly problem: string | null;
  readonly tries: number;
  readonly ms: number;
}

const problems = {
  'no-row': ['no row came back', 'aucune ligne n’est revenue'],
  null: ['the answer is NULL', 'la réponse est NULL'],
  value: ['another value came back', 'une autre valeur est revenue'],
  false: ['the answer is false', 'la réponse est fausse'],
  fewer: ['there are too few', 'il y en a trop peu'],
  differs: ['the number is not the recorded one', 'le nombre n’est pas celui relevé'],
  'not-recorded': ['nothing was recorded to compare with', 'rien n’a été relevé pour comparer'],
  'no-query': ['this kind of component cannot be queried', 'ce type de composant ne peut pas être interrogé'],
  redirect: [
    'it redirects elsewhere, which proves nothing',
    'la page redirige ailleurs, ce qui ne prouve rien',
  ],
  status: ['another status came back', 'un autre statut est revenu'],
  text: ['the expected text is not in the answer', 'le texte attendu n’est pas dans la réponse'],
  unreachable: ['nothing answers', 'rien ne répond'],
  exit: ['the command failed', 'la commande a échoué'],
  missing: ['a file is missing', 'un fichier manque'],
  elsewhere: [
    'it points outside the place of this recovery: asking it would judge the live system',
    'la cible est hors du lieu de cette reprise : l’interroger jugerait le système en service',
  ],
  timeout: ['no answer in time', 'pas de réponse à temps'],
  error: ['it could not be asked', 'impossible de l’interroger'],
} as const;
const why = (problem: string | null, index: 0 | 1): string =>
  problem === null ? '' : (problems[problem as keyof typeof problems]?.[index] ?? problem);

type Judged = Probe & { readonly verdict: 'pass' | 'fail' | 'unable' };
const en = (p: Judged): string => {
  const values = `${p.expected === null ? '' : `, expected ${p.expected}`}${p.got === null ? '' : `, got ${p.got}`}`;
  if (p.verdict === 'pass')
    return `Check “${p.check}” passed (${p.subject_of_probe}${p.got === null ? '' : `: ${p.got}`}).`;
  const head = p.verdict === 'fail' ? `Check “${p.check}” failed` : `Check “${p.check}” could not be judged`;
  return `${head} (${p.subject_of_probe}): ${why(p.problem, 0)}${values}.`;
};
const fr = (p: Judged): string => {
  const values = `${p.expected === null ? '' : `, attendu ${p.expected}`}${p.got === null ? '' : `, obtenu ${p.got}`}`;
  if (p.verdict === 'pass')
    return `Contrôle « ${p.check} » réussi (${p.subject_of_probe}${p.got === null ? '' : ` : ${p.got}`}).`;
  const head =
    p.verdict === 'fail' ? `Contrôle « ${p.check} » en échec` : `Contrôle « ${p.check} » impossible à juger`;
  return `${head} (${p.subject_of_probe}) : ${why(p.problem, 1)}${values}.`;
};
const probe = (limitEn: string, limitFr: string) =>
  finding<Probe>(
    (p) => [en(p), p.verdict === 'pass' ? limitEn : null],
    (p) => [fr(p), p.verdict === 'pass' ? limitFr : null],
  );

const time = (ms: number | null, language: Language): string => (ms === null ? '–' : timeText(ms, language));

/** The error that the real run would end with, in words alone. */
interface Refusal {
  readonly refused: string;
  readonly gone: string;
  readonly each: string;
  readonly groups: string;
  readonly all: string;
}
const refusal = (p: Refusal, language: Language): string => {
  const { message, hint } = recoveryErrors['recovery.refused'][language]({ ...p, components: [], found: [] });
  return words(language)['runbook.refused']({ message, hint });
};

interface NoRoom {
  readonly component: string;
  readonly path: string;
  readonly needed: number;
  readonly free: number;
}
const noRoom = (p: NoRoom, language: Language): string =>
  words(language)['runbook.refused'](recoveryErrors['place.no-room'][language](p));

interface PassedOver {
  readonly reason: string;
  /** The newest of them. */
  readonly point: string;
  readonly as_of: string;
  /** The others' ids, in a row. */
  readonly more: string;
  readonly chosen: string;
  readonly chosen_as_of: string;
}
const passed: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: {
    failed: 'it failed its newest check',
    uncommitted: 'no repository is known to hold it whole, with its journal entry',
    future: 'it is dated in the future',
    fork: 'an installation made it after another had taken over',
    group: 'its group has no whole capture as late as that',
  },
  fr: {
    failed: 'il a échoué à son dernier contrôle',
    uncommitted: 'aucun dépôt n’est connu pour le contenir en entier, avec son entrée de journal',
    future: 'il est daté du futur',
    fork: 'une installation l’a créé après qu’une autre avait pris la relève',
    group: 'son groupe n’a pas de capture complète aussi récente',
  },
};
const other = ({ reason, subject, point }: PassedOver & { readonly subject: string }): string =>
  reason === 'uncommitted' ? 'reprise resume' : `reprise restore ${subject} --point ${point}`;

export const recoveryFindings = {
  'check.sql': probe('Only this one value was asked for.', 'Seule cette valeur a été demandée.'),
  'check.rows': probe('The rows were counted, not compared.', 'Les lignes ont été comptées, pas comparées.'),
  'check.http': probe(
    'One answer of one page; nobody logged in or wrote anything.',
    'Une réponse d’une page ; personne ne s’est connecté ni n’a rien écrit.',
  ),
  'check.tcp': probe(
    'Something accepts connections; not that it answers rightly.',
    'Quelque chose accepte les connexions ; rien ne dit qu’il répond juste.',
  ),
  'check.command': probe(
    'The command’s exit status, nothing more.',
    'Le code de sortie de la commande, rien de plus.',
  ),
  'check.files': probe(
    'The files are there; their content was not read.',
    'Les fichiers sont là ; leur contenu n’a pas été lu.',
  ),
  'recovery.no-checks': finding<{ component: string }>(
    (p) => [`${p.component} has no checks in the plan: whether it is in service was not judged.`, null],
    (p) => [
      `${p.component} n’a pas de contrôles dans le plan : son retour en service n’a pas été jugé.`,
      null,
    ],
  ),
  'recovery.not-compared': finding<{ component: string }>(
    (p) => [`Nothing recorded at capture could be compared with what was restored of ${p.component}.`, null],
    (p) => [
      `Rien de ce qui fut relevé à la capture n’a pu être comparé à ce qui a été restauré de ${p.component}.`,
      null,
    ],
  ),
  'recovery.read-from': finding<{ point: string; repository: string; others: string | null }>(
    (p) => [
      `Point ${p.point} was read from repository ${p.repository}${p.others === null ? '' : `, because others could not be used: ${withCodesSaid(p.others, 'en')}`}.`,
      p.others === null ? null : 'The other copies of this point may be lost: only this one was read.',
    ],
    (p) => [
      `Le point ${p.point} a été lu dans le dépôt ${p.repository}${p.others === null ? '' : `, car d’autres étaient inutilisables : ${withCodesSaid(p.others, 'fr')}`}.`,
      p.others === null
        ? null
        : 'Les autres copies de ce point sont peut-être perdues : seule celle-ci a été lue.',
    ],
  ),
  'recovery.kept-by-word': finding<{ point: string; place: string }>(
    (p) => [
      `What lies in ${p.place} is no longer as point ${p.point} was restored by this run; a person said to take it as it is.`,
      'That it is the restored data, used since.',
    ],
    (p) => [
      `Ce qui se trouve dans ${p.place} n’est plus tel que le point ${p.point} restauré par cette exécution ; une personne a dit de le prendre tel quel.`,
      'Qu’il s’agisse des données restaurées, utilisées depuis.',
    ],
  ),
  'recovery.used-since': finding<{ point: string; place: string }>(
    (p) => [
      `What lies in ${p.place} differs from point ${p.point}, which this run had brought back and put in service. It was left as it is. To bring the point back again: reprise restore ${p.subject} --replace ${p.subject}`,
      'That it is the restored data, used since, and that none of it was lost again.',
    ],
    (p) => [
      `Ce qui se trouve dans ${p.place} diffère du point ${p.point}, que cette exécution avait ramené et remis en service. Rien n’y a été touché. Pour ramener le point de nouveau : reprise restore ${p.subject} --replace ${p.subject}`,
      'Qu’il s’agisse des données restaurées, utilisées depuis, et que rien n’en ait été perdu de nouveau.',
    ],
  ),
  'recovery.found-whole': finding<{ point: string; place: string }>(
    (p) => [
      `Point ${p.point} lay whole in ${p.place} after an interruption of this run; it was not restored again.`,
      'How long its restore took is not known.',
    ],
    (p) => [
      `Le point ${p.point} était entier dans ${p.place} après une interruption de cette exécution ; il n’a pas été restauré de nouveau.`,
      'La durée de sa restauration n’est pas connue.',
    ],
  ),
  'recovery.rebuilt': finding<{ component: string }>(
    (p) => [
      `${p.component} has no data of its own and was rebuilt by its command.`,
      'Its content was compared with nothing.',
    ],
    (p) => [
      `${p.component} n’a pas de données propres et a été reconstruit par sa commande.`,
      'Son contenu n’a été comparé à rien.',
    ],
  ),
  'recovery.service-not-moved': finding<{ service: string; place: string }>(
    (p) => [
      `Service ${p.service} was not started in ${p.place}: it has no place variables and would be the live one.`,
      null,
    ],
    (p) => [
      `Le service ${p.service} n’a pas été démarré dans ${p.place} : sans variables de lieu, ce serait celui en service.`,
      null,
    ],
  ),
  'recovery.command-skipped': finding<{ command: string; place: string }>(
    (p) => [
      `The scenario's command ${p.command} was not run: in ${p.place} it would act on the live system.`,
      null,
    ],
    (p) => [
      `La commande ${p.command} du scénario n’a pas été lancée : dans ${p.place}, elle agirait sur le système en service.`,
      null,
    ],
  ),
  'recovery.not-observed': finding<{ component: string; why: string }>(
    (p) => [
      `Whether the place of ${p.component} is vacant cannot be seen now (${codeText(p.why, 'en')}).`,
      null,
    ],
    (p) => [
      `Impossible de voir maintenant si l’emplacement de ${p.component} est vide (${codeText(p.why, 'fr')}).`,
      null,
    ],
  ),
  'recovery.not-forecast': finding<{ component: string; repository: string; why: string }>(
    (p) => [
      `The point of ${p.component} could not be looked into in ${p.repository} (${codeText(p.why, 'en')}): what its restore needs is not known.`,
      null,
    ],
    (p) => [
      `Le point de ${p.component} n’a pas pu être consulté dans ${p.repository} (${codeText(p.why, 'fr')}) : ce que demande sa restauration n’est pas connu.`,
      null,
    ],
  ),
  'recovery.group-mixed': finding<{ group: string; spread_ms: number }>(
    (p) => [
      `The members of group ${p.group} come from different captures, ${time(p.spread_ms, 'en')} apart: whether they fit together was not judged.`,
      null,
    ],
    (p) => [
      `Les membres du groupe ${p.group} viennent de captures différentes, à ${time(p.spread_ms, 'fr')} d’écart : leur cohérence n’a pas été jugée.`,
      null,
    ],
  ),
  'recovery.passed-over': finding<PassedOver>(
    (p) => [
      `A later point of ${p.subject} exists and is not what is restored: ${p.point} (data as of ${p.as_of})${p.more === '' ? '' : `, also ${p.more}`}: ${passed.en[p.reason] ?? p.reason}. Restored instead: ${p.chosen} (data as of ${p.chosen_as_of}). To have the later one: ${other(p)}`,
      null,
    ],
    (p) => [
      `Un point plus récent de ${p.subject} existe et n’est pas celui qui est restauré : ${p.point} (données au ${p.as_of})${p.more === '' ? '' : `, ainsi que ${p.more}`} : ${passed.fr[p.reason] ?? p.reason}. Restauré à sa place : ${p.chosen} (données au ${p.chosen_as_of}). Pour avoir le plus récent : ${other(p)}`,
      null,
    ],
  ),
  'recovery.would-not-fit': finding<NoRoom>(
    (p) => [noRoom(p, 'en'), null],
    (p) => [noRoom(p, 'fr'), null],
  ),
  'recovery.would-refuse': finding<Refusal>(
    (p) => [refusal(p, 'en'), null],
    (p) => [refusal(p, 'fr'), null],
  ),
  'recovery.group-apart': finding<{ group: string; restored: string; live: string }>(
    (p) => [
      `${p.restored} goes back to its point while ${p.live}, of the same group ${p.group}, stays as it is: whether they fit together is not judged (rows may refer to files that are not there, or the reverse).`,
      null,
    ],
    (p) => [
      `${p.restored} revient à son point tandis que ${p.live}, du même groupe ${p.group}, demeure tel quel : leur cohérence n’est pas jugée (des lignes peuvent renvoyer à des fichiers absents, ou l’inverse).`,
      null,
    ],
  ),
  'recovery.objective': finding<{
    which: string;
    objective_ms: number;
    actual_ms: number | null;
    met: string;
  }>(
    (p) => [
      p.verdict === 'unable'
        ? `${p.which} of ${p.subject} could not be measured (objective ${time(p.objective_ms, 'en')}).`
        : `${p.which} of ${p.subject} ${p.met === 'missed' ? 'missed' : p.met === 'met' ? 'met' : 'within tolerance'}: ${time(p.actual_ms, 'en')}, objective ${time(p.objective_ms, 'en')}.`,
      null,
    ],
    (p) => [
      p.verdict === 'unable'
        ? `${p.which} de ${p.subject} n’a pas pu être mesuré (objectif ${time(p.objective_ms, 'fr')}).`
        : `${p.which} de ${p.subject} ${p.met === 'missed' ? 'manqué' : p.met === 'met' ? 'tenu' : 'dans la tolérance'} : ${time(p.actual_ms, 'fr')}, objectif ${time(p.objective_ms, 'fr')}.`,
      null,
    ],
  ),
  'recovery.plan-changed': finding<{ point: string }>(
    (p) => [`The plan has changed since point ${p.point} was made; it is restored by today's plan.`, null],
    (p) => [
      `Le plan a changé depuis la création du point ${p.point} ; il est restauré selon le plan d’aujourd’hui.`,
      null,
    ],
  ),
} as const;
