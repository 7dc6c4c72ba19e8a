import { mend, thing, type OverlapParams } from '../findings/plan-overlap.ts';
import { error } from './define.ts';

/** Two components that hold the same data: none is restored beside the other. */
export const overlapErrors = {
  'recovery.overlap': error(
    4,
    (p: OverlapParams & { outer: string }) => [
      `Nothing is done: ${p.outer} and ${p.inner} both hold ${thing.en(p)}. What is restored last would replace the data of the other by its own copy.`,
      `${mend.en(p.outer, p)} Then: reprise plan check, reprise backup. Points made before still hold both: bring each back in a folder of its own (reprise restore ${p.inner} --to directory:/path) and copy from there what is missing.`,
    ],
    (p) => [
      `Rien n’est fait : ${p.outer} et ${p.inner} contiennent tous deux ${thing.fr(p)}. Le dernier restauré remplacerait les données de l’autre par sa propre copie.`,
      `${mend.fr(p.outer, p)} Puis : reprise plan check, reprise backup. Les points antérieurs contiennent encore les deux : ramenez chacun dans un dossier à part (reprise restore ${p.inner} --to directory:/chemin) et copiez-en ce qui manque.`,
    ],
  ),
} as const;
