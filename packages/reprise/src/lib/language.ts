export type Language = 'en' | 'fr';

/**
 * Words that stand inside a sentence: in both languages where they are ours, one text where a tool or a path says it.
 */
export type Said = string | Readonly<Record<Language, string>>;
export const said = (words: Said, language: Language): string =>
  typeof words === 'string' ? words : words[language];

/** Several things said in one sentence. */
export const saidTogether = (all: readonly Said[], between: string): Said => ({
  en: all.map((s) => said(s, 'en')).join(between),
  fr: all.map((s) => said(s, 'fr')).join(between),
});

/** Takes a line of progress; whoever shows it knows the reader's language. */
export type Log = (line: Said) => void;

/** What a tool said, in its own words: French text quotes it, so that nobody takes it for ours. */
export const toolSays = (text: string): Said => (text === '' ? text : { en: text, fr: `« ${text} »` });

/** The reader's language by the usual variables: the first of LC_ALL, LC_MESSAGES, LANG that is set decides. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || 'C';
  return /^fr([_.@-]|$)/i.test(locale) ? 'fr' : 'en';
}
