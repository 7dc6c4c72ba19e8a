import { codeText } from '../i18n/codes.ts';
import { finding } from './define.ts';

export const catalogueFindings = {
  'catalogue.state-refused': finding<{ code: string; repository: string }>(
    (p) => [
      `A state in ${p.repository} is not used (${codeText(p.code, 'en')}): it is not proven to be one of ours, or not whole.`,
      'Who put it there.',
    ],
    (p) => [
      `Un état de ${p.repository} n’est pas utilisé (${codeText(p.code, 'fr')}) : rien ne prouve qu’il est des nôtres, ou il n’est pas entier.`,
      'Qui l’a mis là.',
    ],
  ),
  'catalogue.lost': finding<{ repository: string; part: string }>(
    (p) => [
      `${p.subject} can no longer be restored from ${p.repository}: its part ${p.part} is gone, though nobody of ours gave it up. → reprise backup ${p.subject.split('@')[0]}`,
      'What else is gone: reprise verify.',
    ],
    (p) => [
      `${p.subject} ne peut plus être restauré depuis ${p.repository} : sa partie ${p.part} a disparu, sans que l’un des nôtres y ait renoncé. → reprise backup ${p.subject.split('@')[0]}`,
      'Ce qui a disparu d’autre : reprise verify.',
    ],
  ),
} as const;
