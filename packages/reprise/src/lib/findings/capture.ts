import { finding } from './define.ts';

export const captureFindings = {
  'capture.listed': finding(
    (p: { repository: string; files: number; bytes: number; expected_files: number; expected_bytes: number }) => [
      p.verdict === 'pass'
        ? `${p.repository} lists the ${p.files} files (${p.bytes} bytes) that were stored.`
        : `${p.repository} lists ${p.files} files (${p.bytes} bytes); ${p.expected_files} files (${p.expected_bytes} bytes) were stored.`,
      'The files themselves were not read back.',
    ],
    (p) => [
      p.verdict === 'pass'
        ? `${p.repository} liste les ${p.files} fichiers (${p.bytes} octets) qui ont été stockés.`
        : `${p.repository} liste ${p.files} fichiers (${p.bytes} octets) ; ${p.expected_files} fichiers (${p.expected_bytes} octets) avaient été stockés.`,
      'Les fichiers eux-mêmes n’ont pas été relus.',
    ],
  ),
  'state.not-ours': finding(
    (p: { code: string }) => [
      `${p.subject} is a state that this system did not write, or one that was changed (${p.code}); nothing of it was believed.`,
      'Not who put it there: everybody who may write to the repository can.',
    ],
    (p) => [
      `${p.subject} est un état que ce système n’a pas écrit, ou qui a été modifié (${p.code}) ; rien n’en a été retenu.`,
      'Pas qui l’y a mis : tous ceux qui peuvent écrire dans le dépôt le peuvent.',
    ],
  ),
} as const;
