import { error } from './define.ts';

export const hostErrors = {
  'process.missing': error(
    1,
    (p: { program: string; host: string }) => [
      `The program ${p.program} was not found on ${p.host}.`,
      'reprise doctor',
    ],
    (p) => [`Le programme ${p.program} est introuvable sur ${p.host}.`, 'reprise doctor'],
  ),
  'process.failed': error(
    1,
    (p: { program: string; how: string; stderr: string }) => [
      `${p.program} failed (${p.how}): ${p.stderr}`,
      'reprise doctor',
    ],
    (p) => [`${p.program} a échoué (${p.how}) : ${p.stderr}`, 'reprise doctor'],
  ),
  'scratch.full': error(
    1,
    (p: { path: string; needed: number; free: number }) => [
      `${p.path} has ${p.free} bytes free; ${p.needed} are needed for working files.`,
      'Make room there, or name another place: recovery.scratch in the plan.',
    ],
    (p) => [
      `Il reste ${p.free} octets dans ${p.path} ; il en faut ${p.needed} pour les fichiers de travail.`,
      'Libérez de la place, ou indiquez un autre endroit : recovery.scratch dans le plan.',
    ],
  ),
} as const;
