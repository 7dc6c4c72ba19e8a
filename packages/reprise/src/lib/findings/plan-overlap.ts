import { finding } from './define.ts';

export type OverlapParams = {
  inner: string;
  what: string;
  of: 'path' | 'database' | (string & {});
  excludes: string;
};

/** Two components that hold the same data. */
export const planOverlapFindings = {
  'plan.overlap': finding<OverlapParams>(
    (p) => [
      p.verdict === 'unable'
        ? `${p.subject} and ${p.inner} would both hold ${thing.en(p)}, if there is such a file: a recovery would put one’s in the place of the other’s. ${mend.en(p.subject, p)}`
        : `${p.subject} and ${p.inner} both hold ${thing.en(p)}: a recovery would replace the data of one by the other’s copy, and is refused. ${mend.en(p.subject, p)}`,
      null,
    ],
    (p) => [
      p.verdict === 'unable'
        ? `${p.subject} et ${p.inner} contiendraient tous deux ${thing.fr(p)}, si un tel fichier existe : une reprise mettrait celui de l’un à la place de celui de l’autre. ${mend.fr(p.subject, p)}`
        : `${p.subject} et ${p.inner} contiennent tous deux ${thing.fr(p)} : une reprise remplacerait les données de l’un par la copie de l’autre, et elle est refusée. ${mend.fr(p.subject, p)}`,
      null,
    ],
  ),
} as const;

export const thing = {
  en: ({ what, of }: Omit<OverlapParams, 'inner'>): string =>
    of !== 'database'
      ? what
      : what === '*'
        ? 'all databases of one server'
        : `the database ${what} of one server`,
  fr: ({ what, of }: Omit<OverlapParams, 'inner'>): string =>
    of !== 'database'
      ? what
      : what === '*'
        ? 'toutes les bases d’un même serveur'
        : `la base ${what} d’un même serveur`,
};

/** What to write in the plan. */
export const mend = {
  en: (outer: string, { inner, of, excludes }: OverlapParams): string =>
    of === 'database'
      ? `Under databases, name in each what the other does not have; or leave ${inner} out of the plan.`
      : excludes === ''
        ? `Leave one of them out of the plan, or choose with includes and excludes what is whose.`
        : `Write under components.${outer}: excludes: [${excludes}] (added to what is there).`,
  fr: (outer: string, { inner, of, excludes }: OverlapParams): string =>
    of === 'database'
      ? `Sous databases, nommez dans chacun ce que l’autre n’a pas ; ou retirez ${inner} du plan.`
      : excludes === ''
        ? `Retirez l’un des deux du plan, ou répartissez leurs données par includes et excludes.`
        : `Écrivez sous components.${outer} : excludes: [${excludes}] (en plus de ce qui y est).`,
};
