import { said, type Said } from '../language.ts';
import { error, quoted } from './define.ts';

const unusable = {
  'not-a-folder': ['is no folder', 'n’est pas un dossier'],
  'no-room': [
    'has no room for files (a file system of the kernel’s own, or a full one)',
    'n’a pas de place pour des fichiers (système de fichiers du noyau, ou plein)',
  ],
  'read-only': ['cannot be written to', 'n’est pas accessible en écriture'],
} as const;
/** A reason that another version wrote, or the reference names, stands for itself. */
const whyUnusable = (reason: string): readonly [string, string] =>
  unusable[reason as keyof typeof unusable] ?? [reason, reason];

/** What keeps a restore or a recovery from being done, or from counting as done. */
export const recoveryErrors = {
  'recovery.cycle': error(
    2,
    (p: { components: string }) => [
      `There is no order in which to recover ${p.components}: each waits for another one's data or service.`,
      'Change depends_on or service of one of them, then: reprise plan check',
    ],
    (p) => [
      `Il n’existe pas d’ordre pour reprendre ${p.components} : chacun attend les données ou le service d’un autre.`,
      'Modifiez depends_on ou service de l’un d’eux, puis : reprise plan check',
    ],
  ),
  'recovery.unknown-component': error(
    2,
    (p: { name: string; known: string }) => [
      `The plan has no component ${p.name}. It has: ${p.known}.`,
      'reprise plan explain',
    ],
    (p) => [`Le plan n’a pas de composant ${p.name}. Il a : ${p.known}.`, 'reprise plan explain'],
  ),
  'recovery.component-gone': error(
    2,
    (p: { name: string; count: number; newest: string; kind: string; plan: string; data: string }) => [
      `The plan no longer has a component ${p.name}, though ${p.count} ${p.count === 1 ? 'point' : 'points'} of it can still be restored (newest: ${p.newest}, kind ${p.kind}).`,
      `Put ${p.name} back into the plan as it was then${p.plan === '' ? '' : ` (that plan: ${p.plan})`}, then: reprise restore ${p.name} --to directory:/var/tmp/${p.name}. Without it: ${p.data}`,
    ],
    (p) => [
      `Le plan n’a plus de composant ${p.name}, mais ${p.count} ${p.count < 2 ? 'point peut' : 'points peuvent'} encore être ${p.count < 2 ? 'restauré' : 'restaurés'} (le plus récent : ${p.newest}, type ${p.kind}).`,
      `Remettez ${p.name} dans le plan tel qu’il était alors${p.plan === '' ? '' : ` (ce plan : ${p.plan})`}, puis : reprise restore ${p.name} --to directory:/var/tmp/${p.name}. Sans lui : ${p.data}`,
    ],
  ),
  'recovery.replace-unused': error(
    2,
    (p: { component: string }) => [
      `--replace ${p.component}: this command does not restore ${p.component}.`,
      'Leave it out, or name a component that is restored.',
    ],
    (p) => [
      `--replace ${p.component} : cette commande ne restaure pas ${p.component}.`,
      'Retirez-le, ou nommez un composant qui est restauré.',
    ],
  ),
  'recovery.unknown-scenario': error(
    2,
    (p: { name: string; known: string }) => [
      `The plan has no scenario ${p.name}. It has: ${p.known}.`,
      'reprise plan explain',
    ],
    (p) => [`Le plan n’a pas de scénario ${p.name}. Il a : ${p.known}.`, 'reprise plan explain'],
  ),
  'recovery.unknown-time': error(
    2,
    (p: { option: string; text: string }) => [
      `${p.option} ${p.text} is not a moment in time.`,
      'Write it like 2026-05-31T14:30:00Z (UTC) or 2026-05-31T16:30:00+02:00.',
    ],
    (p) => [
      `${p.option} ${p.text} n’est pas un instant.`,
      'Écrivez-le comme 2026-05-31T14:30:00Z (UTC) ou 2026-05-31T16:30:00+02:00.',
    ],
  ),
  'place.unknown': error(
    2,
    (p: { place: string }) => [
      `${p.place} is no place that this version can recover to.`,
      'Places are: --to in-situ, --to directory:/an/absolute/path',
    ],
    (p) => [
      `${p.place} n’est pas un lieu où cette version sait reprendre.`,
      'Les lieux sont : --to in-situ, --to directory:/un/chemin/absolu',
    ],
  ),
  'place.inside-live': error(
    2,
    (p: { place: string; live: string }) => [
      `${p.place} lies inside ${p.live}, which is in use: what is restored there would mix with it.`,
      'Name a folder of its own: --to directory:/var/tmp/reprise',
    ],
    (p) => [
      `${p.place} se trouve dans ${p.live}, qui est en service : ce qui y serait restauré s’y mélangerait.`,
      'Indiquez un dossier à part : --to directory:/var/tmp/reprise',
    ],
  ),
  'place.holds-live': error(
    2,
    (p: { place: string; live: string }) => [
      `${p.place} holds ${p.live}, which is in use: what is restored there would lie among it.`,
      'Name a folder of its own: --to directory:/var/tmp/reprise',
    ],
    (p) => [
      `${p.place} contient ${p.live}, qui est en service : ce qui y serait restauré s’y mêlerait.`,
      'Indiquez un dossier à part : --to directory:/var/tmp/reprise',
    ],
  ),
  'place.unusable': error(
    2,
    (p: { place: string; folder: string; reason: 'not-a-folder' | 'no-room' | 'read-only' }) => [
      `Nothing can be restored to ${p.place}: ${p.folder} ${whyUnusable(p.reason)[0]}.`,
      'Name a folder on a disk with room: --to directory:/var/tmp/reprise',
    ],
    (p) => [
      `Rien ne peut être restauré vers ${p.place} : ${p.folder} ${whyUnusable(p.reason)[1]}.`,
      'Indiquez un dossier sur un disque qui a de la place : --to directory:/var/tmp/reprise',
    ],
  ),
  'place.holds-home': error(
    2,
    (p: { place: string; home: string }) => [
      `${p.place} holds ${p.home}, where Reprise keeps its keys and its journal: what is restored there would mix with them.`,
      'Name a folder of its own: --to directory:/var/tmp/reprise',
    ],
    (p) => [
      `${p.place} contient ${p.home}, où Reprise garde ses clés et son journal : ce qui y serait restauré s’y mélangerait.`,
      'Indiquez un dossier à part : --to directory:/var/tmp/reprise',
    ],
  ),
  'place.unsafe': error(
    2,
    (p: { place: string }) => [
      `${p.place} is the root of the live system: everything there would be in its own place.`,
      'Name a folder of its own: --to directory:/var/tmp/reprise',
    ],
    (p) => [
      `${p.place} est la racine du système en service : tout y serait à sa place d’origine.`,
      'Indiquez un dossier à part : --to directory:/var/tmp/reprise',
    ],
  ),
  'place.occupied': error(
    4,
    (p: { component: string; place: string; found: string }) => [
      `${p.component} was not restored: its place (${p.place}) is not vacant. There is: ${p.found}. Nothing was changed.`,
      `To put it aside and restore: --replace ${p.component}. To look at the data elsewhere: --to directory:/path`,
    ],
    (p) => [
      `${p.component} n’a pas été restauré : son emplacement (${p.place}) n’est pas vide. Il contient : ${p.found}. Rien n’a été modifié.`,
      `Pour le mettre de côté et restaurer : --replace ${p.component}. Pour voir les données ailleurs : --to directory:/chemin`,
    ],
  ),
  'place.no-room': error(
    4,
    (p: { component: string; path: string; needed: number; free: number }) => [
      `${p.component} was not restored: its point has ${p.needed} bytes, and beside what is put aside ${p.free} bytes are free in ${p.path}. Nothing was changed.`,
      'Make room there, or move what is in the place to another disk by hand. To look at the data elsewhere: --to directory:/path',
    ],
    (p) => [
      `${p.component} n’a pas été restauré : son point fait ${p.needed} octets, et à côté de ce qui est mis de côté il reste ${p.free} octets dans ${p.path}. Rien n’a été modifié.`,
      'Libérez de la place, ou déplacez à la main ce qui s’y trouve vers un autre disque. Pour voir les données ailleurs : --to directory:/chemin',
    ],
  ),
  'recovery.refused': error(
    4,
    (p: {
      refused: string;
      components: readonly string[];
      found: readonly unknown[];
      gone: string;
      each: string;
      groups: string;
      all: string;
    }) => [
      `Nothing is done: a recovery brings back everything or nothing, and there is data in place of ${p.refused}.${p.gone === '' ? '' : ` Vacant: ${p.gone}.`}`,
      `${p.each === '' ? '' : `Only what is gone: ${p.each}${p.groups === '' ? '' : ` (the rest of group ${p.groups} stays as it is: whether it fits is not judged)`}. `}Everything as of the points, with what is there put aside: ${p.all}. To look at the data elsewhere: --to directory:/path`,
    ],
    (p) => [
      `Rien n’est fait : une reprise ramène tout ou rien, et des données sont en place pour ${p.refused}.${p.gone === '' ? '' : ` Vides : ${p.gone}.`}`,
      `${p.each === '' ? '' : `Seulement ce qui a disparu : ${p.each}${p.groups === '' ? '' : ` (le reste du groupe ${p.groups} demeure tel quel : la cohérence n’est pas jugée)`}. `}Tout, tel qu’aux points, en mettant de côté ce qui est en place : ${p.all}. Pour voir les données ailleurs : --to directory:/chemin`,
    ],
  ),
  'place.unproven': error(
    4,
    (p: { component: string; place: string; first: Said }) => [
      `${p.component} was restored by this run, but what lies in its place (${p.place}) is not as it was restored (${said(p.first, 'en')}), and nothing says whether it is that data, used since, or other data. Nothing was changed.`,
      `To put it aside and bring the point back: reprise restore ${p.component} --replace ${p.component}, then the same command again. In a recovery, to take it as it is: reprise recover --done restore:${p.component}`,
    ],
    (p) => [
      `${p.component} a été restauré par cette exécution, mais ce qui se trouve à son emplacement (${p.place}) n’est pas tel que restauré (${said(p.first, 'fr')}), et rien ne dit s’il s’agit de ces données, utilisées depuis, ou d’autres. Rien n’a été modifié.`,
      `Pour les mettre de côté et ramener le point : reprise restore ${p.component} --replace ${p.component}, puis la même commande. Dans une reprise, pour les prendre telles quelles : reprise recover --done restore:${p.component}`,
    ],
  ),
  'place.not-cleared': error(
    1,
    (p: { component: string; place: string; found: string }) => [
      `The place of ${p.component} (${p.place}) is still not vacant after it was cleared: ${p.found}. Something writes there.`,
      'Stop what writes there, then: reprise resume',
    ],
    (p) => [
      `L’emplacement de ${p.component} (${p.place}) n’est toujours pas vide après avoir été dégagé : ${p.found}. Quelque chose y écrit.`,
      'Arrêtez ce qui y écrit, puis : reprise resume',
    ],
  ),
  'place.live': error(
    4,
    (p: { component: string; what: string; place: string }) => [
      `${p.what} of ${p.component} would act on the live system, not on ${p.place}: its service has no place variables.`,
      'Add services.<name>.place to the plan and use the variables in its commands: reprise plan schema',
    ],
    (p) => [
      `${p.what} de ${p.component} agirait sur le système en service et non sur ${p.place} : son service n’a pas de variables de lieu.`,
      'Ajoutez services.<nom>.place au plan et utilisez ces variables dans ses commandes : reprise plan schema',
    ],
  ),
  'recovery.no-point': error(
    1,
    (p: { component: string; why: string }) => [
      `There is no point to restore ${p.component} from: ${noPoint.en(p.why)}.`,
      `reprise points ${p.component}`,
    ],
    (p) => [
      `Aucun point de restauration n’est utilisable pour ${p.component} : ${noPoint.fr(p.why)}.`,
      `reprise points ${p.component}`,
    ],
  ),
  'recovery.unknown-point': error(
    2,
    (p: { component: string; point: string }) => [
      `${p.component} has no point ${p.point}.`,
      `reprise points ${p.component}`,
    ],
    (p) => [`${p.component} n’a pas de point ${p.point}.`, `reprise points ${p.component}`],
  ),
  'recovery.nothing-to-do': error(
    1,
    (p: { component: string }) => [
      `The plan neither captures ${p.component} nor says how to rebuild it: it cannot be recovered.`,
      'Give it captures or rebuild in the plan, then: reprise plan check',
    ],
    (p) => [
      `Le plan ne capture pas ${p.component} et ne dit pas comment le reconstruire : il ne peut pas être repris.`,
      'Donnez-lui captures ou rebuild dans le plan, puis : reprise plan check',
    ],
  ),
  'recovery.other-kind': error(
    1,
    (p: { component: string; point: string; made: string; now: string }) => [
      `Point ${p.point} was made of a ${p.made}; the plan now says that ${p.component} is a ${p.now}.`,
      'Restore it with the plan it was made by: reprise kit shows the commands without Reprise.',
    ],
    (p) => [
      `Le point ${p.point} vient d’un ${p.made} ; le plan dit maintenant que ${p.component} est un ${p.now}.`,
      'Restaurez-le avec le plan d’origine : reprise kit donne les commandes sans Reprise.',
    ],
  ),
  'recovery.no-copy': error(
    1,
    (p: { point: string; tried: string }) => [
      `Point ${p.point} could not be read from any repository: ${p.tried}.`,
      'reprise doctor',
    ],
    (p) => [`Le point ${p.point} n’a pu être lu dans aucun dépôt : ${p.tried}.`, 'reprise doctor'],
  ),
  'rebuild.unsupported': error(
    4,
    (p: { component: string; from: string }) => [
      `${p.component} is to be rebuilt from ${p.from}, which this version cannot do.`,
      'Use rebuild: {from: command} for now.',
    ],
    (p) => [
      `${p.component} doit être reconstruit depuis ${p.from}, ce que cette version ne sait pas faire.`,
      'Utilisez rebuild: {from: command} pour l’instant.',
    ],
  ),
  'recovery.command-failed': error(
    1,
    (p: { what: string; how: string; stderr: string }) => [
      `The command of ${p.what} failed (${p.how}): ${p.stderr}`,
      'Mend it in the plan or on the machine, then: reprise resume',
    ],
    (p) => [
      `La commande de ${p.what} a échoué (${p.how})${quoted(p.stderr)}`,
      'Corrigez le plan ou la machine, puis : reprise resume',
    ],
  ),
  'rebuild.not-created': error(
    1,
    (p: { component: string; path: string }) => [
      `The rebuild command of ${p.component} ended well, but ${p.path}, which it creates, is not there.`,
      'Correct rebuild.command or rebuild.creates in the plan.',
    ],
    (p) => [
      `La commande de reconstruction de ${p.component} s’est bien terminée, mais ${p.path}, qu’elle doit créer, n’existe pas.`,
      'Corrigez rebuild.command ou rebuild.creates dans le plan.',
    ],
  ),
  'recovery.not-ready': error(
    1,
    (p: { service: string; seconds: number }) => [
      `Service ${p.service} was started but did not answer within ${p.seconds} s.`,
      'Read its log, mend it, then: reprise resume',
    ],
    (p) => [
      `Le service ${p.service} a été démarré mais n’a pas répondu en ${p.seconds} s.`,
      'Lisez son journal, corrigez, puis : reprise resume',
    ],
  ),
  'restore.differs': error(
    1,
    (p: { component: string; point: string; first: string }) => [
      `${p.component} was restored from ${p.point}, but is not as it was recorded: ${p.first} Nothing that depends on it is started.`,
      'Restore another point: reprise points, then --point or --until',
    ],
    (p) => [
      `${p.component} a été restauré depuis ${p.point}, mais ne correspond pas à ce qui avait été relevé : ${p.first} Rien de ce qui en dépend n’est démarré.`,
      'Restaurez un autre point : reprise points, puis --point ou --until',
    ],
  ),
  'recovery.check-failed': error(
    1,
    (p: { component: string; first: string }) => [
      `${p.component} has its data back but is not in service: ${p.first} Nothing that depends on it is started.`,
      'Mend it and start it by hand, or recover an older point: --until',
    ],
    (p) => [
      `${p.component} a retrouvé ses données mais n’est pas en service : ${p.first} Rien de ce qui en dépend n’est démarré.`,
      'Corrigez et démarrez-le à la main, ou reprenez un point plus ancien : --until',
    ],
  ),
  'recovery.declined': error(
    4,
    (p: { step: string; text: string }) => [
      `A person declined step ${p.step}: ${p.text}`,
      'The recovery ends here; what is back stays as it is: reprise report recovery',
    ],
    (p) => [
      `Une personne a refusé l’étape ${p.step} : ${p.text}`,
      'La reprise s’arrête ici ; ce qui est revenu reste en place : reprise report recovery',
    ],
  ),
  'report.unknown-run': error(
    2,
    (p: { run: string }) => [`The journal has no restore or recovery ${p.run}.`, 'reprise journal show'],
    (p) => [`Le journal n’a ni restauration ni reprise ${p.run}.`, 'reprise journal show'],
  ),
  'report.not-a-record': error(
    2,
    (p: { file: string; why: string }) => [
      `${p.file} cannot be checked as a recovery record: ${p.why}.`,
      'Give the .json of a run (its .md beside it is for reading): reprise report recovery --check <file>',
    ],
    (p) => [
      `${p.file} n’est pas vérifiable comme procès-verbal de reprise : ${p.why}.`,
      'Indiquez le fichier .json d’une exécution (le .md voisin sert à la lecture) : reprise report recovery --check <fichier>',
    ],
  ),
} as const;

const words = {
  none: ['nothing was ever captured of it', 'rien n’en a jamais été capturé'],
  'all-later': [
    'all points are later than the moment asked for',
    'tous les points sont postérieurs à l’instant demandé',
  ],
  'all-future': [
    'all points are dated in the future: look at the clock of this machine',
    'tous les points sont datés dans le futur : vérifiez l’horloge de cette machine',
  ],
  'all-forks': [
    'all points were made by an installation that was superseded (name one with --point)',
    'tous les points viennent d’une installation remplacée (nommez-en un avec --point)',
  ],
  'all-failed': [
    'every point failed its newest check (name one with --point to try it all the same)',
    'tous les points ont échoué à leur dernier contrôle (nommez-en un avec --point pour l’essayer quand même)',
  ],
  uncommitted: ['no repository holds one that is complete', 'aucun dépôt n’en contient de complet'],
} as const;
const noPoint = {
  en: (why: string): string => words[why as keyof typeof words]?.[0] ?? why,
  fr: (why: string): string => words[why as keyof typeof words]?.[1] ?? why,
};
