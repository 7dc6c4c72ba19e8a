import { error } from './define.ts';

export const catalogueErrors = {
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
