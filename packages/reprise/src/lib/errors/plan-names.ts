import { error } from './define.ts';

const things: Readonly<Record<string, readonly [en: string, fr: string]>> = {
  tier: ['tier', 'niveau (tiers)'],
  host: ['host', 'hôte (hosts)'],
  service: ['service', 'service (services)'],
  protection: ['protection', 'protection (protections)'],
  repository: ['repository', 'dépôt (repositories)'],
  component: ['component', 'composant (components)'],
  group: ['group', 'groupe (groups)'],
  role: ['role', 'rôle (roles)'],
  person: ['person', 'personne (people)'],
  kind: ['kind of component', 'type de composant'],
  'role-or-person': ['role or person', 'rôle ou personne (roles, people)'],
};
const thing = (what: string, language: 0 | 1): string => things[what]?.[language] ?? what;

type Near = { near: string | null; known: string };
const meantEn = (p: Near): string =>
  p.near === null
    ? p.known === ''
      ? 'None is defined in this plan.'
      : `Defined: ${p.known}.`
    : `Did you mean "${p.near}"?`;
const meantFr = (p: Near): string =>
  p.near === null
    ? p.known === ''
      ? 'Ce plan n’en définit aucun.'
      : `Définis : ${p.known}.`
    : `Vouliez-vous dire « ${p.near} » ?`;

export const cronFields = ['minute', 'hour', 'day', 'month', 'weekday'] as const;
/**
 * `minute, hour`: the fields that cannot be read, in the reader's words; other details are the same in both languages.
 */
const cronDetail = (detail: string, words: Readonly<Record<string, string>>): string =>
  detail
    .split(', ')
    .map((field) => words[field] ?? field)
    .join(', ');
const inEnglish: Readonly<Record<(typeof cronFields)[number], string>> = {
  minute: 'no minute (0–59)',
  hour: 'no hour (0–23)',
  day: 'no day of the month (1–31)',
  month: 'no month (1–12)',
  weekday: 'no day of the week (0–7, 0 and 7: Sunday)',
};
const inFrench: typeof inEnglish = {
  minute: 'minute impossible (0–59)',
  hour: 'heure impossible (0–23)',
  day: 'jour du mois impossible (1–31)',
  month: 'mois impossible (1–12)',
  weekday: 'jour de la semaine impossible (0–7, 0 et 7 : dimanche)',
};

/** Names that refer to nothing, and parts of the plan that contradict each other. */
export const planNameErrors = {
  'plan.unknown-name': error(
    2,
    (p: { what: string; name: string } & Near) => [
      `There is no ${thing(p.what, 0)} "${p.name}".`,
      meantEn(p),
    ],
    (p) => [`Il n’existe pas de ${thing(p.what, 1)} « ${p.name} ».`, meantFr(p)],
  ),
  'plan.no-component': error(
    2,
    () => ['The plan protects nothing: it has no component.', 'reprise init'],
    () => ['Le plan ne protège rien : il n’a aucun composant.', 'reprise init'],
  ),
  'plan.cycle': error(
    2,
    (p: { cycle: string }) => [
      `Components depend on each other in a circle: ${p.cycle}.`,
      'Remove one of these depends_on.',
    ],
    (p) => [
      `Des composants dépendent les uns des autres en boucle : ${p.cycle}.`,
      'Supprimez l’un de ces depends_on.',
    ],
  ),
  'plan.group-twice': error(
    2,
    (p: { component: string; first: string }) => [
      `${p.component} is already in the group ${p.first}; a component is in one group at most.`,
      'Remove it from one of the two.',
    ],
    (p) => [
      `${p.component} est déjà dans le groupe ${p.first} ; un composant appartient à un groupe au plus.`,
      'Retirez-le de l’un des deux.',
    ],
  ),
  'plan.order-outside': error(
    2,
    (p: { component: string; group: string }) => [
      `${p.component} is not in the group ${p.group} that it is ordered in.`,
      'Add it to components, or remove it from order.',
    ],
    (p) => [
      `${p.component} n’est pas dans le groupe ${p.group} dont l’ordre le cite.`,
      'Ajoutez-le à components, ou retirez-le de order.',
    ],
  ),
  'plan.name-twice': error(
    2,
    (p: { name: string }) => [
      `${p.name} is both a component and a group; commands could not tell them apart.`,
      'Give one of them another name.',
    ],
    (p) => [
      `${p.name} désigne à la fois un composant et un groupe ; les commandes ne pourraient pas les distinguer.`,
      'Donnez un autre nom à l’un d’eux.',
    ],
  ),
  'plan.duplicate': error(
    2,
    (p: { name: string }) => [`${p.name} is already in this list.`, 'Remove it once.'],
    (p) => [`${p.name} figure déjà dans cette liste.`, 'Retirez l’un des deux.'],
  ),
  'plan.captures-twice': error(
    2,
    (p: { component: string; group: string }) => [
      `${p.component} is captured with its group ${p.group}; captures of its own would not be coherent with it.`,
      `Move them to groups.${p.group}.captures.`,
    ],
    (p) => [
      `${p.component} est capturé avec son groupe ${p.group} ; ses propres captures ne seraient pas cohérentes avec lui.`,
      `Déplacez-les dans groups.${p.group}.captures.`,
    ],
  ),
  'plan.captures-nothing': error(
    2,
    (p: { component: string; kind: string }) => [
      `${p.component} has no data to capture (kind ${p.kind}).`,
      'Remove captures, or take it out of the group.',
    ],
    (p) => [
      `${p.component} n’a pas de données à capturer (type ${p.kind}).`,
      'Supprimez captures, ou retirez-le du groupe.',
    ],
  ),
  'plan.hold-needed': error(
    2,
    (p: { group: string; service: string; component: string; method: string; how: string }) => [
      `The group ${p.group} holds the service ${p.service} (how: ${p.how}), but the capture of ${p.component} (method ${p.method}) must talk to it.`,
      'Hold the application instead of the server, or choose another method: protections.<name>.methods',
    ],
    (p) => [
      `Le groupe ${p.group} met au repos le service ${p.service} (how: ${p.how}), mais la capture de ${p.component} (méthode ${p.method}) doit lui parler.`,
      'Mettez au repos l’application plutôt que le serveur, ou choisissez une autre méthode : protections.<nom>.methods',
    ],
  ),
  'plan.method-unknown': error(
    2,
    (p: { kind: string; method: string } & Near) => [
      `The kind ${p.kind} has no method "${p.method}".`,
      meantEn(p),
    ],
    (p) => [`Le type ${p.kind} n’a pas de méthode « ${p.method} ».`, meantFr(p)],
  ),
  'plan.cron': error(
    2,
    (p: { schedule: string; detail: string }) => [
      `"${p.schedule}" is not a schedule of five cron fields: ${cronDetail(p.detail, inEnglish)}`,
      'Minute, hour, day of the month, month, day of the week: "0 3 * * *" is 03:00 every day.',
    ],
    (p) => [
      `« ${p.schedule} » n’est pas un horaire cron à cinq champs : ${cronDetail(p.detail, inFrench)}`,
      'Minute, heure, jour du mois, mois, jour de la semaine : « 0 3 * * * » signifie tous les jours à 03:00.',
    ],
  ),
  'plan.timezone': error(
    2,
    (p: { timezone: string } & Near) => [
      `"${p.timezone}" is not a time zone.`,
      p.near === null ? 'Examples: UTC, Europe/Paris, America/Montreal.' : `Did you mean "${p.near}"?`,
    ],
    (p) => [
      `« ${p.timezone} » n’est pas un fuseau horaire.`,
      p.near === null
        ? 'Exemples : UTC, Europe/Paris, America/Montreal.'
        : `Vouliez-vous dire « ${p.near} » ?`,
    ],
  ),
  'plan.never': error(
    2,
    (p: { schedule: string }) => [
      `"${p.schedule}" never comes: no such date exists.`,
      'Correct the day and the month.',
    ],
    (p) => [`« ${p.schedule} » n’arrive jamais : cette date n’existe pas.`, 'Corrigez le jour et le mois.'],
  ),
  'plan.first-not-primary': error(
    2,
    (p: { repository: string }) => [
      `Captures go into the first repository, and ${p.repository} has the role copy.`,
      'Put a repository with role primary first.',
    ],
    (p) => [
      `Les captures vont dans le premier dépôt, or ${p.repository} a le rôle copy.`,
      'Placez en premier un dépôt de rôle primary.',
    ],
  ),
  'plan.later-not-copy': error(
    2,
    (p: { repository: string }) => [
      `${p.repository} gets copies here, but its role is primary.`,
      `Write role: copy in repositories.${p.repository}.`,
    ],
    (p) => [
      `${p.repository} reçoit ici des copies, mais son rôle est primary.`,
      `Écrivez role: copy dans repositories.${p.repository}.`,
    ],
  ),
  'plan.url-twice': error(
    2,
    (p: { repository: string; first: string }) => [
      `${p.repository} and ${p.first} are the same place: a copy in itself is no copy.`,
      'Give each repository a url of its own.',
    ],
    (p) => [
      `${p.repository} et ${p.first} sont au même endroit : une copie dans elle-même n’en est pas une.`,
      'Donnez à chaque dépôt sa propre url.',
    ],
  ),
  'plan.url-credentials': error(
    2,
    () => [
      'The url holds a password; the plan itself never holds a secret.',
      'Use writer.env and maintainer.env: { RESTIC_REST_USERNAME: …, RESTIC_REST_PASSWORD: … }',
    ],
    () => [
      'L’url contient un mot de passe ; le plan lui-même ne contient jamais de secret.',
      'Utilisez writer.env et maintainer.env : { RESTIC_REST_USERNAME: …, RESTIC_REST_PASSWORD: … }',
    ],
  ),
  'plan.url-relative': error(
    2,
    (p: { url: string }) => [
      `"${p.url}" is neither an absolute path nor an address.`,
      'Write /srv/backup, rest:https://…, sftp:…, s3:… or rclone:…',
    ],
    (p) => [
      `« ${p.url} » n’est ni un chemin absolu ni une adresse.`,
      'Écrivez /srv/sauvegarde, rest:https://…, sftp:…, s3:… ou rclone:…',
    ],
  ),
  'plan.check-kind': error(
    2,
    (p: { check: string; kind: string }) => [
      `A check of kind ${p.check} asks a database; components of kind ${p.kind} have none.`,
      'Use a check of kind http, tcp, command or files.',
    ],
    (p) => [
      `Un contrôle de type ${p.check} interroge une base ; les composants de type ${p.kind} n’en ont pas.`,
      'Utilisez un contrôle de type http, tcp, command ou files.',
    ],
  ),
  'plan.place-name': error(
    2,
    (p: { name: string; why: 'reserved' | 'twice' }) => [
      p.why === 'reserved'
        ? `${p.name} is a variable that the system or Reprise gives to every command.`
        : `${p.name} is also set in the env of a command of this service.`,
      'Give the place variable another name.',
    ],
    (p) => [
      p.why === 'reserved'
        ? `${p.name} est une variable que le système ou Reprise donne à toute commande.`
        : `${p.name} est aussi définie dans env d’une commande de ce service.`,
      'Donnez un autre nom à la variable de lieu.',
    ],
  ),
  'plan.host-needed': error(
    2,
    (p: { subject: string }) => [
      `${p.subject} names no host, and the plan has several without one called local.`,
      'Add a line: host: …',
    ],
    (p) => [
      `${p.subject} ne nomme pas d’hôte, et le plan en a plusieurs dont aucun ne s’appelle local.`,
      'Ajoutez une ligne : host: …',
    ],
  ),
} as const;
