import { recipeText } from '../i18n/steps.ts';
import { finding } from './define.ts';

type Nothing = object;
type Found = 'pass' | 'fail' | 'unable';
const by = (verdict: Found, pass: string, other: string): string => (verdict === 'pass' ? pass : other);

/** What `status` and `doctor` judge. */
export const cliFindings = {
  'status.no-point': finding<Nothing>(
    (p) => [
      `${p.subject} has no recovery point: all of it would be lost. → reprise backup ${p.subject}`,
      null,
    ],
    (p) => [
      `${p.subject} n’a aucun point de restauration : tout serait perdu. → reprise backup ${p.subject}`,
      null,
    ],
  ),
  'status.no-checks': finding<Nothing>(
    (p) => [
      `The plan has no check for ${p.subject}: nobody would know whether it serves again. → add \`checks\``,
      null,
    ],
    (p) => [
      `Le plan n’a pas de contrôle pour ${p.subject} : personne ne saurait s’il est de nouveau en service. → ajoutez \`checks\``,
      null,
    ],
  ),
  'status.never-recovered': finding<Nothing>(
    (p) => [
      `Nobody has measured how long it takes to bring ${p.subject} back. → reprise recover --to directory:/tmp/trial`,
      null,
    ],
    (p) => [
      `Personne n’a mesuré le temps qu’il faut pour remettre ${p.subject} en service. → reprise recover --to directory:/tmp/essai`,
      null,
    ],
  ),
  'status.data-only': finding<{ place: string }>(
    (p) => [
      `The data of ${p.subject} was brought back in ${p.place}, but its service was not started there: how long the service takes to be back is not measured. Give the service place variables (services.<name>.place), then: reprise recover --to directory:/tmp/trial`,
      null,
    ],
    (p) => [
      `Les données de ${p.subject} ont été ramenées dans ${p.place}, mais son service n’y a pas été démarré : le temps de retour du service n’est pas mesuré. Donnez des variables de lieu au service (services.<nom>.place), puis : reprise recover --to directory:/tmp/essai`,
      null,
    ],
  ),
  'status.left-down': finding<{ components: string; services: string; command: string }>(
    (p) => [
      `A recovery did not bring everything back: ${p.components} may be half restored${p.services === '' ? '' : `, and ${p.services} was stopped for it`}. → ${p.command}`,
      null,
    ],
    (p) => [
      `Une reprise n’a pas tout ramené : ${p.components} peut n’être restauré qu’à moitié${p.services === '' ? '' : `, et ${p.services} a été arrêté pour cela`}. → ${p.command}`,
      null,
    ],
  ),
  'status.kit-unchecked': finding<Nothing>(
    (p) => [`The recovery key has never been seen to open ${p.subject}. → reprise kit check`, null],
    (p) => [`La clé de secours n’a jamais ouvert ${p.subject} sous contrôle. → reprise kit check`, null],
  ),
  'kit.superseded-key': finding<{ key: string }>(
    (p) => [
      `An earlier recovery key (slot ${p.key}) still opens ${p.subject}: whoever holds it can read everything. → reprise maintain, with an identity that may delete`,
      null,
    ],
    (p) => [
      `Une clé de secours antérieure (emplacement ${p.key}) ouvre encore ${p.subject} : qui la détient peut tout lire. → reprise maintain, avec une identité qui peut supprimer`,
      null,
    ],
  ),
  'status.no-state': finding<Nothing>(
    (p) => [
      `${p.subject} holds no plan and journal yet: nothing could be rebuilt from it. → reprise init`,
      null,
    ],
    (p) => [
      `${p.subject} ne contient encore ni plan ni journal : rien ne pourrait en être reconstruit. → reprise init`,
      null,
    ],
  ),
  'status.old-view': finding<{ seen_at: string }>(
    (p) => [
      `${p.subject} was last looked at ${p.seen_at}; what it holds now is not known. → reprise backup`,
      null,
    ],
    (p) => [
      `${p.subject} a été consulté pour la dernière fois ${p.seen_at} ; son contenu actuel n’est pas connu. → reprise backup`,
      null,
    ],
  ),
  'status.future': finding<{ as_of: string }>(
    (p) => [
      `The point ${p.subject} is dated in the future (${p.as_of}): this clock or the source’s is wrong. → reprise doctor`,
      null,
    ],
    (p) => [
      `Le point ${p.subject} est daté dans le futur (${p.as_of}) : cette horloge ou celle de la source est fausse. → reprise doctor`,
      null,
    ],
  ),
  'status.nothing-away': finding<{ components: string }>(
    (p) => [
      `No copy of ${p.components} is off this machine: lost with it. → add a repository elsewhere to the plan (role: copy, off_site: true) and to the protection, then: reprise init, reprise backup`,
      null,
    ],
    (p) => [
      `Aucune copie de ${p.components} hors de cette machine : tout serait perdu avec elle. → ajoutez au plan un dépôt ailleurs (role: copy, off_site: true), et à la protection, puis : reprise init, reprise backup`,
      null,
    ],
  ),
  'status.not-copied': finding<{ component: string; repository: string; as_of: string | null }>(
    (p) => [
      `${p.repository} has no copy of ${p.subject}${p.as_of === null ? `, and none of any point of ${p.component}` : `; the newest there is as of ${p.as_of}`}. → reprise due --run, which tries again; or reprise backup ${p.component}`,
      null,
    ],
    (p) => [
      `${p.repository} n’a pas de copie de ${p.subject}${p.as_of === null ? `, ni d’aucun point de ${p.component}` : ` ; la plus récente y date du ${p.as_of}`}. → reprise due --run, qui essaie de nouveau ; ou reprise backup ${p.component}`,
      null,
    ],
  ),
  'status.unreadable': finding<{ repository: string; component: string }>(
    (p) => [
      `The newest copy of ${p.component} in ${p.repository} (${p.subject}) was found to be unreadable. → reprise backup ${p.component}, then reprise verify ${p.component}`,
      'That older points there can be read.',
    ],
    (p) => [
      `La copie la plus récente de ${p.component} dans ${p.repository} (${p.subject}) s’est révélée illisible. → reprise backup ${p.component}, puis reprise verify ${p.component}`,
      'Que les points plus anciens y sont lisibles.',
    ],
  ),
  'status.damaged': finding<{ since: string; errors: number }>(
    (p) => [
      `${p.subject} is damaged: ${p.errors === 1 ? 'one error' : `${p.errors} errors`} found since ${p.since}, not checked whole again. → reprise backup, then reprise verify --read-data 1/1`,
      'Which points are hit: reprise verify.',
    ],
    (p) => [
      `${p.subject} est endommagé : ${p.errors === 1 ? 'une erreur trouvée' : `${p.errors} erreurs trouvées`} depuis le ${p.since}, sans contrôle réussi depuis. → reprise backup, puis reprise verify --read-data 1/1`,
      'Quels points sont atteints : reprise verify.',
    ],
  ),
  'status.superseded': finding<{ epoch: number; after: number }>(
    (p) => [
      `Installation ${p.subject} (epoch ${p.epoch}) took over after entry ${p.after}. → reprise bootstrap <repository>`,
      null,
    ],
    (p) => [
      `L’installation ${p.subject} (époque ${p.epoch}) a pris la suite après l’entrée ${p.after}. → reprise bootstrap <dépôt>`,
      null,
    ],
  ),
  'status.interrupted': finding<{ recipe: string }>(
    (p) => [`Interrupted: ${recipeText(p.recipe, 'en')} (run ${p.subject}). → reprise resume`, null],
    (p) => [`Interrompue : ${recipeText(p.recipe, 'fr')} (exécution ${p.subject}). → reprise resume`, null],
  ),
  'status.waits': finding<{ recipe: string; step: string; text: string; command: string }>(
    (p) => [
      `${recipeText(p.recipe, 'en')} (run ${p.subject}) waits for a person (${p.step}): ${p.text} → once that is done: ${p.command}`,
      null,
    ],
    (p) => [
      `${recipeText(p.recipe, 'fr')} (exécution ${p.subject}) attend une personne (${p.step}) : ${p.text} → une fois cela fait : ${p.command}`,
      null,
    ],
  ),
  'doctor.node': finding<{ found: string; needed: string }>(
    (p) => [
      by(p.verdict, `Node ${p.found}`, `Node ${p.found}; ${p.needed} or newer is needed. → make setup`),
      null,
    ],
    (p) => [
      by(p.verdict, `Node ${p.found}`, `Node ${p.found} ; il faut ${p.needed} ou plus récent. → make setup`),
      null,
    ],
  ),
  'doctor.restic': finding<{ found: string; needed: string }>(
    (p) => [
      by(
        p.verdict,
        `restic ${p.found}`,
        `restic: ${p.found}; ${p.needed} or newer is needed. → make setup, or apt-get install restic`,
      ),
      null,
    ],
    (p) => [
      by(
        p.verdict,
        `restic ${p.found}`,
        `restic : ${p.found} ; il faut ${p.needed} ou plus récent. → make setup, ou apt-get install restic`,
      ),
      null,
    ],
  ),
  'doctor.tool': finding<{ tool: string; found: string; package: string }>(
    (p) => [
      by(
        p.verdict,
        `${p.tool}: ${p.found}`,
        `${p.tool} is missing, which ${p.subject} needs. → apt-get install ${p.package}`,
      ),
      null,
    ],
    (p) => [
      by(
        p.verdict,
        `${p.tool} : ${p.found}`,
        `${p.tool} est absent, or ${p.subject} en a besoin. → apt-get install ${p.package}`,
      ),
      null,
    ],
  ),
  'doctor.plan': finding<{ file: string; problems: number }>(
    (p) => [
      by(
        p.verdict,
        `Plan ${p.file}`,
        p.problems === 0
          ? `There is no plan ${p.file}. → reprise init`
          : `The plan ${p.file} has ${p.problems} errors. → reprise plan check`,
      ),
      null,
    ],
    (p) => [
      by(
        p.verdict,
        `Plan ${p.file}`,
        p.problems === 0
          ? `Il n’y a pas de plan ${p.file}. → reprise init`
          : `Le plan ${p.file} a ${p.problems} erreurs. → reprise plan check`,
      ),
      null,
    ],
  ),
  'doctor.home': finding<{ path: string; mode: string }>(
    (p) => [
      by(
        p.verdict,
        `Home ${p.path} (mode ${p.mode})`,
        `${p.path} has mode ${p.mode}: others can read keys there. → chmod 700 ${p.path}`,
      ),
      null,
    ],
    (p) => [
      by(
        p.verdict,
        `Dossier ${p.path} (mode ${p.mode})`,
        `${p.path} a le mode ${p.mode} : d’autres peuvent y lire des clés. → chmod 700 ${p.path}`,
      ),
      null,
    ],
  ),
  'doctor.installation': finding<{ path: string; why: string }>(
    (p) => [
      by(p.verdict, `Journal ${p.path}`, `${p.path}: ${p.why}`),
      'That nobody changed it: reprise journal verify.',
    ],
    (p) => [
      by(p.verdict, `Journal ${p.path}`, `${p.path} : ${p.why}`),
      'Que personne ne l’a modifié : reprise journal verify.',
    ],
  ),
  'doctor.key': finding<{ path: string; mode: string }>(
    (p) => [
      by(
        p.verdict,
        `Key ${p.path} (mode ${p.mode})`,
        p.mode === ''
          ? `The machine key ${p.path} is missing. → reprise init`
          : `The key ${p.path} has mode ${p.mode}. → chmod 600 ${p.path}`,
      ),
      null,
    ],
    (p) => [
      by(
        p.verdict,
        `Clé ${p.path} (mode ${p.mode})`,
        p.mode === ''
          ? `La clé de machine ${p.path} est absente. → reprise init`
          : `La clé ${p.path} a le mode ${p.mode}. → chmod 600 ${p.path}`,
      ),
      null,
    ],
  ),
  'doctor.space': finding<{ path: string; free_mib: number; needed_mib: number }>(
    (p) => [
      `${p.path}: ${p.free_mib} MiB free${by(p.verdict, '', `; a restore may need ${p.needed_mib} MiB. → recovery.scratch in the plan`)}`,
      null,
    ],
    (p) => [
      `${p.path} : ${p.free_mib} Mio libres${by(p.verdict, '', ` ; une restauration peut en demander ${p.needed_mib}. → recovery.scratch dans le plan`)}`,
      null,
    ],
  ),
  'doctor.secret': finding<{ where: string }>(
    (p) => [`A secret of the plan is not here: ${p.where}`, null],
    (p) => [`Un secret du plan n’est pas ici : ${p.where}`, null],
  ),
  'doctor.clock': finding<{ now: string; newest: string }>(
    (p) => [
      by(
        p.verdict,
        `Clock ${p.now}`,
        `This clock says ${p.now}, but the journal has an entry of ${p.newest}. → timedatectl set-ntp true`,
      ),
      'That it is exact: no other clock was asked.',
    ],
    (p) => [
      by(
        p.verdict,
        `Horloge ${p.now}`,
        `Cette horloge dit ${p.now}, mais le journal a une entrée du ${p.newest}. → timedatectl set-ntp true`,
      ),
      'Qu’elle est exacte : aucune autre horloge n’a été consultée.',
    ],
  ),
  'doctor.locale': finding<{ locale: string }>(
    (p) => [
      by(
        p.verdict,
        `Locale ${p.locale}`,
        `The locale ${p.locale} is not UTF-8: names would be shown wrongly. → export LANG=C.UTF-8`,
      ),
      null,
    ],
    (p) => [
      by(
        p.verdict,
        `Langue du système ${p.locale}`,
        `La langue du système ${p.locale} n’est pas en UTF-8 : des noms s’afficheraient mal. → export LANG=C.UTF-8`,
      ),
      null,
    ],
  ),
  'doctor.user': finding<{ user: string }>(
    (p) => [
      by(
        p.verdict,
        `User ${p.user}`,
        `User ${p.user} is not root: owners cannot be restored, nor other users’ tools run. → sudo`,
      ),
      null,
    ],
    (p) => [
      by(
        p.verdict,
        `Utilisateur ${p.user}`,
        `L’utilisateur ${p.user} n’est pas root : les propriétaires ne peuvent pas être restaurés, ni les outils d’autres utilisateurs lancés. → sudo`,
      ),
      null,
    ],
  ),
} as const;
