import { plural } from '../i18n/define.ts';
import { finding } from './define.ts';
import { d, j } from './durations.ts';
import { planPeopleFindings } from './plan-people.ts';
import { planProofFindings } from './plan-proof.ts';

/** The code and its subject say it all. */
type Nothing = object;
type Objective = 'rpo' | 'rto';
const fr = (which: Objective): string => (which === 'rpo' ? 'RPO (PDMA)' : 'RTO (DMIA)');
const en = (which: Objective): string => which.toUpperCase();

/** What `plan check` judges. */
export const planFindings = {
  ...planPeopleFindings,
  ...planProofFindings,
  'plan.no-captures': finding<Nothing>(
    (p) => [`Nothing captures ${p.subject}: all of it would be lost.`, null],
    (p) => [`Rien ne capture ${p.subject} : tout serait perdu.`, null],
  ),
  'plan.rpo': finding<{
    gap_ms: number;
    capture_ms: number | null;
    rpo_ms: number | null;
    tolerated: boolean;
  }>(
    (p) => {
      const sum = `captures of ${p.subject} are up to ${d(p.gap_ms)} apart`;
      const took =
        p.capture_ms === null ? 'how long one takes is not known yet' : `and one takes ${d(p.capture_ms)}`;
      if (p.rpo_ms === null) return [`${p.subject} has no RPO; ${sum}.`, null];
      return p.verdict === 'pass'
        ? [
            `RPO ${d(p.rpo_ms)}: ${sum}, ${took}.`,
            'That no run is missed, and that the data can be restored.',
          ]
        : p.verdict === 'unable'
          ? [`RPO ${d(p.rpo_ms)}: ${sum}; ${took}.`, null]
          : [
              `RPO ${d(p.rpo_ms)} cannot be kept: ${sum}, ${took}${p.tolerated ? ' (within the tolerance)' : ''}.`,
              null,
            ];
    },
    (p) => {
      const sum = `jusqu’à ${j(p.gap_ms)} séparent deux captures de ${p.subject}`;
      const took =
        p.capture_ms === null
          ? 'on ne sait pas encore combien de temps dure une capture'
          : `et une capture dure ${j(p.capture_ms)}`;
      if (p.rpo_ms === null) return [`${p.subject} n’a pas de RPO (PDMA) ; ${sum}.`, null];
      return p.verdict === 'pass'
        ? [
            `RPO (PDMA) ${j(p.rpo_ms)} : ${sum}, ${took}.`,
            'Qu’aucune exécution ne manque, et que les données se restaurent.',
          ]
        : p.verdict === 'unable'
          ? [`RPO (PDMA) ${j(p.rpo_ms)} : ${sum} ; ${took}.`, null]
          : [
              `Le RPO (PDMA) de ${j(p.rpo_ms)} ne peut pas être tenu : ${sum}, ${took}${p.tolerated ? ' (dans la tolérance)' : ''}.`,
              null,
            ];
    },
  ),
  'plan.rto': finding<{
    ms: number;
    rto_ms: number | null;
    path: string;
    measured: boolean;
    unknown: string;
    tolerated: boolean;
  }>(
    (p) => {
      const basis = p.measured ? 'measured' : 'extrapolated from sizes and rates';
      const notProven = 'Provisioning a machine, people’s decisions, rebuilding and checking.';
      if (p.rto_ms === null) return [`${p.subject} has no RTO.`, null];
      if (p.verdict === 'fail')
        return [
          `RTO ${d(p.rto_ms)} cannot be kept: ${p.path} takes ${d(p.ms)} (${basis})${p.tolerated ? ', within the tolerance' : ''}.`,
          notProven,
        ];
      return p.unknown === ''
        ? [`RTO ${d(p.rto_ms)}: ${p.path} takes ${d(p.ms)} (${basis}).`, notProven]
        : [`RTO ${d(p.rto_ms)}: nobody has measured how long the restore takes of ${p.unknown}.`, notProven];
    },
    (p) => {
      const basis = p.measured ? 'mesuré' : 'extrapolé d’après tailles et débits';
      const notProven = 'Mise à disposition d’une machine, décisions humaines, reconstruction et contrôles.';
      if (p.rto_ms === null) return [`${p.subject} n’a pas de RTO (DMIA).`, null];
      if (p.verdict === 'fail')
        return [
          `Le RTO (DMIA) de ${j(p.rto_ms)} ne peut pas être tenu : ${p.path} prend ${j(p.ms)} (${basis})${p.tolerated ? ', dans la tolérance' : ''}.`,
          notProven,
        ];
      return p.unknown === ''
        ? [`RTO (DMIA) ${j(p.rto_ms)} : ${p.path} prend ${j(p.ms)} (${basis}).`, notProven]
        : [
            `RTO (DMIA) ${j(p.rto_ms)} : personne n’a mesuré la durée de restauration de ${p.unknown}.`,
            notProven,
          ];
    },
  ),
  'plan.system-objective': finding<{
    which: Objective;
    objective_ms: number;
    looser: string;
    worst_ms: number;
  }>(
    (p) => [
      p.verdict === 'pass'
        ? `The system’s ${en(p.which)} of ${d(p.objective_ms)} asks no more than its components’.`
        : p.verdict === 'unable'
          ? `The system’s ${en(p.which)} is ${d(p.objective_ms)}, but these have none: ${p.looser}.`
          : `The system’s ${en(p.which)} of ${d(p.objective_ms)} is tighter than that of its components (up to ${d(p.worst_ms)}): ${p.looser}.`,
      null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? `Le ${fr(p.which)} du système, ${j(p.objective_ms)}, n’exige pas plus que ceux de ses composants.`
        : p.verdict === 'unable'
          ? `Le ${fr(p.which)} du système est ${j(p.objective_ms)}, mais ceux-ci n’en ont pas : ${p.looser}.`
          : `Le ${fr(p.which)} du système, ${j(p.objective_ms)}, est plus strict que celui de ses composants (jusqu’à ${j(p.worst_ms)}) : ${p.looser}.`,
      null,
    ],
  ),
  'plan.mtd': finding<{ rto_ms: number | null; mtd_ms: number }>(
    (p) => [
      p.rto_ms === null
        ? `${p.subject}: MTD ${d(p.mtd_ms)}, but no RTO.`
        : `${p.subject}: RTO ${d(p.rto_ms)} ${p.verdict === 'fail' ? 'is longer than' : 'is within'} the MTD of ${d(p.mtd_ms)}.`,
      null,
    ],
    (p) => [
      p.rto_ms === null
        ? `${p.subject} : MTD ${j(p.mtd_ms)}, mais pas de RTO (DMIA).`
        : `${p.subject} : le RTO (DMIA) de ${j(p.rto_ms)} ${p.verdict === 'fail' ? 'dépasse' : 'respecte'} la MTD de ${j(p.mtd_ms)}.`,
      null,
    ],
  ),
  'plan.tolerance': finding<{ tolerance_ms: number; objective_ms: number | null }>(
    (p) => [
      p.objective_ms === null
        ? `${p.subject}: a tolerance of ${d(p.tolerance_ms)}, but no objective.`
        : `${p.subject}: a tolerance of ${d(p.tolerance_ms)} for an objective of ${d(p.objective_ms)}${p.verdict === 'fail' ? ' leaves nothing of it' : ''}.`,
      null,
    ],
    (p) => [
      p.objective_ms === null
        ? `${p.subject} : une tolérance de ${j(p.tolerance_ms)}, mais aucun objectif.`
        : `${p.subject} : une tolérance de ${j(p.tolerance_ms)} pour un objectif de ${j(p.objective_ms)}${p.verdict === 'fail' ? ' : il n’en reste rien' : ''}.`,
      null,
    ],
  ),
  'plan.availability': finding<{ promised: string; budget_ms: number; longest_ms: number }>(
    (p) => [
      p.verdict === 'fail'
        ? `An availability of ${p.promised} leaves ${d(p.budget_ms)} a year; one disaster may take ${d(p.longest_ms)}.`
        : `An availability of ${p.promised} leaves ${d(p.budget_ms)} a year; one disaster may take ${d(p.longest_ms)} of them. Nobody measures it here.`,
      'The availability itself: this version does not measure it.',
    ],
    (p) => [
      p.verdict === 'fail'
        ? `Une disponibilité de ${p.promised} laisse ${j(p.budget_ms)} par an ; un seul sinistre peut en prendre ${j(p.longest_ms)}.`
        : `Une disponibilité de ${p.promised} laisse ${j(p.budget_ms)} par an ; un seul sinistre peut en prendre ${j(p.longest_ms)}. Personne ne la mesure ici.`,
      'La disponibilité elle-même : cette version ne la mesure pas.',
    ],
  ),
  'plan.off-site': finding<{ repositories: string }>(
    (p) => [
      p.verdict === 'pass'
        ? `${p.subject} has an off-site copy: ${p.repositories}.`
        : `${p.subject} has no copy off-site.`,
      p.verdict === 'pass' ? 'That the place is really elsewhere: the plan says so.' : null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? `${p.subject} a une copie hors site : ${p.repositories}.`
        : `${p.subject} n’a pas de copie hors site.`,
      p.verdict === 'pass' ? 'Que l’endroit est vraiment ailleurs : c’est le plan qui l’affirme.' : null,
    ],
  ),
  'plan.three-two-one': finding<{ copies: number; media: number; off_site: number }>(
    (p) => [
      `${p.subject}: ${p.copies} ${plural('en', p.copies, 'copy', 'copies')} with the data itself, ${p.media} media, ${p.off_site} off-site (3-2-1 wants 3, 2, 1).`,
      null,
    ],
    (p) => [
      `${p.subject} : ${p.copies} ${plural('fr', p.copies, 'exemplaire', 'exemplaires')} avec les données elles-mêmes, ${p.media} ${plural('fr', p.media, 'support', 'supports')}, ${p.off_site} hors site (3-2-1 demande 3, 2, 1).`,
      null,
    ],
  ),
  'plan.apart': finding<{ away: string; shared: string; all: string }>(
    (p) => [
      p.verdict === 'pass'
        ? `${p.subject} has a copy away from its machine: ${p.away}.`
        : p.away === ''
          ? `Every copy of ${p.subject} lies on the machine that would be lost with it: ${p.all}.`
          : `${p.shared} lies on the same file system as ${p.subject}.`,
      null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? `${p.subject} a une copie ailleurs que sur sa machine : ${p.away}.`
        : p.away === ''
          ? `Toutes les copies de ${p.subject} sont sur la machine qui serait perdue avec lui : ${p.all}.`
          : `${p.shared} est sur le même système de fichiers que ${p.subject}.`,
      null,
    ],
  ),
  'plan.encloses': finding<{ path: string; repositories: string }>(
    (p) => [
      p.verdict === 'pass'
        ? `${p.path} holds the working space of Reprise, which is left out of its captures.`
        : `${p.path} holds ${p.repositories}: left out of its captures, and lost with the folder. Move the repository.`,
      null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? `${p.path} contient l’espace de travail de Reprise, exclu de ses captures.`
        : `${p.path} contient ${p.repositories} : exclu de ses captures, et perdu avec le dossier. Déplacez le dépôt.`,
      null,
    ],
  ),
  'plan.within': finding<{ path: string; folder: string }>(
    (p) => [`${p.path} lies in ${p.folder}, which Reprise itself writes into.`, null],
    (p) => [`${p.path} est dans ${p.folder}, où Reprise écrit lui-même.`, null],
  ),
  'plan.unused': finding<Nothing>(
    (p) => [`Nothing uses ${p.subject}: it protects nothing.`, null],
    (p) => [`Rien n’utilise ${p.subject} : cela ne protège rien.`, null],
  ),
  'plan.retention': finding<{
    protection: string;
    repository: string;
    kept_ms: number | null;
    drill_ms: number | null;
  }>(
    (p) => {
      const kept =
        p.kept_ms === null
          ? `Points of ${p.subject} are kept for ever in ${p.repository}`
          : `Points of ${p.subject} are only sure to reach back ${d(p.kept_ms)} (in ${p.repository})`;
      return [
        p.verdict === 'fail'
          ? `${kept}, drills are ${d(p.drill_ms)} apart: when one finds that points are bad, no good one may be left.`
          : p.drill_ms === null
            ? `${kept}; how often a drill is held is not said (document.drill_every).`
            : `${kept}, drills are ${d(p.drill_ms)} apart.`,
        null,
      ];
    },
    (p) => {
      const kept =
        p.kept_ms === null
          ? `Les points de ${p.subject} sont gardés sans limite dans ${p.repository}`
          : `Les points de ${p.subject} ne remontent à coup sûr qu’à ${j(p.kept_ms)} (dans ${p.repository})`;
      return [
        p.verdict === 'fail'
          ? `${kept}, un exercice de reprise a lieu tous les ${j(p.drill_ms)} : quand il révélera des points inutilisables, il n’en restera peut-être aucun de bon.`
          : p.drill_ms === null
            ? `${kept} ; la fréquence des exercices de reprise n’est pas indiquée (document.drill_every).`
            : `${kept}, un exercice de reprise a lieu tous les ${j(p.drill_ms)}.`,
        null,
      ];
    },
  ),
  'plan.scenario-objective': finding<{ which: Objective; scenario_ms: number; system_ms: number }>(
    (p) => [
      p.verdict === 'pass'
        ? `${p.subject}: ${en(p.which)} ${d(p.scenario_ms)} keeps the system’s ${d(p.system_ms)}.`
        : `${p.subject} allows an ${en(p.which)} of ${d(p.scenario_ms)}, the system promises ${d(p.system_ms)}.`,
      null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? `${p.subject} : le ${fr(p.which)} de ${j(p.scenario_ms)} respecte celui du système, ${j(p.system_ms)}.`
        : `${p.subject} admet un ${fr(p.which)} de ${j(p.scenario_ms)}, le système promet ${j(p.system_ms)}.`,
      null,
    ],
  ),
  'plan.scenario-time': finding<{
    manual_ms: number;
    restore_ms: number;
    rto_ms: number;
    untimed: number;
    unknown: string;
  }>(
    (p) => {
      const steps = `steps by hand ${d(p.manual_ms)}, restores ${d(p.restore_ms)}`;
      return [
        p.verdict === 'fail'
          ? `${p.subject} cannot keep its RTO of ${d(p.rto_ms)}: ${steps}.`
          : p.verdict === 'pass'
            ? `${p.subject} keeps its RTO of ${d(p.rto_ms)}: ${steps}.`
            : `${p.subject}: RTO ${d(p.rto_ms)}, but ${[
                ...(p.untimed === 0
                  ? []
                  : [`${p.untimed} ${p.untimed === 1 ? 'step has' : 'steps have'} no duration`]),
                ...(p.unknown === '' ? [] : [`nobody has measured the restore of ${p.unknown}`]),
              ].join(' and ')}.`,
        null,
      ];
    },
    (p) => {
      const steps = `étapes manuelles ${j(p.manual_ms)}, restaurations ${j(p.restore_ms)}`;
      return [
        p.verdict === 'fail'
          ? `${p.subject} ne peut pas tenir son RTO (DMIA) de ${j(p.rto_ms)} : ${steps}.`
          : p.verdict === 'pass'
            ? `${p.subject} tient son RTO (DMIA) de ${j(p.rto_ms)} : ${steps}.`
            : `${p.subject} : RTO (DMIA) ${j(p.rto_ms)}, mais ${[
                ...(p.untimed === 0
                  ? []
                  : [`${p.untimed} ${p.untimed === 1 ? 'étape est' : 'étapes sont'} sans durée`]),
                ...(p.unknown === '' ? [] : [`personne n’a mesuré la restauration de ${p.unknown}`]),
              ].join(' et ')}.`,
        null,
      ];
    },
  ),
  'plan.scenario-loss': finding<{ rpo_ms: number; components: string; recovers: number }>(
    (p) => [
      p.recovers === 0
        ? `${p.subject}: RPO ${d(p.rpo_ms)}, but no step brings data back: nothing to judge it by.`
        : p.verdict === 'pass'
          ? `${p.subject}: captures are close enough for its RPO of ${d(p.rpo_ms)}.`
          : `${p.subject} promises an RPO of ${d(p.rpo_ms)}, captures are further apart: ${p.components}.`,
      null,
    ],
    (p) => [
      p.recovers === 0
        ? `${p.subject} : RPO (PDMA) ${j(p.rpo_ms)}, mais aucune étape ne restaure de données : rien ne permet d’en juger.`
        : p.verdict === 'pass'
          ? `${p.subject} : les captures sont assez rapprochées pour son RPO (PDMA) de ${j(p.rpo_ms)}.`
          : `${p.subject} promet un RPO (PDMA) de ${j(p.rpo_ms)}, les captures sont plus espacées : ${p.components}.`,
      null,
    ],
  ),
  'plan.secret': finding<Nothing>(
    (p) => [
      p.verdict === 'pass'
        ? 'The plan holds no secret that can be recognised.'
        : 'A secret stands here; put it under secrets: { … }, as env, file or command.',
      p.verdict === 'pass' ? 'Secrets under harmless names.' : null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? 'Le plan ne contient aucun secret reconnaissable.'
        : 'Un secret figure ici ; placez-le sous secrets: { … }, par env, file ou command.',
      p.verdict === 'pass' ? 'Des secrets sous un nom anodin.' : null,
    ],
  ),
  'plan.placeholder': finding<Nothing>(
    (p) => [`${p.subject} was never filled in.`, null],
    (p) => [`${p.subject} n’a jamais été rempli.`, null],
  ),
  'plan.unsupported': finding<{ what: string }>(
    (p) => [`This version cannot act on this yet (${p.what}).`, null],
    (p) => [`Cette version ne sait pas encore agir sur ceci (${p.what}).`, null],
  ),
} as const;
