import { finding } from './define.ts';

interface Slice {
  /** `n/t`: that slice of the packs was read back; null: structure only. */
  readonly slice: string | null;
}

export const repositoryFindings = {
  'repository.checked': finding<Slice>(
    (p) => [
      p.slice === null
        ? `The structure of ${p.subject} is whole: indexes, snapshots and trees agree.`
        : `The structure of ${p.subject} is whole, and slice ${p.slice} of its data was read back.`,
      p.slice === null
        ? 'The data itself was not read back.'
        : 'Only that slice of the data was read back; no point is credited with it.',
    ],
    (p) => [
      p.slice === null
        ? `La structure de ${p.subject} est intacte : index, instantanés et arborescences concordent.`
        : `La structure de ${p.subject} est intacte, et la tranche ${p.slice} de ses données a été relue.`,
      p.slice === null
        ? 'Les données elles-mêmes n’ont pas été relues.'
        : 'Seule cette tranche des données a été relue ; aucun point n’en est crédité.',
    ],
  ),
  'repository.pack-damaged': finding<{ readonly what: string }>(
    (p) => [`Data in ${p.subject} was changed: ${p.what}`, null],
    (p) => [`Des données de ${p.subject} ont été modifiées : ${p.what}`, null],
  ),
  'repository.pack-missing': finding<{ readonly what: string }>(
    (p) => [`Data in ${p.subject} is gone: ${p.what}`, null],
    (p) => [`Des données de ${p.subject} ont disparu : ${p.what}`, null],
  ),
  'repository.index-missing': finding<{ readonly what: string }>(
    (p) => [`${p.subject} no longer knows where some of its data is: ${p.what}`, null],
    (p) => [`${p.subject} ne sait plus où se trouvent certaines de ses données : ${p.what}`, null],
  ),
  'repository.index-damaged': finding<{ readonly what: string }>(
    (p) => [`An index of ${p.subject} was changed: ${p.what}`, null],
    (p) => [`Un index de ${p.subject} a été modifié : ${p.what}`, null],
  ),
  'repository.snapshot-unread': finding<{ snapshots: string }>(
    (p) => [
      `${p.subject} has snapshots that cannot be read, and were passed over: ${p.snapshots}.`,
      'What they held; whether a point needs them: reprise verify',
    ],
    (p) => [
      `${p.subject} contient des instantanés illisibles, laissés de côté : ${p.snapshots}.`,
      'Ce qu’ils contenaient ; si un point en a besoin : reprise verify',
    ],
  ),
  'repository.snapshot-damaged': finding<{ readonly what: string }>(
    (p) => [`A snapshot of ${p.subject} was changed: ${p.what}`, null],
    (p) => [`Un instantané de ${p.subject} a été modifié : ${p.what}`, null],
  ),
  'repository.error': finding<{ readonly what: string }>(
    (p) => [`restic found an error in ${p.subject}: ${p.what}`, null],
    (p) => [`restic a trouvé une erreur dans ${p.subject} : ${p.what}`, null],
  ),
  'repository.unreadable': finding<{ readonly repository: string; readonly what: string }>(
    (p) => [`${p.subject} cannot be read back from ${p.repository}: ${p.what}`, null],
    (p) => [`${p.subject} est illisible dans ${p.repository} : ${p.what}`, null],
  ),
  'repository.stored': finding<{
    readonly repository: string;
    readonly bytes: number | null;
    readonly expected: number;
  }>(
    (p) => [
      p.verdict === 'pass'
        ? `${p.repository} lists snapshot ${p.subject} with ${p.expected} bytes.`
        : p.bytes === null
          ? `${p.repository} does not list snapshot ${p.subject}, which restic said it had stored.`
          : `${p.repository} lists snapshot ${p.subject} with ${p.bytes} bytes; ${p.expected} were stored.`,
      'The data was not read back.',
    ],
    (p) => [
      p.verdict === 'pass'
        ? `${p.repository} contient l’instantané ${p.subject} avec ${p.expected} octets.`
        : p.bytes === null
          ? `${p.repository} ne contient pas l’instantané ${p.subject}, que restic disait avoir stocké.`
          : `${p.repository} contient l’instantané ${p.subject} avec ${p.bytes} octets ; ${p.expected} ont été stockés.`,
      'Les données n’ont pas été relues.',
    ],
  ),
} as const;
