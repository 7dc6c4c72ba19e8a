import type { Language } from '../language.ts';
import { cliMessages } from './cli.ts';
import { evidenceMessages } from './evidence.ts';
import { helpMessages } from './help.ts';
import { kitMessages } from './kit.ts';
import { planMessages } from './plan.ts';
import { recoveryMessages } from './recovery.ts';

const catalogue = {
  en: {
    ...cliMessages.en,
    ...evidenceMessages.en,
    ...helpMessages.en,
    ...kitMessages.en,
    ...planMessages.en,
    ...recoveryMessages.en,
  },
  fr: {
    ...cliMessages.fr,
    ...evidenceMessages.fr,
    ...helpMessages.fr,
    ...kitMessages.fr,
    ...planMessages.fr,
    ...recoveryMessages.fr,
  },
};
export type Messages = (typeof catalogue)['en'];

/** Every sentence a person reads, in one language: `words('fr')['recover.done']({ … })`. */
export const words = (language: Language): Messages => catalogue[language];
