import { messages, plural } from './define.ts';

/** What commands print on the terminal. Values come ready to print. */
export const cliMessages = messages(
  {
    'cli.stopping': 'Stopping in order (Ctrl-C again: at once). What is unfinished: reprise resume',
    'ask.recovery-key': 'Recovery key (is not shown): ',
    'ask.what-key': 'The recovery key',
    'ask.replace': (p: { component: string }) =>
      `What is now in the place of ${p.component} will be put aside. Type its name to agree: `,
    'ask.decision': (p: { step: string; text: string; owner: string }) =>
      `\n${p.step} (${p.owner}): ${p.text}\nDone? y/n, and a comment: `,
    'ask.unproven': (p: { component: string; first: string }) =>
      `${p.component} is not as this run restored it (${p.first}). Is it that data, used since, and to be taken as it is?`,
    'draft.head':
      'The recovery plan of this system: what is protected, how, and how soon it must be back.\nWritten by `reprise init`; yours to change. Then: reprise plan check',
    'draft.tiers':
      'How much may be lost (rpo), how soon it must be back (rto). Decide with who answers for it.',
    'draft.repositories':
      'Where captures go. One on the same machine does not survive its loss: add a second one elsewhere\n(role: copy, off_site: true), then: reprise init',
    'draft.protections': 'When captures are made. One cron line does it all: reprise due --run',
    'draft.components':
      'What was found. Add `checks` that only pass when the data is really there, `service` and `rebuild` for what\nmust run again, and `depends_on` for the order. Components that refer to each other belong in `groups`.',
    'colour.green': 'OK',
    'colour.amber': 'late',
    'colour.red': 'RED',
    'colour.unknown': '?',
    'status.title': (p: { system: string; at: string }) => `${p.system}, ${p.at}: if it burned down now`,
    'status.component': 'component',
    'status.loss': 'loss now / RPO',
    'status.time': 'back in / RTO',
    'status.newest': 'newest point',
    'status.level': 'checked',
    'status.drill': 'last drill',
    'status.copies': 'copies',
    'status.everything': 'all',
    'status.never': 'never',
    'status.open': (p: { recipe: string; state: string; run: string; since: string }) =>
      `${p.recipe} ${p.state} since ${p.since} (${p.run})`,
    'status.legend': 'copies: in all, live data included · on media · off-site · read back',
    'status.seen': (p: { list: string }) => `Repositories last looked at: ${p.list}`,
    next: 'Next:',
    'points.none': 'No recovery points. → reprise backup',
    'points.point': 'point',
    'points.as-of': 'data as of (local time)',
    'points.age': 'age',
    'points.size': 'size',
    'points.method': 'method',
    'points.level': 'checked',
    'points.copies': 'in',
    'points.drilled': 'drilled',
    'points.seen': (p: { at: string }) => `As known here; repositories were last looked at ${p.at}.`,
    'points.forks': 'Made by an installation that had been superseded (never chosen by itself):',
    'points.bad': (p: { verdict: string }) => `CHECK ${p.verdict}`,
    'preview.unit': (p: { unit: string; repositories: string; size: string; time: string }) =>
      `capture ${p.unit} → ${p.repositories}: ${p.size}, ${p.time}`,
    'preview.hold': (p: { services: string; how: string }) =>
      `    at rest meanwhile (${p.how}): ${p.services}`,
    'preview.unknown': 'not known yet',
    'preview.repository': (p: { repository: string }) => `${p.repository}:`,
    'preview.kept': (p: { point: string; reasons: string }) => `  keep    ${p.point}  (${p.reasons})`,
    'preview.forgotten': (p: { point: string; rule: string }) =>
      `  forget  ${p.point}  (the plan keeps: ${p.rule})`,
    'preview.rest': (p: { debris: number; states: number; revoked: number; read: string; prune: string }) =>
      `  debris ${p.debris}, old states ${p.states}, recovery keys to revoke ${p.revoked}, space reclaimed: ${p.prune}, packs read back: ${p.read}`,
    'preview.yes': 'yes',
    'preview.no': 'no',
    'preview.none': 'Nothing would be captured.',
    'preview.hold.stop': 'stopped',
    'preview.hold.pause': 'paused',
    'keep.last': 'newest',
    'keep.hourly': 'hourly',
    'keep.daily': 'daily',
    'keep.weekly': 'weekly',
    'keep.monthly': 'monthly',
    'keep.yearly': 'yearly',
    'keep.newest-good': 'newest good',
    'keep.newest-drilled': 'newest drilled',
    'keep.last-committed': 'last one stored',
    'keep.no-retention': 'the plan forgets none',
    'keep.no-good-point': 'no good point',
    'keep.fork': 'fork',
    'keep.group': 'its group',
    'run.resumed': 'An interrupted run was carried on.',
    'run.resumed-failed':
      'A run that had failed was carried on: what it had restored was not restored again.',
    'run.failed': (p: { step: string; message: string; hint: string }) =>
      `✗ ${p.step}: ${p.message}\n    → ${p.hint}`,
    'run.skipped': (p: { steps: string }) => `– not started, because of the above: ${p.steps}`,
    'run.calls': (p: { list: string }) => `restic calls: ${p.list}`,
    'backup.made': (p: { point: string; size: string; level: string; copies: string }) =>
      `✓ ${p.point}  ${p.size}  ${p.level}  in ${p.copies}`,
    'backup.uncommitted': (p: { point: string }) =>
      `✗ ${p.point} was checked, but no repository holds its journal entry yet: not a point. → reprise resume`,
    'backup.none': 'No new recovery point.',
    'backup.next': 'reprise status',
    'due.nothing': 'Nothing is due.',
    'due.unit': (p: { unit: string; protection: string; since: string; missed: number }) =>
      `due: ${p.unit} (${p.protection}) since ${p.since}${p.missed > 0 ? `, ${p.missed} missed before` : ''}`,
    'due.lacking': (p: { repositories: string }) => `no copy yet in ${p.repositories}`,
    'due.overdue': 'RPO BROKEN',
    'due.next': (p: { unit: string; protection: string; next: string }) =>
      `${p.unit} (${p.protection}): next ${p.next}`,
    'maintain.repository': (p: {
      repository: string;
      kept: number;
      forgotten: number;
      debris: number;
      states: number;
    }) =>
      `${p.repository}: ${p.kept} ${plural('en', p.kept, 'point', 'points')} kept, ${p.forgotten} forgotten, ${p.debris} debris, ${p.states} old ${plural('en', p.states, 'state', 'states')}`,
    'maintain.pruned': 'space reclaimed',
    'maintain.read': (p: { read: string }) => `packs ${p.read} read back`,
    'maintain.doubt.future': 'a point is dated in the future: a clock is wrong',
    'maintain.doubt.stale':
      'the newest point is older than its rhythm allows: this clock may be ahead, or captures have stopped',
    between: '; ',
    'maintain.refused': (p: { why: string }) => `nothing forgotten: ${p.why}`,
    'verify.point': (p: { point: string; repository: string; level: string }) =>
      `${p.point} in ${p.repository}: ${p.level}`,
    'verify.unread': 'NOT READABLE',
    'resume.nothing': 'Nothing was left unfinished.',
    'resume.settled': (p: { recipe: string; run: string; orphans: number }) =>
      `${p.recipe} ${p.run} had died: ${p.orphans} ${plural('en', p.orphans, 'process', 'processes')} ended`,
    'resume.service': (p: { service: string; by: string; ok: boolean }) =>
      `  service ${p.service} ${p.ok ? 'runs again' : 'DOES NOT RUN'} (${p.by})`,
    'resume.continued': (p: { recipe: string; run: string; exit: number }) =>
      `${p.recipe} ${p.run} carried on: exit ${p.exit}`,
    'resume.abandoned': (p: { run: string }) => `${p.run} closed`,
    'resume.waits': (p: { recipe: string; run: string; step: string; text: string; command: string }) =>
      `${p.recipe} ${p.run} waits for a person (${p.step}): ${p.text}\n  → once that is done: ${p.command}`,
    'journal.head': (p: {
      entries: number;
      seq: number;
      installation: string;
      epoch: number;
      hash: string;
    }) =>
      `${p.entries} entries; head ${p.seq} of installation ${p.installation}, epoch ${p.epoch}: ${p.hash}`,
    'init.wrote': (p: { file: string; components: number }) =>
      `Wrote ${p.file} with ${p.components} ${plural('en', p.components, 'component', 'components')}:`,
    'init.kept': (p: { file: string }) => `The plan ${p.file} is as it was.`,
    'init.repository.initialised': (p: { name: string }) => `✓ repository ${p.name} made`,
    'init.repository.already': (p: { name: string }) => `✓ repository ${p.name} is there`,
    'init.repository.failed': (p: { name: string; error: string }) => `✗ repository ${p.name}: ${p.error}`,
    'init.key': (p: { key: string }) =>
      `\nTHE RECOVERY KEY. It is shown this once and stored nowhere. Write it on paper, keep it off this machine:\n\n    ${p.key}\n\nWithout it, nothing can be recovered once this machine is gone.`,
    'init.key-before':
      'The recovery key was shown when it was made. Never seen it? → reprise init --new-recovery-key',
    'init.superseded': (p: { repository: string; key: string }) =>
      `! An earlier recovery key (slot ${p.key}) STILL OPENS ${p.repository}: whoever holds it can read everything. Revoke it: reprise maintain --repository ${p.repository}, with an identity that may delete.`,
    'init.next':
      'reprise kit check   (type the key: proves that it was written down)\n  reprise plan check\n  reprise backup',
    'init.next-failed': 'reprise init   (again, once the above is mended)',
    'init.next-partly':
      'reprise init   (again, once the above is mended: it asks for the recovery key)\n  reprise backup   (until then, into the repositories that are there)',
    'bootstrap.candidate': (p: { snapshot: string; at: string; epoch: number; seq: number; role: string }) =>
      `${p.snapshot}  ${p.at}  epoch ${p.epoch}, entry ${p.seq}, ${p.role}`,
    'bootstrap.foreign': (p: { snapshot: string; why: string }) => `${p.snapshot}  FOREIGN: ${p.why}`,
    'bootstrap.chosen': 'chosen',
    'bootstrap.unread': (p: { unread: number }) =>
      `${p.unread} more states were not looked at: no proven journal names them. If one of them should be the newest: --before or --state.`,
    'bootstrap.done': (p: { plan: string; epoch: number; points: number }) =>
      `Plan ${p.plan}; epoch ${p.epoch} continues the journal; ${p.points} ${plural('en', p.points, 'recovery point', 'recovery points')} known.`,
    'bootstrap.missing': 'Not here, or not reachable:',
    'bootstrap.next': 'reprise recover --dry-run\n  reprise recover',
    'kit.opens': (p: { repository: string }) => `✓ the recovery key opens ${p.repository}`,
    'kit.fails': (p: { repository: string; error: string }) => `✗ ${p.repository}: ${p.error}`,
    'kit.next': 'reprise status',
    'rebuild.repository': (p: { repository: string; states: number; accepted: number; refused: number }) =>
      `${p.repository}: ${p.states} states, ${p.accepted} read and accepted, ${p.refused} refused`,
    'rebuild.failed': (p: { repository: string; error: string }) => `✗ ${p.repository}: ${p.error}`,
    'rebuild.points': (p: { points: number }) =>
      `${p.points} ${plural('en', p.points, 'point', 'points')} proven by the repositories`,
    'findings.pass': 'OK',
    'findings.fail': 'FAIL',
    'findings.unable': 'NOT JUDGED',
    'findings.limits': (p: { text: string }) => `not proven: ${p.text}`,
    'recovery.evidence': (p: { path: string }) => `Evidence: ${p.path}`,
  },
  {
    'cli.stopping': 'Arrêt en ordre (Ctrl-C de nouveau : tout de suite). Pour ce qui reste : reprise resume',
    'ask.recovery-key': 'Clé de secours (ne s’affiche pas) : ',
    'ask.what-key': 'Clé de secours',
    'ask.replace': (p) =>
      `Ce qui est maintenant à la place de ${p.component} sera mis de côté. Saisissez son nom pour accepter : `,
    'ask.decision': (p) => `\n${p.step} (${p.owner}) : ${p.text}\nFait ? o/n, et un commentaire : `,
    'ask.unproven': (p) =>
      `${p.component} n’est plus tel que restauré par cette exécution (${p.first}). S’agit-il de ces données, utilisées depuis, à prendre telles quelles ?`,
    'draft.head':
      'Le plan de reprise de ce système : ce qui est protégé, comment, et sous quel délai cela doit revenir.\nÉcrit par `reprise init` ; à vous de l’adapter. Ensuite : reprise plan check',
    'draft.tiers':
      'Combien on peut perdre (rpo, PDMA), sous quel délai cela doit revenir (rto, DMIA). À décider avec qui en répond.',
    'draft.repositories':
      'Où vont les captures. Un dépôt sur la même machine ne survit pas à sa perte : ajoutez-en un ailleurs\n(role: copy, off_site: true), puis : reprise init',
    'draft.protections':
      'Quand les captures sont faites. Une ligne de cron suffit à tout : reprise due --run',
    'draft.components':
      'Ce qui a été trouvé. Ajoutez des `checks` qui ne réussissent que si les données sont vraiment là, `service` et\n`rebuild` pour ce qui doit tourner de nouveau, et `depends_on` pour l’ordre. Les composants qui se réfèrent l’un à\nl’autre vont dans `groups`.',
    'colour.green': 'OK',
    'colour.amber': 'retard',
    'colour.red': 'ROUGE',
    'colour.unknown': '?',
    'status.title': (p) => `${p.system}, ${p.at} : si tout brûlait maintenant`,
    'status.component': 'composant',
    'status.loss': 'perte / RPO (PDMA)',
    'status.time': 'retour / RTO (DMIA)',
    'status.newest': 'dernier point',
    'status.level': 'contrôle',
    'status.drill': 'exercice',
    'status.copies': 'copies',
    'status.everything': 'tout',
    'status.never': 'jamais',
    'status.open': (p) => `${p.recipe} ${p.state} depuis ${p.since} (${p.run})`,
    'status.legend': 'copies : en tout, données vives comprises · supports · hors site · relues',
    'status.seen': (p) => `Dépôts consultés pour la dernière fois : ${p.list}`,
    next: 'Ensuite :',
    'points.none': 'Aucun point de restauration. → reprise backup',
    'points.point': 'point',
    'points.as-of': 'données du (heure locale)',
    'points.age': 'âge',
    'points.size': 'taille',
    'points.method': 'méthode',
    'points.level': 'contrôle',
    'points.copies': 'dans',
    'points.drilled': 'exercice',
    'points.seen': (p) => `Tel que connu ici ; dépôts consultés pour la dernière fois ${p.at}.`,
    'points.forks':
      'Faits par une installation dont une autre avait pris la suite (jamais choisis d’office) :',
    'points.bad': (p) => `CONTRÔLE ${p.verdict}`,
    'preview.unit': (p) => `capture de ${p.unit} → ${p.repositories} : ${p.size}, ${p.time}`,
    'preview.hold': (p) => `    mis au repos pendant ce temps (${p.how}) : ${p.services}`,
    'preview.unknown': 'pas encore connu',
    'preview.repository': (p) => `${p.repository} :`,
    'preview.kept': (p) => `  garder  ${p.point}  (${p.reasons})`,
    'preview.forgotten': (p) => `  oublier ${p.point}  (le plan garde : ${p.rule})`,
    'preview.rest': (p) =>
      `  débris : ${p.debris} ; anciens états : ${p.states} ; clés de secours à révoquer : ${p.revoked} ; espace récupéré : ${p.prune} ; paquets relus : ${p.read}`,
    'preview.yes': 'oui',
    'preview.no': 'non',
    'preview.none': 'Rien ne serait capturé.',
    'preview.hold.stop': 'arrêt',
    'preview.hold.pause': 'pause',
    'keep.last': 'plus récents',
    'keep.hourly': 'horaires',
    'keep.daily': 'quotidiens',
    'keep.weekly': 'hebdomadaires',
    'keep.monthly': 'mensuels',
    'keep.yearly': 'annuels',
    'keep.newest-good': 'plus récent bon',
    'keep.newest-drilled': 'plus récent éprouvé',
    'keep.last-committed': 'dernier enregistré',
    'keep.no-retention': 'le plan n’oublie rien',
    'keep.no-good-point': 'aucun bon point',
    'keep.fork': 'bifurcation',
    'keep.group': 'son groupe',
    'run.resumed': 'Une exécution interrompue a été poursuivie.',
    'run.resumed-failed':
      'Une exécution en échec a été poursuivie : ce qu’elle avait restauré ne l’a pas été de nouveau.',
    'run.failed': (p) => `✗ ${p.step} : ${p.message}\n    → ${p.hint}`,
    'run.skipped': (p) => `– pas commencé, à cause de ce qui précède : ${p.steps}`,
    'run.calls': (p) => `appels à restic : ${p.list}`,
    'backup.made': (p) => `✓ ${p.point}  ${p.size}  ${p.level}  dans ${p.copies}`,
    'backup.uncommitted': (p) =>
      `✗ ${p.point} a été contrôlé, mais aucun dépôt n’a encore son entrée de journal : ce n’est pas un point. → reprise resume`,
    'backup.none': 'Aucun nouveau point de restauration.',
    'backup.next': 'reprise status',
    'due.nothing': 'Rien n’est dû.',
    'due.unit': (p) =>
      `dû : ${p.unit} (${p.protection}) depuis ${p.since}${p.missed > 0 ? `, ${p.missed} ${plural('fr', p.missed, 'manqué', 'manqués')} avant` : ''}`,
    'due.lacking': (p) => `pas encore de copie dans ${p.repositories}`,
    'due.overdue': 'RPO (PDMA) DÉPASSÉ',
    'due.next': (p) => `${p.unit} (${p.protection}) : prochain ${p.next}`,
    'maintain.repository': (p) =>
      [
        `${p.repository} : ${p.kept} ${plural('fr', p.kept, 'point gardé', 'points gardés')}`,
        `${p.forgotten} ${plural('fr', p.forgotten, 'oublié', 'oubliés')}`,
        `${p.debris} débris`,
        `${p.states} ${plural('fr', p.states, 'ancien état', 'anciens états')}`,
      ].join(', '),
    'maintain.pruned': 'espace récupéré',
    'maintain.read': (p) => `paquets ${p.read} relus`,
    'maintain.doubt.future': 'un point est daté dans le futur : une horloge est fausse',
    'maintain.doubt.stale':
      'le dernier point est plus ancien que son rythme ne le permet : cette horloge avance peut-être, ou les captures ont cessé',
    between: ' ; ',
    'maintain.refused': (p) => `rien n’a été oublié : ${p.why}`,
    'verify.point': (p) => `${p.point} dans ${p.repository} : ${p.level}`,
    'verify.unread': 'ILLISIBLE',
    'resume.nothing': 'Rien n’était resté inachevé.',
    'resume.settled': (p) =>
      `${p.recipe} ${p.run} : s’était arrêtée net ; ${p.orphans} ${plural('fr', p.orphans, 'processus terminé', 'processus terminés')}`,
    'resume.service': (p) =>
      `  le service ${p.service} ${p.ok ? 'tourne de nouveau' : 'NE TOURNE PAS'} (${p.by})`,
    'resume.continued': (p) => `${p.recipe} ${p.run} poursuivie : code ${p.exit}`,
    'resume.abandoned': (p) => `${p.run} clos`,
    'resume.waits': (p) =>
      `${p.recipe} ${p.run} : attend une personne (${p.step}) : ${p.text}\n  → une fois cela fait : ${p.command}`,
    'journal.head': (p) =>
      `${p.entries} entrées ; tête ${p.seq} de l’installation ${p.installation}, époque ${p.epoch} : ${p.hash}`,
    'init.wrote': (p) =>
      `${p.file} écrit avec ${p.components} ${plural('fr', p.components, 'composant', 'composants')} :`,
    'init.kept': (p) => `Le plan ${p.file} est resté tel quel.`,
    'init.repository.initialised': (p) => `✓ dépôt ${p.name} créé`,
    'init.repository.already': (p) => `✓ dépôt ${p.name} présent`,
    'init.repository.failed': (p) => `✗ dépôt ${p.name} : ${p.error}`,
    'init.key': (p) =>
      `\nLA CLÉ DE SECOURS. Elle s’affiche cette seule fois et n’est conservée nulle part. Notez-la sur papier, hors de cette machine :\n\n    ${p.key}\n\nSans elle, rien ne peut être repris une fois cette machine perdue.`,
    'init.key-before':
      'La clé de secours a été affichée lors de sa création. Jamais vue ? → reprise init --new-recovery-key',
    'init.superseded': (p) =>
      `! Une clé de secours antérieure (emplacement ${p.key}) OUVRE ENCORE ${p.repository} : qui la détient peut tout lire. Pour la révoquer : reprise maintain --repository ${p.repository}, avec une identité qui peut supprimer.`,
    'init.next':
      'reprise kit check   (saisir la clé : prouve qu’elle a été notée)\n  reprise plan check\n  reprise backup',
    'init.next-failed': 'reprise init   (de nouveau, une fois corrigé ce qui précède)',
    'init.next-partly':
      'reprise init   (de nouveau, une fois corrigé ce qui précède : la clé de secours sera demandée)\n  reprise backup   (d’ici là, dans les dépôts qui sont là)',
    'bootstrap.candidate': (p) => `${p.snapshot}  ${p.at}  époque ${p.epoch}, entrée ${p.seq}, ${p.role}`,
    'bootstrap.foreign': (p) => `${p.snapshot}  ÉTRANGER : ${p.why}`,
    'bootstrap.chosen': 'choisi',
    'bootstrap.unread': (p) =>
      `${p.unread} autres états n’ont pas été examinés : aucun journal prouvé ne les nomme. Si l’un d’eux devait être le plus récent : --before ou --state.`,
    'bootstrap.done': (p) =>
      `Plan ${p.plan} ; l’époque ${p.epoch} continue le journal ; ${p.points} ${plural('fr', p.points, 'point de restauration connu', 'points de restauration connus')}.`,
    'bootstrap.missing': 'Absent d’ici, ou inaccessible :',
    'bootstrap.next': 'reprise recover --dry-run\n  reprise recover',
    'kit.opens': (p) => `✓ la clé de secours ouvre ${p.repository}`,
    'kit.fails': (p) => `✗ ${p.repository} : ${p.error}`,
    'kit.next': 'reprise status',
    'rebuild.repository': (p) =>
      `${p.repository} : ${p.states} ${plural('fr', p.states, 'état', 'états')}, ${p.accepted} ${plural('fr', p.accepted, 'lu et accepté', 'lus et acceptés')}, ${p.refused} ${plural('fr', p.refused, 'refusé', 'refusés')}`,
    'rebuild.failed': (p) => `✗ ${p.repository} : ${p.error}`,
    'rebuild.points': (p) =>
      `${p.points} ${plural('fr', p.points, 'point prouvé', 'points prouvés')} par les dépôts`,
    'findings.pass': 'OK',
    'findings.fail': 'ÉCHEC',
    'findings.unable': 'NON JUGÉ',
    'findings.limits': (p) => `non prouvé : ${p.text}`,
    'recovery.evidence': (p) => `Preuves : ${p.path}`,
  },
);
