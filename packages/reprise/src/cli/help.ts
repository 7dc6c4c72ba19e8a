import type { HelpConfiguration } from 'commander';

import { words } from '../lib/i18n/index.ts';
import type { Language } from '../lib/language.ts';

/** The parser's own words, and what stands between angle brackets, in the reader's language. */
export function helpIn(language: Language, width: number): HelpConfiguration {
  const t = words(language);
  const titles: Readonly<Record<string, string>> = {
    'Usage:': t['help.usage'],
    'Options:': t['help.options'],
    'Global Options:': t['help.global-options'],
    'Commands:': t['help.commands'],
    'Arguments:': t['help.arguments'],
  };
  return {
    showGlobalOptions: true,
    helpWidth: width,
    optionDescription: ({ description, argChoices, defaultValue, hidden }) => {
      const plain = typeof defaultValue === 'string' && !hidden;
      return [
        description,
        ...(argChoices === undefined ? [] : [`(${argChoices.join(' | ')})`]),
        ...(plain ? [t['help.default']({ value: defaultValue })] : []),
      ].join(' ');
    },
    styleTitle: (title) => titles[title] ?? title,
    styleUsage: (text) => placed(text, language),
    styleOptionTerm: (text) => placed(text, language),
    styleSubcommandTerm: (text) => placed(text, language),
    styleArgumentTerm: (text) => (french[text] !== undefined && language === 'fr' ? french[text] : text),
  };
}

const french: Readonly<Record<string, string>> = {
  component: 'composant',
  components: 'composants',
  names: 'noms',
  command: 'commande',
  options: 'options',
  file: 'fichier',
  folder: 'dossier',
  repository: 'dépôt',
  place: 'lieu',
  time: 'moment',
  step: 'étape',
  run: 'exécution',
  url: 'adresse',
  level: 'niveau',
  name: 'nom',
  snapshot: 'instantané',
  language: 'langue',
  protection: 'protection',
};

/** What stands between angle brackets or square ones, in the reader's language. */
export const placed = (text: string, language: Language): string =>
  language === 'en'
    ? text
    : text.replaceAll(
        /([<[])([a-z]+)(\.\.\.)?([>\]])/g,
        (all, open: string, word: string, more: string | undefined, close: string) =>
          french[word] === undefined ? all : `${open}${french[word]}${more ?? ''}${close}`,
      );
