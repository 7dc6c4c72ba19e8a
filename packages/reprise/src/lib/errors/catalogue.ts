import { error } from './define.ts';

export const catalogueErrors = {
  'catalogue.no-state': error(
    1,
    (p: { repository: string; foreign: number }) => [
      p.foreign === 0
        ? `${p.repository} holds no state of Reprise: there is nothing to rebuild from.`
        : `${p.repository} holds no state that this recovery key vouches for (${p.foreign} others).`,
      'Try another repository: reprise bootstrap <repository>; compare the recovery key with the kit.',
    ],
    (p) => [
      p.foreign === 0
        ? `${p.repository} ne contient aucun état de Reprise : il n’y a rien à partir de quoi reconstruire.`
        : `${p.repository} ne contient aucun état que cette clé de secours garantit (${p.foreign} autres).`,
      'Essayez un autre dépôt : reprise bootstrap <dépôt> ; comparez la clé de secours à celle de la trousse.',
    ],
  ),
  'retention.clock-doubted': error(
    4,
    (p: { repository: string; point: string }) => [
      `Nothing was forgotten in ${p.repository}: by ${p.point}, the clock of this machine or of another one is wrong, or nothing was captured for long.`,
      'Check the clock (timedatectl), make a backup, then: reprise maintain',
    ],
    (p) => [
      `Rien n’a été oublié dans ${p.repository} : d’après ${p.point}, l’horloge de cette machine ou d’une autre est fausse, ou rien n’a été capturé depuis longtemps.`,
      'Vérifiez l’horloge (timedatectl), faites une sauvegarde, puis : reprise maintain',
    ],
  ),
} as const;
