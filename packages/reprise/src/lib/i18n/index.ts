import type { Language, Said } from '../language.ts';
import { cliMessages } from './cli.ts';
import { evidenceMessages } from './evidence.ts';
import { helpMessages } from './help.ts';
import { kitMessages } from './kit.ts';
import { planMessages } from './plan.ts';
import { recoveryMessages } from './recovery.ts';
import { runMessages } from './runs.ts';
import { whyMessages } from './why.ts';

const catalogue = {
  en: {
    ...cliMessages.en,
    ...evidenceMessages.en,
    ...helpMessages.en,
    ...kitMessages.en,
    ...planMessages.en,
    ...recoveryMessages.en,
    ...runMessages.en,
    ...whyMessages.en,
  },
  fr: {
    ...cliMessages.fr,
    ...evidenceMessages.fr,
    ...helpMessages.fr,
    ...kitMessages.fr,
    ...planMessages.fr,
    ...recoveryMessages.fr,
    ...runMessages.fr,
    ...whyMessages.fr,
  },
};
export type Messages = (typeof catalogue)['en'];

/** Every sentence a person reads, in one language: `words('fr')['recover.done']({ … })`. */
export const words = (language: Language): Messages => catalogue[language];

/**
 * A sentence in both languages, for who does not know who will read it: `inBoth((t) => t['log.connections']({ … }))`.
 */
export const inBoth = (say: (t: Messages, language: Language) => string): Exclude<Said, string> => ({
  en: say(catalogue.en, 'en'),
  fr: say(catalogue.fr, 'fr'),
});
